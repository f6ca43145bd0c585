import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { definitionFile, listDefinitions } from '../../groups/definition-files.ts';
import { parseDescription } from '../../groups/description.ts';
import type { Reading } from '../../groups/fields.ts';
import { type IceEntry, parseIceServers } from '../../groups/ice-servers.ts';
import { parseConfig } from '../../groups/installation.ts';
import { parseTokenLine } from '../../groups/token-line.ts';
import type { GroupProblem, GroupsFacts } from '../checks/groups.ts';

/** Undefined where the folder cannot be read. */
export async function lookAtGroups(folder: string): Promise<GroupsFacts | undefined> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return undefined;
  const { names, problem } = await listDefinitions(root);
  const problems: GroupProblem[] = problem === '' ? [] : [{ file: folder, problem }];
  for (const name of names) problems.push(...(await lookAtDefinition(root, name)));
  const broken = new Set(problems.filter(({ isPartial }) => !isPartial).map(({ file }) => file));
  return { valid: names.filter((name) => !broken.has(`${name}.json`)).length, problems };
}

async function lookAtDefinition(root: string, name: string): Promise<readonly GroupProblem[]> {
  const file = `${name}.json`;
  const path = await definitionFile(root, name);
  const problems: GroupProblem[] = [];
  const text = path === undefined ? undefined : await textOf(path, (problem) => problems.push({ file, problem }));
  if (text === undefined) return problems.length > 0 ? problems : [{ file, problem: 'it leads out of the folder' }];
  const parsed = parseDescription(text);
  if (parsed.kind === 'invalid') return [{ file, problem: parsed.problem }];
  return parsed.warnings.map((problem) => ({ file, problem, isPartial: true }));
}

export interface InstallationFacts {
  readonly problems: readonly GroupProblem[];
  readonly iceServers: readonly IceEntry[];
  /** Whether groups may be managed, which is written to their files. */
  readonly writableGroups: boolean;
}

/** Of Galène's data folder, whose files are all optional. Undefined where the folder cannot be read. */
export async function lookAtInstallation(folder: string): Promise<InstallationFacts | undefined> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return undefined;
  const problems: GroupProblem[] = [];
  const warnOf = (file: string) => (problem: string) => problems.push({ file, problem, isPartial: true });
  const read = async <T>(file: string, parse: (text: string) => Reading<T>): Promise<T | undefined> => {
    const text = await textOf(join(root, file), (problem) => problems.push({ file, problem }));
    if (text === undefined) return undefined;
    const reading = parse(text);
    if (reading.kind === 'read') return reading.value;
    problems.push({ file, problem: reading.problem });
    return undefined;
  };
  const config = await read('config.json', (text) => parseConfig(text, warnOf('config.json')));
  const iceServers = await read('ice-servers.json', (text) => parseIceServers(text, warnOf('ice-servers.json')));
  const tokens = join('var', 'tokens.jsonl');
  const lines = await textOf(join(root, tokens), (problem) => problems.push({ file: tokens, problem }));
  problems.push(...tokenProblems(lines));
  return { problems, iceServers: iceServers ?? [], writableGroups: config?.writableGroups ?? false };
}

/** A line of it is as good as a password: it is counted, and never said. */
function tokenProblems(text: string | undefined): readonly GroupProblem[] {
  const lines = (text ?? '').split('\n');
  const strange = lines.flatMap((line, index) =>
    line.trim() !== '' && parseTokenLine(line).kind === 'invalid' ? [index + 1] : [],
  );
  if (strange.length === 0) return [];
  const problem = `no tokens in ${strange.length} lines, the first of them line ${strange[0]}`;
  return [{ file: 'var/tokens.jsonl', problem, isPartial: true }];
}

/** Undefined where there is none, or none that can be read; the latter is told. */
async function textOf(path: string, tell: (problem: string) => void): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') tell(`it cannot be read (${code})`);
    return undefined;
  }
}
