/** What the page's address says: `/` is the default room, `/r/NAME` another; `?invite=TOKEN` an invitation. */
export interface PageAddress {
  /** Absent where the server decides. */
  readonly room?: string;
  readonly invitation?: string;
}

export function readAddress(location: { readonly pathname: string; readonly search: string }): PageAddress {
  const room = roomOf(location.pathname);
  const invitation = new URLSearchParams(location.search).get('invite') ?? '';
  return { ...(room ? { room } : {}), ...(invitation ? { invitation } : {}) };
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

/** An invitation works once, and is a secret: it must not stay in the address bar or in bookmarks. */
export function dropInvitation(): void {
  const url = new URL(window.location.href);
  if (!url.searchParams.has('invite')) return;
  url.searchParams.delete('invite');
  window.history.replaceState(window.history.state, '', url);
}
