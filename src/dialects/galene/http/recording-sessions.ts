import type { Recording } from '../../desk.ts';

/** Files that were recorded together. */
export interface RecordingSession {
  /** For addresses. */
  readonly id: string;
  /** Of the first of them, milliseconds since 1970. */
  readonly startedAt: number;
  /** From there to the end of the last, as far as that is known. Milliseconds. */
  readonly durationMs: number;
  readonly bytes: number;
  readonly isGrowing: boolean;
  /** At least one; the first first. */
  readonly files: readonly Recording[];
}

/** Files that do not say what they belong to belong to what went on until so long before them. */
const PAUSE_MS = 30 * 60_000;

/** Newest first. */
export function sessionsOf(files: readonly Recording[]): readonly RecordingSession[] {
  const sorted = files.toSorted((one, other) => one.startedAt - other.startedAt);
  const said = Map.groupBy(
    sorted.filter(({ session }) => session !== ''),
    ({ session }) => session,
  );
  const named = [...said].map(([id, group]) => sessionOf(id, group));
  const unnamed = neighbours(sorted.filter(({ session }) => session === ''));
  const others = unnamed.map((group) => sessionOf(`from ${group[0]?.file}`, group));
  return [...named, ...others].sort((one, other) => other.startedAt - one.startedAt);
}

function neighbours(files: readonly Recording[]): readonly (readonly Recording[])[] {
  const groups: Recording[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const file of files) {
    const group = file.startedAt - end > PAUSE_MS ? undefined : groups.at(-1);
    if (group) group.push(file);
    else groups.push([file]);
    end = Math.max(end, endOf(file));
  }
  return groups;
}

function sessionOf(id: string, files: readonly Recording[]): RecordingSession {
  const startedAt = files[0]?.startedAt ?? 0;
  return {
    id,
    startedAt,
    durationMs: Math.max(...files.map(endOf)) - startedAt,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    isGrowing: files.some(({ isGrowing }) => isGrowing),
    files,
  };
}

function endOf({ startedAt, durationMs = 0 }: Recording): number {
  return startedAt + durationMs;
}
