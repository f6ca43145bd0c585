import { type Finding, fail, ok } from '../finding.ts';

/** What reading Galène's folders came to. */
export interface GroupsFacts {
  /** How many definitions make sense. */
  readonly valid: number;
  readonly problems: readonly GroupProblem[];
}

export interface GroupProblem {
  readonly file: string;
  readonly problem: string;
  /** A part of it is left out; the rest holds. */
  readonly isPartial?: boolean;
}

export function groupsFindings({ valid, problems }: GroupsFacts): readonly Finding[] {
  const found = problems.map(({ file, problem, isPartial }): Finding => {
    const advice = isPartial
      ? 'Mend that part: it is left out until then.'
      : 'Mend that file: it is not used until then.';
    return { level: isPartial ? 'warn' : 'fail', what: `${file}: ${problem}`, advice };
  });
  const count = valid === 1 ? 'one definition' : `${valid} definitions`;
  return [ok(`groups: ${count} can be read`), ...found].filter(({ level }) => level !== 'ok' || valid > 0);
}

export const noFolder = (name: string, path: string): Finding =>
  fail(`${name} is ${path}, which is no folder that can be read`, 'Mend the path in parlour.toml, or its rights.');
