import { createHmac } from 'node:crypto';
import { FieldProblem, Fields, type Reading, reading, wordsOf } from './fields.ts';
import type { Warn } from './logins.ts';

/** What helps a browser to be reached. */
export interface GroupIceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** As `data/ice-servers.json` has it (`spec/galene.md` 2.14). */
export interface IceEntry extends GroupIceServer {
  /** Whether the credential is a secret, of which a login is made for each user. */
  readonly isShared: boolean;
}

const MAX_SERVERS = 64;
const LOGIN_SECONDS = 86_400;

/** The text of the file. */
export function parseIceServers(text: string, warn: Warn): Reading<readonly IceEntry[]> {
  return reading(text, (content) => {
    if (!Array.isArray(content)) throw new FieldProblem('', 'must be a list');
    if (content.length > MAX_SERVERS) throw new FieldProblem('', `may have ${MAX_SERVERS} entries at most`);
    return content.flatMap((value, index) => parseEntry(new Fields(value, `[${index}]`), warn) ?? []);
  });
}

function parseEntry(fields: Fields, warn: Warn): IceEntry | undefined {
  const urls = fields.any('urls');
  const list = typeof urls === 'string' ? [urls] : wordsOf(urls ?? [], fields.path('urls'));
  const odd = list.find((url) => !/^(stun|turn)s?:[\x21-\x7e]+$/i.test(url));
  if (odd !== undefined || list.length === 0) throw new FieldProblem(fields.path('urls'), 'must be stun or turn URLs');
  const username = fields.text('username');
  const type = fields.text('credentialType') ?? 'password';
  if (type !== 'password' && type !== 'hmac-sha1') {
    warn(`${fields.path('credentialType')}: only password and hmac-sha1 are known; the server is left out`);
    return undefined;
  }
  const credential = fields.text('credential');
  return {
    urls: list,
    ...(username ? { username } : {}),
    ...(credential ? { credential } : {}),
    isShared: type === 'hmac-sha1',
  };
}

/** For one user, and a day. `now` in milliseconds since 1970. */
export function iceServersFor(
  entries: readonly IceEntry[],
  { name, now }: { readonly name: string; readonly now: number },
): readonly GroupIceServer[] {
  return entries.map(({ isShared, ...server }) => {
    if (!isShared || server.credential === undefined) return server;
    const username = `${Math.floor(now / 1000) + LOGIN_SECONDS}:${server.username ?? name}`;
    return { ...server, username, credential: createHmac('sha1', server.credential).update(username).digest('base64') };
  });
}
