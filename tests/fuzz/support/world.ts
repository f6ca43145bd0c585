import { vi } from 'vitest';
import { Identities } from '../../../src/auth/identities.ts';
import { createInvitation } from '../../../src/auth/invitations.ts';
import { Passwords, type Verdict } from '../../../src/auth/passwords.ts';
import { type TokenBearer, Tokens } from '../../../src/auth/tokens.ts';
import type { Channel } from '../../../src/core/channel.ts';
import type { RoomView } from '../../../src/core/view.ts';
import { loadDialects } from '../../../src/dialects/registry.ts';
import type { HostedRoom } from '../../../src/hub/hosted-room.ts';
import { Hub } from '../../../src/hub/hub.ts';
import type { HubServices, HubSettings } from '../../../src/hub/services.ts';
import { OTHER_SERVICES, OTHER_SETTINGS, wideRates } from '../../../src/hub/testing/settings.ts';
import { type Meters, NO_METERS } from '../../../src/metrics/meters.ts';
import { openMemoryStorage } from '../../../src/storage/memory/memory-storage.ts';
import { MemoryConnection } from '../../../src/transport/memory.ts';
import { FakeMedia } from './fake-media.ts';

const START = 1_753_000_000_000;
export const RESUME_MS = 30_000;
/** The posts that a session may make at once: no script makes as many. */
const MANY = 1_000_000;
/** Turns of the event loop after which nothing is under way any more, where storage takes none. */
const TURNS = 4;
const SOON_MS = 100;

const channel: Omit<Channel, 'id' | 'name' | 'vip'> = {
  icon: '',
  description: '',
  welcome: [],
  photos: true,
  newcomerMessages: 20,
};

const SETTINGS: HubSettings = {
  rooms: [
    {
      name: 'lobby',
      title: 'Lobby',
      channels: [
        { ...channel, id: 'lobby', name: 'Lobby', vip: false },
        { ...channel, id: 'velvet', name: 'Velvet', vip: true },
      ],
    },
  ],
  roomsOnDemand: false,
  maxRooms: 10,
  policy: {
    permitExplicit: true,
    vipMutuallySecret: false,
    blockableOperators: false,
    maxMembers: 0,
    recordings: true,
  },
  guestsAllowed: true,
  outboxBytes: 16_000_000,
  resumeMs: RESUME_MS,
  rates: { ...wideRates(), peoplePerAddress: MANY },
  rosterBytesPerSecond: 1e15,
  ...OTHER_SETTINGS,
};

/** Says openly whose it is: what it costs to sign is not what these tests are about. */
class OpenTokens extends Tokens {
  override issue(bearer: TokenBearer): Promise<string> {
    return Promise.resolve(`token:${bearer.id}`);
  }

  override verify(token: string): Promise<TokenBearer | undefined> {
    return Promise.resolve(token.startsWith('token:') ? { id: token.slice(6), name: '', issuedAt: START } : undefined);
  }
}

/** Keeps them as they are: what it costs to hash is not what these tests are about. */
class OpenPasswords extends Passwords {
  override hash(password: string): Promise<string> {
    return Promise.resolve(password);
  }

  override check(password: string, kept: string): Promise<Verdict> {
    return Promise.resolve(password === kept ? 'right' : 'wrong');
  }
}

/** What the page of a room gives a browser, by which a connection on Camus' wire is known. */
export interface PagePass {
  readonly id: string;
  readonly key: string;
  readonly room: string;
}

/** A hub with all wires inside this process, whose clock stands still, and whose secrets are numbers. */
export class World {
  readonly hub: Hub;
  readonly room: RoomView;
  /** Invites an operator, as often as it is shown. */
  readonly invitation: string;
  readonly faults: string[] = [];
  readonly counts = { sessions: 0, members: 0, outboxBytes: 0 };
  readonly media: FakeMedia;
  readonly #hosted: HostedRoom;
  #pages = 0;
  #connections = 0;
  #handles = 0;
  #now: () => number;
  #pass: (ms: number) => void;

