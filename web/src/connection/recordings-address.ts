/**
 * Where the recordings of a room are, with a word that lets this session see them; good for a minute. Rejects where it
 * may not, and where the network fails.
 */
export async function recordingsAddress(room: string, session: string): Promise<string> {
  const place = room.split('/').map(encodeURIComponent).join('/');
  const answer = await fetch(`/recordings/${place}/.ticket`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session }),
  });
  const { url } = (answer.ok ? await answer.json() : {}) as { readonly url?: unknown };
  if (typeof url !== 'string' || !url.startsWith('/recordings/')) throw new Error('There is no such address.');
  return url;
}
