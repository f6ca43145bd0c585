/** What the page's address says: `/` is the default room, `/r/NAME` another; `?invite=TOKEN` an invitation, `?token=` admits. */
export interface PageAddress {
  /** Absent where the server decides. */
  readonly room?: string;
  readonly invitation?: string;
  /** Admits to the room, made by somebody in it. */
  readonly roomToken?: string;
  /** The token by which the website signed the visitor in. */
  readonly jwt?: string;
}

/** `posted` is the token of a form that led here; the server wrote it into the page. */
export function readAddress(
  location: { readonly pathname: string; readonly search: string },
  posted?: string | undefined,
): PageAddress {
  const room = roomOf(location.pathname);
  const query = new URLSearchParams(location.search);
  const invitation = query.get('invite') ?? '';
  const roomToken = query.get('token') ?? '';
  const jwt = posted || query.get('jwt') || '';
  return {
    ...(room ? { room } : {}),
    ...(invitation ? { invitation } : {}),
    ...(roomToken ? { roomToken } : {}),
    ...(jwt ? { jwt } : {}),
  };
}

/** The name that a token says, to be shown until the server says it; the server believes nothing but the signature. */
export function nameIn(jwt: string): string {
  try {
    const [, payload = ''] = jwt.split('.');
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly sub?: unknown };
    return typeof sub === 'string' ? sub.slice(0, 48) : '';
  } catch {
    return '';
  }
}

function roomOf(pathname: string): string | undefined {
  const [, encoded] = /^\/r\/([^/]+)\/?$/.exec(pathname) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

export function wireUrl(location: { readonly protocol: string; readonly host: string }): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
}

const SECRETS = ['invite', 'token', 'jwt'];

/** Invitations and tokens are secrets: they must not stay in the address bar or in bookmarks. */
export function dropSecrets(): void {
  const url = new URL(window.location.href);
  if (!SECRETS.some((name) => url.searchParams.has(name))) return;
  for (const name of SECRETS) url.searchParams.delete(name);
  window.history.replaceState(window.history.state, '', url);
}