  /** `commitTurns`: how many turns of the event loop it takes until something is stored. */
  static async open({ commitTurns = 0 }: { readonly commitTurns?: number } = {}): Promise<World> {
    let now = START;
    let count = 0;
    const secret = (): string => `${String(++count).padStart(12, '0')}-and-something-long`;
    const storage = openMemoryStorage();
    const commit = storage.commit.bind(storage);
    storage.commit = async (records) => {
      await turns(commitTurns);
      return commit(records);
    };
    const passwords = new OpenPasswords({ now: () => now });
    const faults: string[] = [];
    const fault = (details: object, message: string): void => {
      const { err } = details as { readonly err?: unknown };
      faults.push(`${message}: ${err instanceof Error ? err.stack : String(err)}`);
    };
    const counts = { sessions: 0, members: 0, outboxBytes: 0 };
    const media = new FakeMedia();
    const services: HubServices = {
      ...OTHER_SERVICES,
      media,
      storage,
      passwords,
      identities: new Identities({
        storage,
        passwords,
        tokens: new OpenTokens({ secret: '00'.repeat(32), now: () => now }),
        now: () => now,
        id: secret,
      }),
      // The picture is what was sent, so that what is written in it can be found again.
      images: { process: async (bytes) => ({ mediaType: 'image/png', width: 1, height: 1, bytes }) },
      meters: countingMeters(counts),
      log: { error: fault, warn: fault, info: () => {} },
      settings: { ...SETTINGS },
      now: () => now,
      secret,
    };
    const hub = await Hub.open(services, await loadDialects());
    const { token } = await createInvitation(storage, {
      role: 'operator',
      by: 'test',
      now,
      uses: MANY,
      makeToken: secret,
    });
    const hosted = await hub.openRoom('lobby');
    if (!hosted) throw new Error('There is no lobby.');
    const clock = {
      now: () => now,
      pass: (ms: number) => {
        now += ms;
      },
    };
    return new World({ hub, hosted, invitation: token, faults, counts, clock, media });
  }

  private constructor(parts: {
    readonly hub: Hub;
    readonly hosted: HostedRoom;
    readonly invitation: string;
    readonly faults: string[];
    readonly counts: World['counts'];
    readonly media: FakeMedia;
    readonly clock: { now(): number; pass(ms: number): void };
  }) {
    this.hub = parts.hub;
    this.#hosted = parts.hosted;
    this.room = parts.hosted.view;
    this.invitation = parts.invitation;
    this.faults = parts.faults;
    this.counts = parts.counts;
    this.media = parts.media;
    this.#now = parts.clock.now;
    this.#pass = parts.clock.pass;
  }

  now(): number {
    return this.#now();
  }

  connect(): MemoryConnection {
    return MemoryConnection.open((connection, path) => this.hub.accept(connection, path), {
      address: this.#nextAddress(),
    });
  }

  #nextAddress(): string {
    return `198.51.100.${++this.#connections % 250}`;
  }

  /** A page of the room is loaded, by somebody new. */
  newPage(): PagePass {
    const id = (++this.#pages).toString(16).padStart(32, '0');
    return { id, key: `key of ${id}`, room: 'lobby' };
  }

  /** By which a client on Galène's wire calls itself. */
  newHandle(): string {
    return (++this.#handles).toString(16).padStart(32, '0');
  }

  /** Through the door of Camus' wire. */
  connectFrom(page: PagePass): MemoryConnection {
    return MemoryConnection.open((connection, path) => this.hub.accept(connection, path, page), {
      path: '/room/lobby/ws',
      address: this.#nextAddress(),
    });
  }

  /** The website sets people apart. */
  estrange(names: readonly string[]): void {
    void this.#hosted.administer({ type: 'estrange', names });
  }

  /** Time passes at once, and the hub looks at the clock. */
  pass(ms: number): void {
    this.#pass(ms);
    this.hub.sweep();
  }

  /** Resolves when all that is under way has arrived. */
  async settle(): Promise<void> {
    await turns(TURNS);
    // Frames that wait for their turn do so for less than this.
    vi.advanceTimersByTime(SOON_MS);
    await turns(TURNS);
    while (this.media.isBusy) await turns(TURNS);
  }

  /** Ends the hub, whose sessions all say goodbye. */
  close(): Promise<void> {
    return this.hub.close();
  }
}

/** Turns of the event loop go by. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function countingMeters(counts: World['counts']): Meters {
  return {
    ...NO_METERS,
    sessionOpened: () => void counts.sessions++,
    sessionClosed: () => void counts.sessions--,
    memberEntered: () => void counts.members++,
    memberGone: () => void counts.members--,
    outboxBytes: (_dialect, change) => {
      counts.outboxBytes += change;
    },
  };
}
