import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProgramNames {
  /** A variable of the environment that names it. */
  readonly variable: string;
  /** Looked at before the path. */
  readonly places: readonly string[];
  readonly names: readonly string[];
}

/** Undefined where there is none. Throws where the variable names something that is no program. */
export function findProgram({ variable, places, names }: ProgramNames, env: Environment): string | undefined {
  const chosen = env[variable];
  if (chosen !== undefined && chosen !== '') {
    if (isProgram(chosen)) return chosen;
    throw new Error(`${variable} is ${chosen}, which is not a program.`);
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...places, ...onPath].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
