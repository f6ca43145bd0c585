import type { Finding, Level } from './finding.ts';

const SIGNS: Readonly<Record<Level, string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL', skip: '--  ' };

/** A line for what was found, and an indented one for what to do about it. */
export function linesOf({ level, what, advice }: Finding): readonly string[] {
  const line = `${SIGNS[level]} ${oneLine(what)}`;
  return advice === undefined ? [line] : [line, `     ${oneLine(advice)}`];
}

/** The last line, and the status of the process: 1 where something does not work. */
export function conclusion(findings: readonly Finding[]): { readonly line: string; readonly status: 0 | 1 } {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const [fails, warns] = [count('fail'), count('warn')];
  if (fails > 0)
    return { line: `${things(fails)} must be mended${warns > 0 ? `, ${warns} more could` : ''}.`, status: 1 };
  return { line: warns > 0 ? `It works; ${things(warns).toLowerCase()} could be better.` : 'All is well.', status: 0 };
}

function things(count: number): string {
  return count === 1 ? 'One thing' : `${count} things`;
}

/** Some of it was said by others: whatever it is, it makes no lines of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
