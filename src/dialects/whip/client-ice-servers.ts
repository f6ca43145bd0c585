export interface LinkedIceServer {
  readonly urls: string;
  readonly username?: string;
  readonly credential?: string;
}

/** STUN and TURN servers of a `Link` header (RFC 9725 4.6), as a peer connection takes them. */
export function iceServersIn(link: string | null): readonly LinkedIceServer[] {
  const links = (link ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[\w-]+=(?:"(?:[^"\\]|\\.)*"|[^\s;,]*))*)/g);
  return [...links].flatMap(([, urls = '', parameters = '']) => {
    const said = new Map(
      [...parameters.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,]*))/g)].map(([, name = '', quoted, bare]) => [
        name,
        quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '',
      ]),
    );
    if (said.get('rel') !== 'ice-server') return [];
    const [username, credential] = [said.get('username'), said.get('credential')];
    return username === undefined || credential === undefined ? { urls } : { urls, username, credential };
  });
}
