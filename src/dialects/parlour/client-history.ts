import { ConnectionLostError, RefusedError } from './client-errors.ts';
import type { Ask, ConnectionState } from './client-types.ts';
import type { ServerFrameOf, WireMessage, WireTarget } from './wire.ts';

/** What history needs of a client. */
export interface HistorySource {
  readonly state: ConnectionState;
  ask(ask: Ask): Promise<ServerFrameOf<'ok'>>;
}

export interface HistoryPage {
  /** Oldest first. */
  readonly messages: readonly WireMessage[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

const PAGE = 100;
const MAX_PAGES = 100;
/** Who asks too fast asks again after so many milliseconds. */
const TOO_FAST_PAUSE_MS = 1_000;

/**
 * All messages of a thread after `afterId`, oldest first: what was missed where a connection came back without being
 * recovered. At most 10,000; call it again with the last one's id where it gave as many.
 * Rejects with a `RefusedError`, or a `ConnectionLostError` where the client is closed.
 */
export async function historyAfter(client: HistorySource, target: WireTarget, afterId: number): Promise<WireMessage[]> {
  const messages: WireMessage[] = [];
  let after = afterId;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await query(client, { type: 'history', target, after, limit: PAGE });
    const fresh = (answer.messages ?? []).filter((message) => message.id > after);
    messages.push(...fresh);
    const last = fresh.at(-1);
    if (!last || answer.more !== true) break;
    after = last.id;
  }
  return messages;
}

/** One page of a thread before `beforeId`, or its newest where that is undefined. `limit` is 100 at most. */
export async function historyBefore(
  client: HistorySource,
  target: WireTarget,
  beforeId: number | undefined,
  limit: number,
): Promise<HistoryPage> {
  const before = beforeId === undefined ? {} : { before: beforeId };
  const answer = await query(client, { type: 'history', target, ...before, limit });
  return { messages: answer.messages ?? [], more: answer.more === true };
}

/** A question may be asked twice: what got lost with a connection, or was too fast, is asked again. */
async function query(client: HistorySource, ask: Extract<Ask, { type: 'history' }>): Promise<ServerFrameOf<'ok'>> {
  for (;;) {
    try {
      return await client.ask(ask);
    } catch (error) {
      if (client.state.kind === 'closed') throw error;
      if (error instanceof RefusedError && error.code === 'too-fast') {
        await new Promise((resolve) => setTimeout(resolve, TOO_FAST_PAUSE_MS));
      } else if (!(error instanceof ConnectionLostError)) throw error;
    }
  }
}
