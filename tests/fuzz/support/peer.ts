import type { Member } from '../../../src/core/member.ts';
import type { RoomView } from '../../../src/core/view.ts';
import { identityOf } from '../../../src/dialects/camus/addresses.ts';
import type { MemoryConnection } from '../../../src/transport/memory.ts';
import { HeldStreams } from './held-streams.ts';
import { hasStreams, type To, type Wire } from './script.ts';
import { type Frame, type Row, type Sighting, sightingsIn } from './sighting.ts';
import { type StrictClient, strictClient } from './strict-clients.ts';
import type { PagePass, World } from './world.ts';

/** A stay in the room, as its client knows it. It passes from one connection to the next with its session. */
export interface Stay {
  name: string;
  /** On the wires that say it. */
  memberId: string | undefined;
  /** On the wire where people are known by what their page was given. */
  readonly page: PagePass | undefined;
  readonly session: string;
  epoch: string;
  /** The latest frame seen. */
  seq: number;
  /** The roster as the client has it, by the ids or names of its rows. */
  readonly roster: Map<string, Row>;
  /** Messages that ought to reach them. */
  readonly owed: Set<string>;
  readonly streams: HeldStreams;
  isRecorded: boolean;
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
  /** The page that was loaded last. */
  page: PagePass | undefined;
  /** The name of the latest login, where it is taken as it is or not at all. */
  claimed = '';
  /** On the wire whose clients make their own. */
  handle = '';
  #client: StrictClient | undefined;
  #isNew = false;
  #replays = false;
  #knowsItself = false;
  #wasToldRoster = false;
  readonly #room: RoomView;
  /** What arrived in the latest step. */
  received: readonly Received[] = [];

  constructor(index: number, wire: Wire, room: RoomView) {
    this.index = index;
    this.wire = wire;
    this.#room = room;
  }

  /** Opens a connection; on Camus' wire from a page, a new one unless it is to be that of before. */
  connect(world: World, { again = false }: { readonly again?: boolean } = {}): MemoryConnection {
    if (this.wire === 'galene') return this.#greet(world, { again });
    if (this.wire !== 'camus') {
      this.#client = strictClient(this.wire, '');
      this.connection = world.connect();
      return this.connection;
    }
    if (!again || !this.page) {
      this.page = world.newPage();
      this.#client = strictClient('camus', this.page.id);
      this.#knowsItself = false;
      this.#wasToldRoster = false;
    }
    this.connection = world.connectFrom(this.page);
    return this.connection;
  }

