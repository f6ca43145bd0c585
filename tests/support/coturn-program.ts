import { type Environment, findProgram } from './programs.ts';

const COTURN = {
  variable: 'PARLOUR_TURNSERVER',
  places: ['/usr/bin/turnserver', '/usr/local/bin/turnserver', '/opt/homebrew/bin/turnserver'],
  names: ['turnserver'],
};

/** The TURN server that tests start. Throws where there is none; `npm test` installs it where it can. */
export function turnServerPath(env: Environment = process.env): string {
  const path = findTurnServer(env);
  if (path !== undefined) return path;
  throw new Error('coturn was not found. Install it, or name its program, turnserver, in PARLOUR_TURNSERVER.');
}

/** Undefined where there is none. Throws where `PARLOUR_TURNSERVER` names a program that is not one. */
export function findTurnServer(env: Environment): string | undefined {
  return findProgram(COTURN, env);
}
