import { lstat, mkdir, readFile, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Expectation, PartChange } from '../core/administration.ts';
import { type Replaced, replaceFile, syncFolder } from './atomic-file.ts';
import { MAX_FILES } from './definition-files.ts';
import { parseDescription } from './description.ts';
import { FieldProblem, MAX_FILE_LENGTH } from './fields.ts';
import { orNothing, reasonOf, stampOf } from './files.ts';
import type { GroupFolder } from './group-folder.ts';
import { isGroupName } from './group-names.ts';
import type { GroupsLog } from './log.ts';
import { parseRaw, type RawDefinition, rawText } from './raw-definition.ts';
import { Turns } from './turns.ts';

/** Of what is looked through, so much is left: a new definition comes with up to as many folders. */
const LEFT = 20;
/** How often a change is tried again that an operator's editor came between. */
const TRIES = 3;
/** Of folders for groups below groups, in which secrets are. */
const FOLDER_MODE = 0o700;

export interface DefinitionEditorOptions {
  /** Where it is; it need not be there before the first group. */
  readonly root: string;
  readonly folder: GroupFolder;
  readonly log: GroupsLog;
}

/** A definition as it is on disk. */
export interface StoredDefinition {
  /** Another one after every change. */
  readonly tag: string;
  /** Absent where the file is no JSON. */
  readonly raw?: RawDefinition;
  /** What keeps it from being a definition; empty where nothing does. */
  readonly problem: string;
}

/** Another definition; nothing where what should be changed is not in it. May throw `FieldProblem`. */
export type Edit = (before: RawDefinition | undefined) => RawDefinition | undefined;

export interface EditOrder {
  readonly expects: Expectation;
  /** Of what the expectation is about, within the file: a user who is not there has no version, for one. */
  isThere(before: RawDefinition | undefined): boolean;
  readonly edit: Edit | 'remove';
}

/**
 * Changes the definitions below a folder, one change of a group after the other. What an expectation was asked about is
 * what is replaced, and what was written holds when the promise is fulfilled. Nothing outside of the folder is touched.
 */
export class DefinitionEditor {
  readonly #options: DefinitionEditorOptions;
  readonly #turns = new Turns();

  constructor(options: DefinitionEditorOptions) {
    this.#options = options;
  }

