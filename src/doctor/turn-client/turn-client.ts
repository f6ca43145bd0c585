import { decodeAddress, encodeAddress, type SocketAddress } from '../../stun/address.ts';
import { isSigned, longTermKey, signed } from '../../stun/integrity.ts';
import {
  ATTRIBUTE,
  type Attribute,
  attribute,
  encodeMessage,
  METHOD,
  type StunMessage,
} from '../../stun/stun-message.ts';
import type { IceUrl } from './ice-url.ts';
import { type Link, openLink } from './link.ts';
import { type Answer, Requests } from './requests.ts';
import { TurnError } from './turn-error.ts';

export interface TurnClientOptions {
  readonly url: Pick<IceUrl, 'host' | 'port' | 'transport'>;
  /** Left out for servers that are only asked for one's own address. */
  readonly login?: { readonly username: string; readonly password: string };
  /** Of each request. */
  readonly timeoutMs: number;
  /** Authority for TLS, PEM; those that Node knows where it is left out. */
  readonly ca?: string;
  /** So many random bytes. */
  random(bytes: number): Buffer;
  /** What a peer sent to the relay. */
  onData?(from: SocketAddress, data: Buffer): void;
}

export interface Allocation {
  /** Where peers reach us. */
  readonly relayed: SocketAddress;
  /** Where the server sees us; absent where it does not say. */
  readonly mapped?: SocketAddress;
  /** It asked for no login. */
  readonly isOpenToAnybody: boolean;
}

interface Session {
  readonly key: Buffer;
  readonly attributes: readonly Attribute[];
}

const UDP = Buffer.of(17, 0, 0, 0);
const STALE_NONCE = 438;
const UNAUTHORISED = 401;
const MISMATCHED = 437;

/** A client of one STUN or TURN server (RFC 8489, 8656), as small as a check needs it. All rejects with `TurnError`. */
export class TurnClient {
  readonly #options: TurnClientOptions;
  readonly #requests: Requests;
  #link: Link | undefined;
  #session: Session | undefined;
  #isAllocated = false;

  static async open(options: TurnClientOptions): Promise<TurnClient> {
    const client = new TurnClient(options);
    await client.#connect();
    return client;
  }

  private constructor(options: TurnClientOptions) {
    this.#options = options;
    this.#requests = new Requests(options);
  }

  /** Where the server sees us. */
  async binding(): Promise<SocketAddress> {
    const answer = await this.#ask(METHOD.binding, []);
    const mapped = addressIn(answer.message, ATTRIBUTE.mappedAddress);
    if (!mapped) throw new TurnError('garbled', 'the answer has no address in it');
    return mapped;
  }

