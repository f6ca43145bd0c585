import { iceServersIn, type LinkedIceServer } from './client-ice-servers.ts';
import type { WhipCandidate, WhipFetch, WhipPeer, WhipResponse } from './client-peer.ts';
import { credentialsOf, fingerprintOf, parseFragment, withTransport } from './sdp.ts';

export interface WhipOptions {
  /** Of a group: `https://chat.example/group/NAME/.whip`, or `.whep`, with its query. */
  readonly url: string;
  readonly token?: string;
  /** Its tracks, or what it is to receive, are added by its owner before. Closed with this. */
  readonly peer: WhipPeer;
  /** The global one unless said. */
  readonly fetch?: WhipFetch;
  /** Whether candidates are sent as they are found; they are, unless said. Without, the server finds the client. */
  readonly trickle?: boolean;
}

/** The server says no. */
export class WhipError extends Error {
  readonly status: number;
  /** In seconds, where it may be otherwise later. */
  readonly retryAfter: number | undefined;

  constructor(status: number, text: string, retryAfter?: number) {
    super(`${status}: ${text.trim()}`);
    this.name = 'WhipError';
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** What publishing and playing have in common: an offer, an answer, and more of it later. */
class Exchange {
  /** Where it is now, to be ended or restarted by. */
  readonly resource: string;
  /** Those that the server knows. */
  readonly iceServers: readonly LinkedIceServer[];
  readonly #options: WhipOptions;
  #etag: string;
  #answer: string;
  #queue: WhipCandidate[] = [];
  /** One request after the other: each changes what the next one is about. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  protected constructor(options: WhipOptions, begun: { readonly response: WhipResponse; readonly answer: string }) {
    const { response, answer } = begun;
    this.#options = options;
    this.#answer = answer;
    this.resource = new URL(response.headers.get('location') ?? '', response.url || options.url).href;
    this.iceServers = iceServersIn(response.headers.get('link'));
    this.#etag = response.headers.get('etag') ?? '*';
  }

  get etag(): string {
    return this.#etag;
  }

  /** Looks for another way, on the same connection. Rejects with a `WhipError`. */
  restart(): Promise<void> {
    return this.#next(async () => {
      const { peer } = this.#options;
      peer.restartIce();
      await peer.setLocalDescription();
      // Connections that restart with another certificate must say so; browsers keep theirs.
      const fingerprint = fingerprintOf(peer.localDescription?.sdp ?? '');
      const response = await this.#patch([...transportOf(peer), `a=fingerprint:${fingerprint}`], '*');
      if (response.status !== 200) throw await errorOf(response);
      const fragment = parseFragment(await response.text());
      if (!fragment) throw new WhipError(response.status, 'The answer cannot be read.');
      this.#etag = response.headers.get('etag') ?? this.#etag;
      this.#answer = withTransport(this.#answer, fragment);
      await peer.setRemoteDescription({ type: 'answer', sdp: this.#answer });
    });
  }

  /** Ends it, here and there. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.peer.close();
    const response = await send(this.#options, { url: this.resource, method: 'DELETE' });
    if (response.status !== 200 && response.status !== 404) throw await errorOf(response);
  }

  /** Those that were found by now, and all that follow. */
  protected trickle(early: readonly WhipCandidate[]): void {
    for (const candidate of early) this.#found(candidate);
    this.#options.peer.onicecandidate = ({ candidate }) => candidate && this.#found(candidate);
  }

  #found(candidate: WhipCandidate): void {
    this.#queue.push(candidate);
    if (this.#queue.length > 1) return;
    // A candidate that is lost is no reason to give up: others lead there, too.
    void this.#next(() => this.#sendCandidates()).catch(() => {});
  }

  async #sendCandidates(): Promise<void> {
    const candidates = this.#queue;
    this.#queue = [];
    if (this.#isClosed) return;
    const lines = candidates.flatMap((each) => [`a=mid:${each.toJSON().sdpMid ?? '0'}`, `a=${each.candidate}`]);
    await this.#patch([...transportOf(this.#options.peer), 'm=audio 9 UDP/TLS/RTP/SAVPF 0', ...lines], this.#etag);
  }

  #patch(lines: readonly string[], etag: string): Promise<WhipResponse> {
    return send(this.#options, {
      url: this.resource,
      method: 'PATCH',
      headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': etag },
      body: `${lines.join('\r\n')}\r\n`,
    });
  }

  #next<Result>(step: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** Publishes by WHIP what a connection sends, as OBS does. */
export class WhipPublisher extends Exchange {
  /** Resolves when the server has answered. Rejects with a `WhipError`, and the peer is closed. */
  static async publish(options: WhipOptions): Promise<WhipPublisher> {
    const { early, ...begun } = await begin(options);
    const publisher = new WhipPublisher(options, begun);
    if (options.trickle ?? true) publisher.trickle(early);
    return publisher;
  }
}

/** Plays by WHEP a stream that a connection is ready to receive. */
export class WhepPlayer extends Exchange {
  /** Resolves when the server has answered. Rejects with a `WhipError`, and the peer is closed. */
  static async play(options: WhipOptions): Promise<WhepPlayer> {
    const { early, ...begun } = await begin(options);
    const player = new WhepPlayer(options, begun);
    if (options.trickle ?? true) player.trickle(early);
    return player;
  }
}

async function begin(options: WhipOptions) {
  const { peer, url } = options;
  const early: WhipCandidate[] = [];
  peer.onicecandidate = ({ candidate }) => candidate && early.push(candidate);
  try {
    await peer.setLocalDescription();
    const body = peer.localDescription?.sdp ?? '';
    const headers = { 'content-type': 'application/sdp' };
    const response = await send(options, { url, method: 'POST', headers, body });
    if (response.status !== 201) throw await errorOf(response);
    const answer = await response.text();
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
    return { response, answer, early };
  } catch (error) {
    peer.close();
    throw error;
  }
}

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function send(
  { token, fetch: ask = fetch }: WhipOptions,
  { url, method, headers, body }: Asked,
): Promise<WhipResponse> {
  const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return ask(url, { method, headers: { ...headers, ...bearer }, ...(body === undefined ? {} : { body }) });
}

async function errorOf(response: WhipResponse): Promise<WhipError> {
  const later = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new WhipError(response.status, await response.text(), Number.isFinite(later) ? later : undefined);
}

function transportOf({ localDescription }: WhipPeer): readonly string[] {
  const { ufrag = '', pwd = '' } = credentialsOf(localDescription?.sdp ?? '') ?? {};
  return [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`];
}
