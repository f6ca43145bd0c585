import { notice, roomFrame } from './client.test-network.ts';
import type { SocketLike } from './client.ts';
import type { ClientFrame, RoomFrame, ServerFrame } from './wire.ts';

interface Session {
  readonly id: string;
  readonly log: RoomFrame[];
}

interface Link {
  readonly socket: SocketLike;
  up: ClientFrame[];
  down: (ServerFrame | 'open')[];
  session: Session | undefined;
}

/**
 * The smallest server that keeps the wire's promises, over a network that moves one frame at a time and can be cut
 * with frames under way in both directions.
 */
export class ModelServer {
  /** Every session there ever was; each log begins with its `room` frame. */
  readonly sessions: Session[] = [];
  /** Refuses the next post, stored before or not. */
  tooFast = false;
  readonly posted: { readonly id: string; readonly messageId: number; readonly text: string }[] = [];
  #epoch = 1;
  #seq = 0;
  #link: Link | undefined;
  #remembered: Session | undefined;

  connect = (): SocketLike => {
    const socket: SocketLike = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (data) => {
        if (this.#link?.socket === socket) this.#link.up.push(JSON.parse(data));
      },
      close: () => {
        if (this.#link?.socket === socket) this.#link = undefined;
      },
    };
    this.#link = { socket, up: [], down: ['open'], session: undefined };
    return socket;
  };

  /** One frame of the client arrives. */
  up(): boolean {
    const frame = this.#link?.up.shift();
    if (frame) this.#handle(frame);
    return frame !== undefined;
  }

  /** One frame of the server arrives. */
  down(): boolean {
    const link = this.#link;
    const frame = link?.down.shift();
    if (!link || !frame) return false;
    if (frame === 'open') link.socket.onopen?.({});
    else link.socket.onmessage?.({ data: JSON.stringify(frame) });
    return true;
  }

  cut(): void {
    const link = this.#link;
    this.#link = undefined;
    link?.socket.onclose?.({ code: 1006, reason: '' });
  }

  /** Starts again: sessions are gone, what was posted is not. */
  restart(): void {
    this.#epoch += 1;
    this.#seq = 0;
    this.#remembered = undefined;
    this.cut();
  }

  broadcast(): void {
    this.#seq += 1;
    if (!this.#remembered) return;
    const frame = notice(this.#seq);
    this.#remembered.log.push(frame);
    if (this.#link?.session === this.#remembered) this.#link.down.push(frame);
  }

  #handle(frame: ClientFrame): void {
    if (frame.type === 'hello') this.#hello(frame);
    if (frame.type === 'post') this.#post(frame);
  }

  #hello(hello: Extract<ClientFrame, { type: 'hello' }>): void {
    const { resume } = hello;
    const known = resume && this.#remembered?.id === resume.session && resume.epoch === `e${this.#epoch}`;
    const session = (known && this.#remembered) || this.#enter();
    this.#remembered = session;
    if (this.#link) this.#link.session = session;
    this.#send({
      type: 'welcome',
      session: session.id,
      token: 'token',
      epoch: `e${this.#epoch}`,
      seq: this.#seq,
      recovered: known === true,
      keepAliveMs: 20_000,
    });
    for (const missed of session.log) if (!known || missed.seq > resume.seq) this.#send(missed);
  }

  #enter(): Session {
    this.#seq += 1;
    const session: Session = { id: `s${this.sessions.length}`, log: [roomFrame(this.#seq)] };
    this.sessions.push(session);
    return session;
  }

  #post(post: Extract<ClientFrame, { type: 'post' }>): void {
    const { ref = '', id = '', text = '' } = post;
    if (this.tooFast) {
      this.tooFast = false;
      this.#send({ type: 'refused', ref, code: 'too-fast', message: 'Too fast.' });
      return;
    }
    let stored = this.posted.find((each) => each.id === id);
    if (!stored) {
      stored = { id, messageId: this.posted.length + 1, text };
      this.posted.push(stored);
      this.broadcast();
    }
    this.#send({ type: 'ok', ref, messageId: stored.messageId, at: 1 });
  }

  #send(frame: ServerFrame): void {
    this.#link?.down.push(frame);
  }
}
