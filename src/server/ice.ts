import { createHmac } from 'node:crypto';
import { newSecret } from '../auth/secrets.ts';
import type { Config } from '../config/config.ts';
import type { IceServer } from '../dialects/dialect.ts';

type IceConfig = Config['ice'];

/**
 * What helps a client's browser find others: STUN first, then TURN, with a login for this client alone where there is
 * a secret to make it with (the REST scheme of coturn).
 */
export function iceServers(ice: IceConfig, clientId: string, now: number = Date.now()): IceServer[] {
  const isTurn = (url: string) => /^turns?:/.test(url);
  const stun = ice.urls.filter((url) => !isTurn(url));
  const turn = ice.urls.filter(isTurn);
  const login = turnLogin(ice, clientId, now);
  return [...stun.map((url) => ({ urls: [url] })), ...turn.map((url) => ({ urls: [url], ...login }))];
}

/** For who has no id. */
export function anyTurnLogin(ice: IceConfig): ReturnType<typeof turnLogin> {
  return turnLogin(ice, newSecret(8), Date.now());
}

function turnLogin(
  { turnSecret, turnSeconds, username, credential }: IceConfig,
  clientId: string,
  now: number,
): { readonly username?: string; readonly credential?: string } {
  if (turnSecret === undefined) {
    return { ...(username === undefined ? {} : { username }), ...(credential === undefined ? {} : { credential }) };
  }
  const name = `${Math.floor(now / 1000) + turnSeconds}:${clientId}`;
  return { username: name, credential: createHmac('sha1', turnSecret).update(name).digest('base64') };
}
