import { errorMessage } from './bootstrap.ts';

/** Where the recordings of a room are. Rejects with the server's words where one may not see them. */
export async function recordingsAddress({ room, session }: { readonly room: string; readonly session: string }) {
  const path = room.split('/').map(encodeURIComponent).join('/');
  const response = await fetch(`/recordings/${path}/.ticket`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session }),
  });
  const body: unknown = await response.json().catch(() => undefined);
  const { url } = (body ?? {}) as { readonly url?: unknown };
  // Of this server, whatever it says.
  if (response.ok && typeof url === 'string' && /^\/(?!\/)/.test(url)) return url;
  throw new Error(errorMessage(body));
}
