import { WebhookError } from './port.ts';

export interface Address {
  readonly url: string;
  /** Without credentials: it may be logged. */
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Credentials in an address go into a header: `fetch` takes no such addresses. Throws where it is none. */
export function addressOf(configured: string): Address {
  const url = new URL(configured);
  const { username, password, host } = url;
  url.username = '';
  url.password = '';
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const headers = username === '' && password === '' ? {} : { authorization: `Basic ${credentials}` };
  return { url: url.href, host, headers };
}

export interface Posting {
  readonly address: Address;
  readonly body: object;
  /** For the answer as a whole, its body included. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/**
 * Posts JSON. Anything but an answer of 200 rejects with {@link WebhookError}; redirections are not followed, since the
 * key goes to nobody but the configured address.
 */
export async function post<T>(posting: Posting, read: (response: Response) => Promise<T>): Promise<T> {
  const { address, body, timeoutMs, signal } = posting;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address.url, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...address.headers, 'content-type': 'application/json', 'user-agent': 'Parlour' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, timeout]),
    });
    if (response.status === 200) return await read(response);
    await discard(response);
    throw new WebhookError('status', { status: response.status });
  } catch (error) {
    if (error instanceof WebhookError) throw error;
    if (signal.aborted) throw new WebhookError('closed');
    throw new WebhookError(timeout.aborted ? 'timed-out' : 'unreachable', { cause: error });
  }
}

/** Ends the answer without reading it. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

/** The answer's JSON; rejects with {@link WebhookError} where it is none, or larger than this many bytes. */
export async function readJson(response: Response, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop ends the answer.
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new WebhookError('invalid', { status: response.status });
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new WebhookError('invalid', { status: response.status });
  }
}