  /** An address of the server's that is ours for some minutes. Once for each client. */
  async allocate({ family = 4 }: { readonly family?: 4 | 6 } = {}): Promise<Allocation> {
    const asked = [
      { type: ATTRIBUTE.requestedTransport, value: UDP },
      ...(family === 6 ? [{ type: ATTRIBUTE.addressFamily, value: Buffer.of(2, 0, 0, 0) }] : []),
    ];
    const { message } = await this.#ask(METHOD.allocate, asked).catch(async (error: unknown) => {
      if (!(error instanceof TurnError) || error.code !== MISMATCHED) throw error;
      // Somebody had our port a moment ago, and the server remembers: from another one (RFC 8656 7.4).
      await this.#connect();
      return this.#ask(METHOD.allocate, asked);
    });
    const relayed = addressIn(message, ATTRIBUTE.relayedAddress);
    if (!relayed) throw new TurnError('garbled', 'the answer has no address in it');
    this.#isAllocated = true;
    const mapped = addressIn(message, ATTRIBUTE.mappedAddress);
    return { relayed, ...(mapped ? { mapped } : {}), isOpenToAnybody: this.#session === undefined };
  }

  /** Lets a peer send to the relay, and be sent to. Rejects with code 403 where the server forbids that address. */
  async permit(address: string): Promise<void> {
    await this.#ask(METHOD.createPermission, (transaction) => [
      { type: ATTRIBUTE.peerAddress, value: encodeAddress({ address, port: 0 }, transaction) },
    ]);
  }

  /** To a peer that is permitted; nothing says whether it arrives. */
  send(to: SocketAddress, data: Buffer): void {
    const transaction = this.#options.random(12);
    const attributes = [
      { type: ATTRIBUTE.peerAddress, value: encodeAddress(to, transaction) },
      { type: ATTRIBUTE.data, value: data },
    ];
    this.#link?.send(encodeMessage({ method: METHOD.send, kind: 'indication', transaction, attributes }));
  }

  /** Gives the address back, as servers allow only so many. */
  async close(): Promise<void> {
    const none = [{ type: ATTRIBUTE.lifetime, value: Buffer.alloc(4) }];
    if (this.#isAllocated) await this.#ask(METHOD.refresh, none).catch(() => undefined);
    this.#isAllocated = false;
    this.#requests.close(new TurnError('unreachable', 'this end was closed'));
    this.#link?.close();
  }

  async #connect(): Promise<void> {
    const { url, timeoutMs, ca } = this.#options;
    const former = this.#link;
    const link = await openLink({
      ...{ url, timeoutMs, ca },
      onMessage: (bytes) => this.#hear(bytes),
      onEnd: (error) => {
        if (this.#link === undefined || this.#link === link) this.#requests.close(error);
      },
    });
    this.#link = link;
    this.#session = undefined;
    former?.close();
  }

  /** First without a name, then as the server wants to have it (RFC 8489 9.2). */
  async #ask(
    method: number,
    what: readonly Attribute[] | ((transaction: Buffer) => readonly Attribute[]),
  ): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#askOnce(method, what);
      if (answer.message.kind === 'success') return answer;
      const refusal = refusalIn(answer.message);
      const mayTryAgain = attempt < 2 && (refusal.code === STALE_NONCE || this.#session === undefined);
      if (!mayTryAgain || !this.#begin(answer.message, refusal)) throw refusal;
    }
  }

  async #askOnce(
    method: number,
    what: readonly Attribute[] | ((transaction: Buffer) => readonly Attribute[]),
  ): Promise<Answer> {
    const link = this.#link;
    if (!link) throw new TurnError('unreachable', 'there is no connection');
    const session = this.#session;
    const transaction = this.#options.random(12);
    const own = typeof what === 'function' ? what(transaction) : what;
    const message: StunMessage = {
      ...{ method, transaction, kind: 'request' },
      attributes: [...own, ...(session?.attributes ?? [])],
    };
    const bytes = session ? signed(message, session.key) : encodeMessage(message);
    const answer = await this.#requests.ask(link, { transaction, bytes });
    if (answer.message.kind === 'success' && session && !isSigned(answer.bytes, session.key)) {
      throw new TurnError('garbled', 'somebody else answered: the signature is wrong');
    }
    return answer;
  }

  #begin(message: StunMessage, { code }: TurnError): boolean {
    const { login } = this.#options;
    const realm = attribute(message, ATTRIBUTE.realm);
    const nonce = attribute(message, ATTRIBUTE.nonce);
    if (!login || !realm || !nonce || (code !== UNAUTHORISED && code !== STALE_NONCE)) return false;
    const { username, password } = login;
    this.#session = {
      key: longTermKey({ username, password, realm: realm.toString('utf8') }),
      attributes: [
        { type: ATTRIBUTE.username, value: Buffer.from(username) },
        { type: ATTRIBUTE.realm, value: realm },
        { type: ATTRIBUTE.nonce, value: nonce },
      ],
    };
    return true;
  }

  #hear(bytes: Buffer): void {
    const message = this.#requests.hear(bytes);
    if (message?.kind !== 'indication' || message.method !== METHOD.data) return;
    const from = addressIn(message, ATTRIBUTE.peerAddress);
    const data = attribute(message, ATTRIBUTE.data);
    if (from && data) this.#options.onData?.(from, data);
  }
}

function addressIn(message: StunMessage, type: number): SocketAddress | undefined {
  const value = attribute(message, type);
  return value && decodeAddress(value, message.transaction);
}

function refusalIn(message: StunMessage): TurnError {
  const value = attribute(message, ATTRIBUTE.errorCode);
  if (!value || value.length < 4) return new TurnError('garbled', 'the server says no, and not why');
  const code = (value.readUInt8(2) & 7) * 100 + value.readUInt8(3);
  // It is shown to people: no more of a stranger's words than fit a line.
  const reason = value
    .subarray(4)
    .toString('utf8')
    .replace(/[^ -~]/g, '')
    .slice(0, 100);
  return new TurnError('refused', `${code} ${reason}`.trim(), code);
}