  async read(name: string): Promise<StoredDefinition | undefined> {
    const located = await this.#options.folder.locate(name);
    return located && (await this.#stored(located.file))?.stored;
  }

  change(name: string, order: EditOrder): Promise<PartChange> {
    if (!isGroupName(name)) return Promise.resolve({ kind: 'malformed', problem: 'this is no name of a group' });
    return this.#turns.take(name.toLowerCase(), async () => {
      try {
        for (let left = TRIES; left > 0; left--) {
          const change = await this.#try(name, order).catch(orAgain);
          if (change) return change;
        }
        return { kind: 'mismatch' };
      } catch (error) {
        return this.#failed(name, error);
      }
    });
  }

  /** Nothing where the file was changed by somebody else meanwhile. */
  async #try(name: string, { expects, isThere, edit }: EditOrder): Promise<PartChange | undefined> {
    const located = await this.#options.folder.locate(name);
    const found = located && (await this.#stored(located.file));
    const raw = found?.stored.raw;
    const isPart = found !== undefined && isThere(raw);
    if (!expects(isPart ? found.stored.tag : undefined)) return { kind: 'mismatch' };
    // What is no JSON can be removed, but not changed: what would be kept of it?
    if (found && !raw && edit !== 'remove') return { kind: 'failed', problem: found.stored.problem };
    const next = edit === 'remove' ? undefined : edit(raw);
    if (edit === 'remove' ? !found : !next) return { kind: 'absent' };
    const text = next && textOf(next);
    if (!located && !(await this.#mayGrow())) return { kind: 'full' };
    const written = await this.#write(located?.file ?? (await this.#newFile(name)), text, found);
    if (written === 'changed') return undefined;
    if (written === 'taken') return { kind: 'taken' };
    await this.#options.folder.refresh(located?.name ?? name);
    return { kind: 'done', isNew: !isPart };
  }

  async #write(file: string | undefined, text: string | undefined, found: Found | undefined): Promise<Replaced> {
    if (file === undefined) return 'taken';
    if (text !== undefined) return replaceFile({ file, text, ...(found ? { before: found.stats } : {}) });
    if (found && !(await isUnchanged(found))) return 'changed';
    await rm(file);
    await syncFolder(dirname(file));
    await this.#removeEmpty(dirname(file));
    return 'done';
  }

  /** Folders count like files, and would otherwise stay for ever. */
  async #removeEmpty(from: string): Promise<void> {
    const root = await realpath(this.#options.root);
    let folder = from;
    while (folder.startsWith(root + sep) && (await isRemoved(folder))) folder = dirname(folder);
  }

  async #mayGrow(): Promise<boolean> {
    return (await this.#options.folder.size()) + LEFT <= MAX_FILES;
  }

  /** With the folders that lead there; nothing where one of them leads elsewhere, or something else has the name. */
  async #newFile(name: string): Promise<string | undefined> {
    await mkdir(this.#options.root, { recursive: true, mode: FOLDER_MODE });
    const root = await realpath(this.#options.root);
    const parts = `${name}.json`.split('/');
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const next = join(folder, part);
      await mkdir(next, { mode: FOLDER_MODE }).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
      folder = await realpath(next);
      if (!folder.startsWith(root + sep) || !(await stat(folder)).isDirectory()) return undefined;
    }
    const file = join(folder, parts.at(-1) ?? '');
    return (await lstat(file).catch(orNothing)) === undefined ? file : undefined;
  }

  async #stored(file: string): Promise<Found | undefined> {
    const stats = await stat(file, { bigint: true }).catch(orNothing);
    if (!stats?.isFile()) return undefined;
    const tag = stampOf(stats);
    const problematic = (problem: string): Found => ({ file, stats, stored: { tag, problem } });
    if (stats.size > MAX_FILE_LENGTH * 4) return problematic('the file: is too large');
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return problematic('the file: cannot be read');
    const parsed = parseDescription(text);
    const raw = parseRaw(text);
    const problem = parsed.kind === 'invalid' ? parsed.problem : '';
    return { file, stats, stored: { tag, problem, ...(raw ? { raw } : {}) } };
  }

  /** What is wrong with the body is for who sent it; anything else is ours, or the disk's. */
  #failed(group: string, error: unknown): PartChange {
    if (error instanceof FieldProblem) return { kind: 'malformed', problem: error.message.replace(/^the file/, 'it') };
    if (codeOf(error) === 'ENAMETOOLONG') return { kind: 'malformed', problem: 'this name is too long' };
    this.#options.log.error({ group, problem: reasonOf(error) }, 'a group could not be written');
    return { kind: 'failed', problem: 'the group could not be written' };
  }
}

interface Found {
  readonly file: string;
  readonly stats: Awaited<ReturnType<typeof bigStat>>;
  readonly stored: StoredDefinition;
}

function bigStat(file: string) {
  return stat(file, { bigint: true });
}

/** Who removed the last definition of a folder removed it, while another one was about to be put there. */
function orAgain(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

async function isRemoved(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}

async function isUnchanged({ file, stored }: Found): Promise<boolean> {
  const now = await bigStat(file).catch(orNothing);
  return now !== undefined && stampOf(now) === stored.tag;
}

/** Throws {@link FieldProblem} where it would be no definition: it would shut everybody out. */
function textOf(raw: RawDefinition): string {
  const text = rawText(raw);
  const parsed = parseDescription(text);
  if (parsed.kind === 'description') return text;
  const [path = '', ...reason] = parsed.problem.split(': ');
  throw new FieldProblem(path, reason.join(': '));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
