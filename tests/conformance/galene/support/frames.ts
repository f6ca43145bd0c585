import type { GaleneClient, GaleneFrame } from '../../../../src/dialects/galene/client.ts';

let fences = 0;

/**
 * Resolves when all that these sent was carried out, and all that they were sent until then arrived. To refuse a stream
 * that is not there is confirmed in its turn, and needs no permission (`spec/galene.md` 1.8).
 */
export async function settled(...clients: readonly GaleneClient[]): Promise<void> {
  for (const client of clients) {
    const id = `fence ${++fences}`;
    client.send({ type: 'abort', id });
    await client.next({ type: 'close', id });
  }
}

/** What came that nobody asked for so far, when all that was to come has. */
export async function rest(client: GaleneClient): Promise<readonly GaleneFrame[]> {
  await settled(client);
  return client.untaken;
}

/** Forgets all that came. */
export async function quiet(...clients: readonly GaleneClient[]): Promise<void> {
  await settled(...clients);
  for (const client of clients) client.forget();
}

/** The next error, warning and so on that the server has for them. */
export function told(client: GaleneClient, kind: string): Promise<GaleneFrame> {
  return client.next({ type: 'usermessage', kind });
}

/** A soft error with this text, after which the connection is as it was. */
export async function refused(client: GaleneClient, value: unknown): Promise<void> {
  const { type, kind, ...error } = await told(client, 'error');
  if (error.value !== value || error.privileged !== true || error.dest !== client.id) {
    throw new Error(`${String(value)} was expected, not ${JSON.stringify({ type, kind, ...error })}.`);
  }
  await client.ping();
}

export function part(...clients: readonly GaleneClient[]): Promise<unknown> {
  return Promise.all(clients.map((client) => client.close()));
}

export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
