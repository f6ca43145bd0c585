import { nameKey } from '../../../src/core/name.ts';
import type { MemoryConnection } from '../../../src/transport/memory.ts';
import { type Step, WIRES } from './script.ts';
import { framesOf, type Wording } from './translate.ts';
import { type PagePass, turns, World } from './world.ts';

const SERVER = 'ground control';
const COMMIT_TURNS = 2;
/** Everything that a script of this length can have under way is done by then. */
const ALL_DONE = 400;

interface Known {
  readonly session: string;
  readonly epoch: string;
  readonly token: string;
  seq: number;
}

/** Clients who do not wait: many things are under way at once. */
class Rush {
  readonly #world: World;
  readonly #connections: (MemoryConnection | undefined)[] = WIRES.map(() => undefined);
  readonly #all: MemoryConnection[] = [];
  readonly #pages = new Map<number, PagePass>();
  /** By which clients on Galène's wire call themselves. */
  readonly #handles = new Map<number, string>();
  /** What each was last told of its session. */
  readonly #known: (Known | undefined)[] = WIRES.map(() => undefined);

  constructor(world: World) {
    this.#world = world;
  }

  do(step: Step): void {
    if (step.kind === 'wait') this.#world.pass(step.ms);
    else if (step.kind === 'estrange') this.#world.estrange(step.names);
    else if (step.kind === 'media') this.#disturbMedia(step.what);
    else if (step.kind === 'cut') this.#connections[step.who]?.end({ code: step.code });
    else {
      const connection = this.#connection(step);
      for (const frame of this.#framesOf(step)) connection.receive(frame);
    }
  }

  #framesOf(step: Exclude<Step, { kind: 'wait' | 'cut' | 'estrange' | 'media' }>): readonly object[] {
    const wire = WIRES[step.who] ?? 'parlour';
    switch (step.kind) {
      case 'join':
        if (wire === 'barertc') return [{ action: 'login', username: step.name, jwt: '', dnd: false }];
        if (wire === 'rwci') return [{ type: 'auth', username: step.name, password: 'secret' }];
        if (wire === 'camus') return joinOnCamus(step.name);
        if (wire === 'galene') return [{ type: 'join', kind: 'join', group: 'lobby', username: step.name }];
        return [
          { ...this.#hello(step.who, step.name), ...(step.operator ? { invitation: this.#world.invitation } : {}) },
        ];
      case 'leave':
        if (wire === 'camus') return [{ receiver: SERVER, type: 'bye', data: 1 }];
        if (wire === 'galene') return [{ type: 'join', kind: 'leave', group: 'lobby' }];
        return wire === 'parlour' ? [{ type: 'leave' }] : [];
      case 'resume': {
        const { session = 'unknown', epoch = '', seq = 0 } = this.#known[step.whose] ?? {};
        const resume = { session, epoch, seq: Math.max(0, seq - step.back) };
        return [{ ...this.#hello(step.who, 'eve'), resume }];
      }
      case 'act':
        return framesOf(wire, step.action, this.#wording(step.who));
      default:
        return step satisfies never;
    }
  }

  #wording(who: number): Wording {
    return {
      marker: 'x',
      idOf: () => 1,
      clientIdOf: () => '0'.repeat(32),
      handleOf: (name) => this.#world.room.memberNamed(name)?.handle ?? 'nobody',
      handle: this.#handles.get(who) ?? '',
      streamOf: ({ whose, nth }) => `s${whose === 'own' ? who : whose}.${nth}`,
    };
  }

  #disturbMedia(what: 'dies' | 'is-lost'): void {
    if (what === 'dies') this.#world.media.die();
    else this.#world.media.losePublishers();
  }

  /** Reads what has arrived; the room's frames must come in their order. */
  read(): void {
    for (const [who, connection] of this.#connections.entries()) {
      let last = -1;
      for (const frame of connection?.take() ?? []) {
        const { type, seq } = frame;
        if (type === 'welcome') {
          const { session, epoch, token } = frame as { session: string; epoch: string; token: string };
          this.#known[who] = { session, epoch, token, seq: Number(seq) };
          last = -1;
        } else if (typeof seq === 'number') {
          if (seq <= last) throw new Error(`Frame ${seq} came after frame ${last}.`);
          last = seq;
          const known = this.#known[who];
          if (known) known.seq = seq;
        }
      }
    }
  }

  endAll(): void {
    for (const connection of this.#all) connection.end({ code: 1006 });
  }

  /** On Camus' wire, whoever joins again does so from the same page, while the connection of before may be open. */
  #connection(step: Exclude<Step, { kind: 'wait' | 'cut' | 'estrange' | 'media' }>): MemoryConnection {
    const { who } = step;
    const present = this.#connections[who];
    const isAgain = step.kind === 'join' && step.token === 'own' && WIRES[who] === 'camus';
    if (present?.open && !isAgain) return present;
    const connection = WIRES[who] === 'camus' ? this.#fromPage(who, isAgain) : this.#world.connect();
    if (WIRES[who] === 'galene') this.#greet(who, connection);
    this.#connections[who] = connection;
    this.#all.push(connection);
    return connection;
  }

  #fromPage(who: number, isAgain: boolean): MemoryConnection {
    const page = (isAgain ? this.#pages.get(who) : undefined) ?? this.#world.newPage();
    this.#pages.set(who, page);
    return this.#world.connectFrom(page);
  }

  #greet(who: number, connection: MemoryConnection): void {
    const handle = this.#world.newHandle();
    this.#handles.set(who, handle);
    connection.receive({ type: 'handshake', version: ['2'], id: handle });
  }

  #hello(who: number, name: string) {
    const token = this.#known[who]?.token;
    return { type: 'hello', version: 1, room: 'lobby', name, ...(token ? { token } : {}) };
  }
}

