import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type GroupDescription, parseDescription } from '../description.ts';
import type { GroupsLog } from '../log.ts';

export const NOW = Date.UTC(2030, 0, 1, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Throws where it is invalid. */
export function describe(definition: object): GroupDescription {
  const parsed = parseDescription(JSON.stringify(definition));
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  return parsed.description;
}

export interface Folder {
  readonly path: string;
  write(name: string, content: object | string): void;
  remove(): void;
}

/** A real folder, for one test. */
export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'parlour-groups-'));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface TestLog extends GroupsLog {
  /** `level message {details}` of each. */
  readonly lines: string[];
}

export function testLog(): TestLog {
  const lines: string[] = [];
  const note = (level: string) => (details: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(details)}`);
  };
  return { lines, error: note('error'), warn: note('warn'), info: note('info') };
}

/** A timer that goes off when it is told to. */
export function handTimer() {
  const works = new Map<() => void, number>();
  return {
    every: (ms: number, work: () => void) => {
      works.set(work, ms);
      return () => void works.delete(work);
    },
    tick: () => {
      for (const work of works.keys()) work();
    },
    count: () => works.size,
  };
}
