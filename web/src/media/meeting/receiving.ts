import type { RoomFrame, ServerFrameOf, WireCandidate } from '../../../../src/dialects/parlour/wire.ts';
import { DownStream } from './down-stream.ts';
import type { Samples } from './measuring/measuring.ts';
import type { Expected } from './measuring/stats-sample.ts';
import type { MeetingPorts } from './meeting-ports.ts';
import type { Sayings } from './sayings.ts';
import type { SizeWanted } from './wanting.ts';

/** Somebody's stream on our screen. */
export interface MeetingTile {
  /** Stays when another stream takes the place of this one. */
  readonly key: string;
  /** Of the stream. */
  readonly id: string;
  readonly label: string;
  readonly memberId: string;
  readonly name: string;
  /** What there is to show; absent until the first track is there. */
  readonly stream?: MediaStream;
  readonly hasAudio: boolean;
  readonly hasVideo: boolean;
  readonly isConnected: boolean;
  /** The size of its picture that was asked for, where it is another than that of all. */
  readonly asked?: SizeWanted;
}

interface Received {
  tile: MeetingTile;
  readonly down: DownStream;
  /** What it replaces, which is shown until this one is connected. */
  former: DownStream | undefined;
  arrived: MediaStream | undefined;
}

/** Candidates that came before their offer: of so many streams. */
const MAX_EARLY_STREAMS = 64;
const MAX_EARLY_CANDIDATES = 64;
const FORMER_STANDS_MS = 500;

/** The streams that the server sends us. Owns their connections. */
export class Receiving {
  readonly #ports: MeetingPorts;
  readonly #sayings: Sayings;
  readonly #changed: () => void;
  readonly #received = new Map<string, Received>();
  readonly #early = new Map<string, WireCandidate[]>();

  constructor(options: { readonly ports: MeetingPorts; readonly sayings: Sayings; readonly changed: () => void }) {
    this.#ports = options.ports;
    this.#sayings = options.sayings;
    this.#changed = options.changed;
  }

  get tiles(): readonly MeetingTile[] {
    return [...this.#received.values()].map(({ tile }) => tile);
  }

  received(frame: RoomFrame): void {
    switch (frame.type) {
      case 'stream-offer':
        this.#offered(frame);
        break;
      case 'stream-candidate':
        this.#candidate(frame.stream, frame.candidate);
        break;
      case 'stream-closed':
        this.#ended(frame);
        break;
      default:
        break;
    }
  }

  /** How loud each tile is now, by its key. */
  async levels(): Promise<ReadonlyMap<string, number>> {
    const audible = [...this.#received.values()].filter(({ tile }) => tile.hasAudio);
    const levels = audible.map(async ({ tile, down }) => [tile.key, await down.level()] as const);
    return new Map(await Promise.all(levels));
  }

  /** What was counted of each, by the key of its tile, once it was connected. */
  async samples(at: number, expects: (tile: MeetingTile) => Expected | undefined): Promise<Samples> {
    const connected = [...this.#received.values()].filter(({ tile }) => tile.isConnected);
    const samples = connected.map(async ({ tile, down }) => {
      const expected = expects(tile);
      const sample = await down.sample(at);
      return [tile.key, expected ? { ...sample, expects: expected } : sample] as const;
    });
    return new Map(await Promise.all(samples));
  }

  closeAll(): void {
    for (const id of [...this.#received.keys()]) this.#drop(id);
    this.#early.clear();
  }

  #offered(frame: ServerFrameOf<'stream-offer'>): void {
    const { stream: id, label, tracks, name } = frame;
    const known = this.#received.get(id);
    const tile = known ? known.tile : this.#tileOf(frame);
    const received = known ?? this.#begin(tile, frame.replaces);
    const has = (kind: string) => tracks.some((track) => track.kind === kind);
    received.tile = { ...received.tile, label, name, hasAudio: has('audio'), hasVideo: has('video') };
    received.down.offered(frame);
    for (const candidate of this.#early.get(id) ?? []) received.down.candidate(candidate);
    this.#early.delete(id);
    this.#changed();
  }

  #tileOf({ stream: id, label, id: memberId, name, replaces }: ServerFrameOf<'stream-offer'>): MeetingTile {
    const former = replaces === undefined ? undefined : this.#received.get(replaces)?.tile;
    const { key = id, stream } = former ?? {};
    const shown = stream ? { stream } : {};
    return { key, id, label, memberId, name, ...shown, hasAudio: false, hasVideo: false, isConnected: false };
  }

  #begin(tile: MeetingTile, replaces: string | undefined): Received {
    const { id } = tile;
    const down: DownStream = new DownStream({
      id,
      pc: this.#ports.createPeer(),
      sayings: this.#sayings,
      connected: () => this.#connected(id),
      media: (stream) => this.#arrived(id, stream),
      broken: () => this.#refuse(id),
    });
    const former = replaces === undefined ? undefined : this.#received.get(replaces);
    former?.former?.close();
    const received: Received = { tile, down, former: former?.down, arrived: undefined };
    if (former && replaces !== undefined) this.#inPlaceOf(replaces, [id, received]);
    else this.#received.set(id, received);
    return received;
  }

  /** Tiles keep their order. */
  #inPlaceOf(former: string, entry: readonly [string, Received]): void {
    const entries = [...this.#received].map((each) => (each[0] === former ? entry : each));
    this.#received.clear();
    for (const [id, received] of entries) this.#received.set(id, received);
  }

  /** Until pictures come, those of the stream that is replaced stay. */
  #arrived(id: string, stream: MediaStream): void {
    const received = this.#received.get(id);
    if (!received) return;
    received.arrived = stream;
    if (received.former && !received.tile.isConnected) return;
    received.tile = { ...received.tile, stream };
    this.#changed();
  }

  #connected(id: string): void {
    const received = this.#received.get(id);
    if (!received) return;
    // Not at once: its last picture stands until the new one is drawn.
    this.#ports.after(FORMER_STANDS_MS, () => {
      received.former?.close();
      received.former = undefined;
    });
    const shown = received.arrived ? { stream: received.arrived } : {};
    received.tile = { ...received.tile, ...shown, isConnected: true };
    this.#changed();
  }

  #candidate(id: string, candidate: WireCandidate): void {
    const received = this.#received.get(id);
    if (received) {
      received.down.candidate(candidate);
      return;
    }
    const early = this.#early.get(id) ?? [];
    if (early.length >= MAX_EARLY_CANDIDATES) return;
    if (early.length === 0 && this.#early.size >= MAX_EARLY_STREAMS) return;
    this.#early.set(id, [...early, candidate]);
  }

  #ended(frame: ServerFrameOf<'stream-closed'>): void {
    this.#early.delete(frame.stream);
    if (frame.message !== undefined) this.#ports.notify({ kind: 'undeliverable', message: frame.message });
    this.#drop(frame.stream);
  }

  #refuse(id: string): void {
    this.#sayings.say({ type: 'refuse-stream', stream: id });
    this.#drop(id);
  }

  #drop(id: string): void {
    const received = this.#received.get(id);
    if (!received) return;
    this.#received.delete(id);
    received.former?.close();
    received.down.close();
    this.#changed();
  }
}
