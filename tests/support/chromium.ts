import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** The Chromium that browser tests start. Throws where there is none; `npm test` installs it where it can. */
export function chromiumPath(env: Environment = process.env): string {
  const path = findChromium(env);
  if (path !== undefined) return path;
  throw new Error('Chromium was not found. Install it, or name its program in PARLOUR_CHROMIUM.');
}

/** Undefined where there is none. Throws where `PARLOUR_CHROMIUM` names a program that is not one. */
export function findChromium(env: Environment): string | undefined {
  const chosen = env.PARLOUR_CHROMIUM;
  if (chosen !== undefined && chosen !== '') {
    if (isProgram(chosen)) return chosen;
    throw new Error(`PARLOUR_CHROMIUM is ${chosen}, which is not a program.`);
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...PLACES, ...onPath].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
