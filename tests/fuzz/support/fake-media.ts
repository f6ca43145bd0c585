import type { MemberId } from '../../../src/core/ids.ts';
import { isSameWanted, type StreamId, type Track, type Wanted, wantsNothing } from '../../../src/core/stream.ts';
import type { Media, MediaListener, MediaRoom, MediaRoomOptions, PublishOffer } from '../../../src/media/port.ts';

/** Descriptions say what they are of: `audio`, `video`, both, or that nobody can make anything of them. */
export const BAD_SDP = 'bad';

export interface Forward {
  readonly stream: StreamId;
  readonly to: MemberId;
  readonly wanted: Wanted;
}

/** Forwards nothing, and remembers what it ought to. Says what comes of it in a later turn, some of it later still. */
export class FakeMedia implements Media {
  readonly #rooms = new Set<FakeRoom>();
  /** What it was asked and should not have been. */
  readonly faults: string[] = [];

  open(_name: string, options: MediaRoomOptions): MediaRoom {
    const room = new FakeRoom(options.listener, {
      fault: (text) => this.faults.push(text),
      closed: () => this.#rooms.delete(room),
    });
    this.#rooms.add(room);
    return room;
  }

  async close(): Promise<void> {
    for (const room of this.#rooms) room.close();
  }

  /** Whether it has something to say yet. */
  get isBusy(): boolean {
    return [...this.#rooms].some((room) => room.isBusy);
  }

  get streams(): readonly StreamId[] {
    return [...this.#rooms].flatMap((room) => room.streams);
  }

  get forwards(): readonly Forward[] {
    return [...this.#rooms].flatMap((room) => room.forwards);
  }

  /** The process that forwards dies. */
  die(): void {
    for (const room of this.#rooms) room.die();
  }

  /** The ways to all publishers are lost. */
  losePublishers(): void {
    for (const room of this.#rooms) room.losePublishers();
  }
}

interface Sent {
  readonly wanted: Wanted;
}

interface FakeStream {
  kinds: ReadonlySet<string>;
  isAnswered: boolean;
  readonly sent: Map<MemberId, Sent>;
}

interface Owner {
  fault(text: string): void;
  closed(): void;
}

class FakeRoom implements MediaRoom {
  readonly #listener: MediaListener;
  readonly #owner: Owner;
  readonly #streams = new Map<StreamId, FakeStream>();
  readonly #queue: (() => void)[] = [];
  #turn = 0;
  #isClosed = false;
  /** Until that is known, what is said to it is lost. */
  #isDead = false;

  constructor(listener: MediaListener, owner: Owner) {
    this.#listener = listener;
    this.#owner = owner;
  }

  get isBusy(): boolean {
    return this.#queue.length > 0;
  }

  get streams(): readonly StreamId[] {
    return [...this.#streams.keys()];
  }

  get forwards(): readonly Forward[] {
    return [...this.#streams].flatMap(([stream, { sent }]) =>
      [...sent].map(([to, { wanted }]) => ({ stream, to, wanted })),
    );
  }

  /** What it replaces ends where the offer can be read. */
  publish(id: StreamId, { sdp, replaces }: PublishOffer): void {
    if (this.#isDead) return;
    const isNew = !this.#streams.has(id);
    if (isNew && replaces !== undefined && sdp !== BAD_SDP) this.#streams.delete(replaces);
    const stream = this.#streams.get(id) ?? { kinds: new Set(), isAnswered: false, sent: new Map() };
    this.#streams.set(id, stream);
    this.#later(() => {
      if (this.#streams.get(id) !== stream) return;
      if (sdp === BAD_SDP) {
        if (isNew) this.#streams.delete(id);
        this.#listener.rejected(id, 'it is bad');
        return;
      }
      stream.kinds = new Set(kindsIn(sdp));
      stream.isAnswered = true;
      const tracks = kindsIn(sdp).map((kind): Track => ({ kind, layers: 1 }));
      this.#listener.answered(id, { sdp: `answer to ${sdp}`, tracks });
      this.#later(() => {
        if (this.#streams.get(id) === stream) this.#listener.publisherGotCandidate(id, CANDIDATE);
      });
    });
  }

  unpublish(id: StreamId): void {
    this.#streams.delete(id);
  }

  publisherCandidate(): void {}

  forward(id: StreamId, to: MemberId, wanted: Wanted): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    if (!stream.isAnswered) this.#owner.fault(`${id} is forwarded to ${to}, and was not answered.`);
    if (wantsNothing(wanted)) this.#owner.fault(`Nothing of ${id} is forwarded to ${to}.`);
    const before = stream.sent.get(to);
    if (before && isSameWanted(before.wanted, wanted)) this.#owner.fault(`${id} is forwarded to ${to} twice.`);
    const sent: Sent = { wanted };
    stream.sent.set(to, sent);
    this.#offer(id, to);
  }

  stop(id: StreamId, to: MemberId): void {
    this.#streams.get(id)?.sent.delete(to);
  }

  answer(id: StreamId, to: MemberId, sdp: string): void {
    const sent = this.#streams.get(id)?.sent.get(to);
    if (!sent || sdp !== BAD_SDP) return;
    this.#later(() => {
      if (this.#streams.get(id)?.sent.get(to) !== sent) return;
      this.#streams.get(id)?.sent.delete(to);
      this.#listener.undeliverable(id, to, 'the answer is bad');
    });
  }

  receiverCandidate(): void {}

  restart(id: StreamId, to: MemberId): void {
    if (this.#streams.get(id)?.sent.has(to)) this.#offer(id, to);
  }

  play(): void {
    this.#owner.fault('Nobody in these scripts plays a stream.');
  }

  record(): void {
    this.#owner.fault('Nobody in these scripts records.');
  }

  stopRecording(): void {}

  async statistics(): Promise<readonly []> {
    return [];
  }

  close(): void {
    this.#isClosed = true;
    this.#streams.clear();
    this.#owner.closed();
  }

  die(): void {
    this.#streams.clear();
    this.#isDead = true;
    this.#later(() => {
      this.#isDead = false;
      this.#listener.died();
    });
  }

  losePublishers(): void {
    for (const [id, stream] of this.#streams) {
      this.#later(() => {
        if (this.#streams.get(id) === stream) this.#listener.publisherLost(id);
      });
    }
  }

  #offer(id: StreamId, to: MemberId): void {
    const stream = this.#streams.get(id);
    const sent = stream?.sent.get(to);
    const isCurrent = (): boolean => sent !== undefined && this.#streams.get(id)?.sent.get(to) === sent;
    this.#later(() => {
      if (!isCurrent() || !sent) return;
      const kinds = [
        ...(sent.wanted.audio ? ['audio' as const] : []),
        ...(sent.wanted.video === 'none' ? [] : ['video' as const]),
      ];
      const tracks = kinds.map((kind, index) => ({ mid: String(index), kind }));
      this.#listener.offered(id, to, { sdp: `offer of ${id} to ${to}`, tracks });
      this.#later(() => {
        if (isCurrent()) this.#listener.receiverGotCandidate(id, to, CANDIDATE);
      });
    });
  }

  /** In order; one of them in some turns, several in others. */
  #later(task: () => void): void {
    this.#queue.push(task);
    if (this.#queue.length === 1) setImmediate(() => this.#run());
  }

  #run(): void {
    if (this.#isClosed) this.#queue.length = 0;
    for (let left = (this.#turn++ % 3) + 1; left > 0 && this.#queue.length > 0; left--) {
      this.#queue[0]?.();
      this.#queue.shift();
    }
    if (this.#queue.length > 0) setImmediate(() => this.#run());
  }
}

const CANDIDATE = { candidate: 'candidate:1 1 udp 1 203.0.113.7 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };

export function kindsIn(sdp: string): readonly Track['kind'][] {
  return (['audio', 'video'] as const).filter((kind) => sdp.includes(kind));
}