function joinOnCamus(username: string): readonly object[] {
  return [
    { receiver: SERVER, type: 'ping', data: 1 },
    { receiver: SERVER, type: 'get-room-info' },
    { receiver: SERVER, type: 'profile', data: { username } },
  ];
}

/**
 * Lives a script through without waiting for what comes of each step, and looks whether the room is whole in the end.
 * `pauses`: how many steps are made at once, in turn.
 */
export async function rush(script: readonly Step[], pauses: readonly number[]): Promise<void> {
  const world = await World.open({ commitTurns: COMMIT_TURNS });
  try {
    const clients = new Rush(world);
    let next = 0;
    for (const [index, step] of script.entries()) {
      clients.do(step);
      // A turn now and then, in the midst of what is under way.
      if (index === next) {
        next += 1 + (pauses[index % pauses.length] ?? 0);
        await turns(1);
        clients.read();
      }
    }
    await turns(ALL_DONE);
    clients.read();
    expectSound(world);
    clients.endAll();
    world.pass(1_000_000);
    await turns(ALL_DONE);
    expectSound(world);
    const { sessions, members, outboxBytes } = world.counts;
    if (world.media.streams.length > 0) throw new Error(`These streams go on: ${world.media.streams.join(', ')}.`);
    if (world.room.size + sessions + members + outboxBytes !== 0) {
      throw new Error(
        `Left behind: ${world.room.size} members, ${sessions} sessions, ${members}, ${outboxBytes} bytes.`,
      );
    }
  } finally {
    await world.close();
  }
}

function expectSound(world: World): void {
  const faults = [...world.faults, ...world.media.faults];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  for (const { stream, to } of world.media.forwards) {
    if (!world.room.member(to)) throw new Error(`${stream} is forwarded to somebody who is gone.`);
  }
  const members = [...world.room.members()];
  const names = new Set(members.map((member) => nameKey(member.name)));
  if (names.size !== members.length) throw new Error('Two members have one name.');
  if (world.counts.members !== members.length) {
    throw new Error(`${members.length} members, but ${world.counts.members} sessions of members.`);
  }
}