  /** Another connection may have the same id, once nobody has it any more. */
  #greet(world: World, { again }: { readonly again: boolean }): MemoryConnection {
    if (!again || this.handle === '') this.handle = world.newHandle();
    this.#client = strictClient('galene', this.handle);
    this.connection = world.connect();
    this.say({ type: 'handshake', version: ['2'], id: this.handle });
    return this.connection;
  }

  /** Says something on its connection. */
  say(frame: object): void {
    const text = JSON.stringify(frame);
    this.#client?.said(text);
    this.connection?.receive(text);
  }

  get connected(): boolean {
    return this.connection?.open === true;
  }

  /** Clients of Camus' wire are told of changes from when they know who they are. */
  get knowsRoster(): boolean {
    return this.wire !== 'camus' || this.#wasToldRoster;
  }

  get sightings(): readonly Sighting[] {
    return this.received.flatMap(({ sightings }) => sightings);
  }

  get hasEntered(): boolean {
    return this.#isNew || this.sightings.some((sighting) => sighting.kind === 'entered');
  }

  /** Whether they start with nothing: not so, who is told again what they saw before. */
  get beginsAnew(): boolean {
    return this.hasEntered && !this.#replays;
  }

  /** Whether the latest answer was yes; nothing without an answer. */
  get answer(): boolean | undefined {
    return this.sightings.filter((each) => each.kind === 'answer').at(-1)?.ok;
  }

  /** Reads what has arrived. */
  read(): void {
    const texts = this.connection?.sent.splice(0) ?? [];
    this.#replays = false;
    this.received = texts.map((text) => this.#take(text));
    this.stay?.streams.rest();
    if (!this.connection || this.connection.open) return;
    this.connection = undefined;
    // On these wires a lost connection is the end of the stay.
    if (this.wire === 'barertc' || this.wire === 'rwci' || this.wire === 'galene') this.stay = undefined;
  }

  /** Clients of Camus' wire are not told that they are in: whose page it is tells. */
  recognise(): void {
    this.#isNew = false;
    if (this.wire !== 'camus' || this.stay || !this.connected) return;
    const stay = newStay({ page: this.page });
    const member = memberOf(this.#room, stay);
    if (!member) return;
    stay.name = member.name;
    this.stay = stay;
    this.#isNew = true;
    for (const { sightings } of this.received) {
      for (const sighting of sightings) if (sighting.kind === 'roster') this.#replaceRoster(sighting.rows);
    }
  }

  /** Whether its wire can show it at all. */
  shows(
    post: { readonly at: To; readonly author: Member | undefined; readonly isFleeting: boolean },
    self: Member,
  ): boolean {
    if (post.isFleeting) return hasStreams(this.wire);
    if (this.wire === 'camus') return 'channel' in post.at;
    // Who sends directly shows it by themselves.
    const echoes = this.wire !== 'rwci' && this.wire !== 'galene';
    return echoes || 'channel' in post.at || post.author?.id !== self.id;
  }

  #take(text: string): Received {
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== 'object' || frame === null) throw new Error(`That is a frame of no wire: ${text}`);
    const fields = frame as Frame;
    this.#client?.take(fields);
    if (fields.type === 'pong') this.#knowsItself = true;
    if (fields.type === 'ping' && this.wire === 'galene') this.say({ type: 'pong' });
    const sightings = sightingsIn(this.wire, fields, { self: this.claimed, room: this.#room });
    for (const sighting of sightings) this.#follow(sighting, fields);
    this.#count(fields);
    return { text, sightings };
  }

  #follow(sighting: Sighting, frame: Frame): void {
    const { stay } = this;
    switch (sighting.kind) {
      case 'welcome':
        if (typeof frame.token === 'string') this.token = frame.token;
        this.#replays = sighting.recovered;
        if (sighting.recovered && stay) stay.epoch = sighting.epoch;
        else this.stay = newStay(sighting);
        return;
      case 'entered':
        if (this.wire === 'galene') this.stay = newStay();
        else if (this.wire !== 'parlour' && stay?.name !== sighting.self.name) this.stay = newStay();
        this.#becomes(sighting.self);
        // BareRTC's `me` comes again whenever the server changed something, and says nothing of the others.
        if (this.wire === 'parlour') this.#replaceRoster(sighting.rows);
        return;
      case 'roster':
        this.#replaceRoster(sighting.rows);
        this.#wasToldRoster = this.#knowsItself;
        return;
      case 'self':
        this.#renamed(sighting.row);
        return;
      case 'row':
        stay?.roster.set(sighting.row.id ?? sighting.row.name, sighting.row);
        return;
      case 'out-of-sight':
        stay?.roster.delete(sighting.id);
        return;
      case 'recording':
        if (stay) stay.isRecorded = sighting.on;
        return;
      case 'message':
        if (sighting.marker !== undefined) stay?.owed.delete(sighting.marker);
        return;
      case 'bye':
        if (!sighting.comeBack) this.stay = undefined;
        return;
      case 'stream-offered':
      case 'stream-closed':
      case 'stream-candidate':
      case 'stream-answered':
      case 'stream-ended':
      case 'stream-restart':
        stay?.streams.take(sighting, { self: stay.name, replayed: this.#replays });
        return;
      default:
        return;
    }
  }

  #renamed(self: Row): void {
    if (!this.stay) return;
    this.stay.name = self.name;
    const key = this.wire === 'galene' ? this.handle : (self.id ?? self.name);
    if (this.stay.roster.has(key)) this.stay.roster.set(key, self);
  }

  #becomes(self: Row): void {
    if (!this.stay) return;
    this.stay.name = self.name;
    // Nobody has such an id who is gone already.
    this.stay.memberId = this.wire === 'galene' ? (this.#room.memberCalled(this.handle)?.id ?? 'gone') : self.id;
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
  if (stay.page) {
    const identityId = identityOf(stay.page.id);
    return [...room.members()].find((member) => member.identity.id === identityId);
  }
  return stay.memberId === undefined ? room.memberNamed(stay.name) : room.member(stay.memberId);
}

function newStay({
  session = '',
  epoch = '',
  page,
}: {
  readonly session?: string;
  readonly epoch?: string;
  readonly page?: PagePass | undefined;
} = {}): Stay {
  const streams = new HeldStreams();
  return {
    name: '',
    memberId: undefined,
    page,
    session,
    epoch,
    seq: -1,
    roster: new Map(),
    owed: new Set(),
    streams,
    isRecorded: false,
  };
}
