import { type Environment, findProgram } from './programs.ts';

const CHROMIUM = {
  variable: 'PARLOUR_CHROMIUM',
  places: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
};

/** The Chromium that browser tests start. Throws where there is none; `npm test` installs it where it can. */
export function chromiumPath(env: Environment = process.env): string {
  const path = findChromium(env);
  if (path !== undefined) return path;
  throw new Error('Chromium was not found. Install it, or name its program in PARLOUR_CHROMIUM.');
}

/** Undefined where there is none. Throws where `PARLOUR_CHROMIUM` names a program that is not one. */
export function findChromium(env: Environment): string | undefined {
  return findProgram(CHROMIUM, env);
}
