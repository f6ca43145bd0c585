import type { Member } from '../../../src/core/member.ts';
import type { RoomView } from '../../../src/core/view.ts';
import type { MemoryConnection } from '../../../src/transport/memory.ts';
import type { Wire } from './script.ts';
import { type Frame, type Row, type Sighting, sightingsIn } from './sighting.ts';

/** A stay in the room, as its client knows it. It passes from one connection to the next with its session. */
export interface Stay {
  name: string;
  /** On the wires that say it. */
  memberId: string | undefined;
  readonly session: string;
  epoch: string;
  /** The latest frame seen. */
  seq: number;
  /** The roster as the client has it, by the ids or names of its rows. */
  readonly roster: Map<string, Row>;
  /** Messages that ought to reach them. */
  readonly owed: Set<string>;
}

export interface Received {
  readonly text: string;
  readonly sightings: readonly Sighting[];
}

/** One client: its connection, and its stay in the room, which may outlive that. */
export class Peer {
  readonly index: number;
  readonly wire: Wire;
  connection: MemoryConnection | undefined;
  stay: Stay | undefined;
  token: string | undefined;
  /** What arrived in the latest step. */
  received: readonly Received[] = [];

  constructor(index: number, wire: Wire) {
    this.index = index;
    this.wire = wire;
  }

  get connected(): boolean {
    return this.connection?.open === true;
  }

  get sightings(): readonly Sighting[] {
    return this.received.flatMap(({ sightings }) => sightings);
  }

  get hasEntered(): boolean {
    return this.sightings.some((sighting) => sighting.kind === 'entered');
  }

  /** Whether the latest answer was yes; nothing without an answer. */
  get answer(): boolean | undefined {
    return this.sightings.filter((each) => each.kind === 'answer').at(-1)?.ok;
  }

  /** Reads what has arrived. */
  read(): void {
    const texts = this.connection?.sent.splice(0) ?? [];
    this.received = texts.map((text) => this.#take(text));
    if (!this.connection || this.connection.open) return;
    this.connection = undefined;
    // On the native wire a lost connection is not the end of the stay.
    if (this.wire === 'barertc') this.stay = undefined;
  }

  #take(text: string): Received {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== 'object' || frame === null) throw new Error(`That is a frame of no wire: ${text}`);
    const fields = frame as Frame;
    const sightings = sightingsIn(this.wire, fields);
    for (const sighting of sightings) this.#follow(sighting, fields);
    this.#count(fields);
    return { text, sightings };
  }

  #follow(sighting: Sighting, frame: Frame): void {
    const { stay } = this;
    switch (sighting.kind) {
      case 'welcome':
        if (typeof frame.token === 'string') this.token = frame.token;
        if (sighting.recovered && stay) stay.epoch = sighting.epoch;
        else this.stay = newStay(sighting);
        return;
      case 'entered':
        if (this.wire === 'barertc' && stay?.name !== sighting.self.name) this.stay = newStay();
        this.#becomes(sighting.self);
        // BareRTC's `me` comes again whenever the server changed something, and says nothing of the others.
        if (this.wire === 'parlour') this.#replaceRoster(sighting.rows);
        return;
      case 'roster':
        this.#replaceRoster(sighting.rows);
        return;
      case 'row':
        stay?.roster.set(sighting.row.id ?? sighting.row.name, sighting.row);
        return;
      case 'out-of-sight':
        stay?.roster.delete(sighting.id);
        return;
      case 'message':
        if (sighting.marker !== undefined) stay?.owed.delete(sighting.marker);
        return;
      case 'bye':
        if (!sighting.comeBack) this.stay = undefined;
        return;
      default:
        return;
    }
  }

  #becomes(self: Row): void {
    if (!this.stay) return;
    this.stay.name = self.name;
    this.stay.memberId = self.id;
  }

  #replaceRoster(rows: readonly Row[]): void {
    if (!this.stay) return;
    this.stay.roster.clear();
    for (const row of rows) this.stay.roster.set(row.id ?? row.name, row);
  }

  #count({ seq, type }: Frame): void {
    if (typeof seq !== 'number' || !this.stay || type === 'welcome') return;
    if (seq <= this.stay.seq) throw new Error(`Frame ${seq} (${String(type)}) came after frame ${this.stay.seq}.`);
    this.stay.seq = seq;
  }
}

/** Whose stay it is, as the server knows them. */
export function memberOf(room: RoomView, stay: Stay | undefined): Member | undefined {
  if (!stay) return undefined;
  return stay.memberId === undefined ? room.memberNamed(stay.name) : room.member(stay.memberId);
}

function newStay({ session = '', epoch = '' }: { readonly session?: string; readonly epoch?: string } = {}): Stay {
  return { name: '', memberId: undefined, session, epoch, seq: -1, roster: new Map(), owed: new Set() };
}
