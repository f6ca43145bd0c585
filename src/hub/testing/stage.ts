import { ImageError } from '../../attachments/image.ts';
import { Identities } from '../../auth/identities.ts';
import { createInvitation } from '../../auth/invitations.ts';
import { Tokens } from '../../auth/tokens.ts';
import { WebsiteTokens, type WebsiteTokensOptions } from '../../auth/website-tokens.ts';
import type { Identity } from '../../core/identity.ts';
import { GUEST_PERMISSIONS, NO_RULES, OPERATOR_PERMISSIONS } from '../../core/permission.ts';
import type { RoomSetup } from '../../core/room-state.ts';
import { dialect as barertc } from '../../dialects/barertc/index.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { dialect as parlour } from '../../dialects/parlour/index.ts';
import type { Meters } from '../../metrics/meters.ts';
import { openMemoryStorage } from '../../storage/memory/memory-storage.ts';
import type { Storage } from '../../storage/port.ts';
import { MemoryConnection } from '../../transport/memory.ts';
import { Hub } from '../hub.ts';
import type { HubServices, HubSettings } from '../services.ts';
import { OTHER_SERVICES, OTHER_SETTINGS, wideRates } from './settings.ts';

/** For tests only: a hub, or a room of it, in memory; with a clock that stands still, and counters to look at. */

export const START = 1_700_000_000_000;

export const CHANNEL = {
  id: 'lobby',
  name: 'Lobby',
  icon: '',
  description: '',
  welcome: [],
  vip: false,
  photos: true,
  newcomerMessages: 10,
} as const;

const POLICY = { permitExplicit: true, vipMutuallySecret: false, blockableOperators: false, maxMembers: 0 } as const;

/** What the meters count, by name and label. */
export class Tally implements Meters {
  readonly counts = new Map<string, number>();

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  #add(key: string, change: number): void {
    this.counts.set(key, this.of(key) + change);
  }

  sessionOpened = (dialect: string): void => this.#add(`sessions ${dialect}`, 1);
  sessionClosed = (dialect: string): void => this.#add(`sessions ${dialect}`, -1);
  memberEntered = (dialect: string): void => this.#add(`members ${dialect}`, 1);
  memberGone = (dialect: string): void => this.#add(`members ${dialect}`, -1);
  messagePosted = (dialect: string): void => this.#add(`messages ${dialect}`, 1);
  delivered = (dialect: string, count: number): void => this.#add(`delivered ${dialect}`, count);
  refused = (_dialect: string, code: string): void => this.#add(`refused ${code}`, 1);
  disconnected = (_dialect: string, code: string): void => this.#add(`disconnected ${code}`, 1);
  outboxBytes = (_dialect: string, change: number): void => this.#add('outbox', change);
}

/** A storage whose commits wait for their turn to be let through, or to fail. */
export class GatedStorage {
  readonly storage: Storage;
  #gated = false;
  #waiting: (() => void)[] = [];
  #failing = 0;

  constructor(inner: Storage = openMemoryStorage()) {
    this.storage = new Proxy(inner, {
      get: (target, property) => {
        if (property === 'commit') return (records: Parameters<Storage['commit']>[0]) => this.#commit(inner, records);
        const value = Reflect.get(target, property, target) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** From now on, commits wait. */
  shut(): void {
    this.#gated = true;
  }

  /** Lets those that wait go on, in order. */
  open(): void {
    this.#gated = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** The next commits, those that wait among them, fail. */
  fail(count: number): void {
    this.#failing = count;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async #commit(inner: Storage, records: Parameters<Storage['commit']>[0]): Promise<void> {
    if (this.#gated) await new Promise<void>((go) => this.#waiting.push(go));
    if (this.#failing > 0) {
      this.#failing--;
      throw new Error('the disk is full');
    }
    await inner.commit(records);
  }
}

export interface StageOptions {
  readonly settings?: Partial<HubSettings>;
  readonly dialects?: readonly Dialect[];
  readonly storage?: Storage;
  readonly services?: Partial<HubServices>;
  /** By which the website's users sign in; the clock is the stage's. */
  readonly website?: Omit<WebsiteTokensOptions, 'now'>;
}

export interface Stage {
  readonly hub: Hub;
  readonly storage: Storage;
  readonly tally: Tally;
  readonly faults: unknown[];
  readonly clock: { now: number };
  /** Connects, and says nothing yet. */
  connect(path?: string, address?: string): MemoryConnection;
  /** Connects and enters on the native wire. */
  hello(name: string, more?: object): Promise<NativePeer>;
  /** Connects and enters on BareRTC's wire. */
  login(name: string, more?: object): Promise<MemoryConnection>;
  operatorInvitation(): Promise<string>;
  /** Who is in the lobby. */
  present(): Promise<string[]>;
  /** Lets the time pass and the hub see it. */
  pass(milliseconds: number): void;
}

export interface NativePeer {
  readonly connection: MemoryConnection;
  readonly welcome: { readonly session: string; readonly token: string; readonly epoch: string; readonly seq: number };
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const clock = { now: START };
  const storage = options.storage ?? openMemoryStorage();
  const tally = new Tally();
  const faults: unknown[] = [];
  const hub = await Hub.open(services({ clock, storage, tally, faults, options }), [
    ...(options.dialects ?? [parlour, barertc]),
  ] as readonly Dialect[]);
  const connect = (path = '/ws', address?: string) =>
    MemoryConnection.open((each, at) => hub.accept(each, at), { path, ...(address === undefined ? {} : { address }) });
  return {
    hub,
    storage,
    tally,
    faults,
    clock,
    connect,
    hello: (name, more) => hello(connect(), name, more),
    login: async (name, more = {}) => {
      const connection = connect();
      connection.receive({ action: 'login', username: name, ...more });
      await settled();
      return connection;
    },
    operatorInvitation: async () =>
      (await createInvitation(storage, { role: 'operator', by: 'test', now: clock.now })).token,
    present: async () => [...((await hub.openRoom('lobby'))?.view.members() ?? [])].map(({ name }) => name).sort(),
    pass: (milliseconds) => {
      clock.now += milliseconds;
      hub.sweep();
    },
  };
}

function services(parts: {
  readonly clock: { now: number };
  readonly storage: Storage;
  readonly tally: Tally;
  readonly faults: unknown[];
  readonly options: StageOptions;
}): HubServices {
  const { clock, storage, faults, options } = parts;
  const now = () => clock.now;
  let secrets = 0;
  return {
    ...OTHER_SERVICES,
    storage,
    identities: new Identities({
      storage,
      passwords: OTHER_SERVICES.passwords,
      tokens: new Tokens({ secret: 'ab'.repeat(32), now }),
      now,
      ...(options.website ? { website: new WebsiteTokens({ ...options.website, now }) } : {}),
    }),
    images: { process: async () => Promise.reject(new ImageError('image-invalid')) },
    meters: parts.tally,
    log: { error: (details) => void faults.push(details), warn: () => {}, info: () => {} },
    settings: {
      rooms: [{ name: 'lobby', title: 'The lobby', channels: [CHANNEL] }],
      roomsOnDemand: true,
      maxRooms: 3,
      policy: POLICY,
      guestsAllowed: true,
      outboxBytes: 10_000,
      resumeMs: 60_000,
      rates: wideRates({ burst: 1_000, perSecond: 1_000 }),
      rosterBytesPerSecond: 1_000_000_000,
      ...OTHER_SETTINGS,
      ...options.settings,
    },
    now,
    secret: () => `${String(++secrets).padStart(8, '0')}-secret-of-the-stage`,
    ...options.services,
  };
}

/** Waits for the answer; throws where it is a refusal. */
export async function hello(connection: MemoryConnection, name: string, more: object = {}): Promise<NativePeer> {
  connection.receive({ type: 'hello', version: 1, room: 'lobby', name, ...more });
  await until(() => !connection.open || connection.sent.some((text) => /^{"type":"(ok|refused)"/.test(text)));
  const [welcome] = framesOf(connection, 'welcome');
  if (!welcome) throw new Error(`${name} was not welcomed: ${connection.sent.at(-1)}`);
  return { connection, welcome: welcome as unknown as NativePeer['welcome'] };
}

const PATIENCE_MS = 10_000;

type Sought<T> = T | undefined | false;

/** Waits until something is there. */
export async function until<T>(look: () => Sought<T> | Promise<Sought<T>>): Promise<T> {
  const start = performance.now();
  while (performance.now() - start < PATIENCE_MS) {
    const found = await look();
    if (found) return found;
    await turnOfLoop();
  }
  throw new Error('it did not come to pass');
}

/** Lets everything that was begun in memory come to its end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await turnOfLoop();
}

function turnOfLoop(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

/** Frames on the native wire of one type. */
export function framesOf(connection: MemoryConnection, type: string): Record<string, unknown>[] {
  return connection.sent
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter((frame) => (frame.type ?? frame.action) === type);
}

export function texts(connection: MemoryConnection): unknown[] {
  return framesOf(connection, 'message').map((frame) => (frame.message as { text?: unknown }).text ?? frame.message);
}

// --- a room alone -----------------------------------------------------------------------------------------------------

export function roomSetup(): RoomSetup {
  let ids = 0;
  return {
    name: 'lobby',
    title: 'The lobby',
    channels: [CHANNEL],
    policy: POLICY,
    sanctions: [],
    recent: [],
    source: {
      now: () => START,
      memberId: () => `m${++ids}`,
      messageId: () => ++ids,
      secret: () => `secret-${++ids}`,
    },
  };
}

export function identity(name: string, options: { readonly operator?: boolean; readonly id?: string } = {}): Identity {
  return {
    id: options.id ?? `id ${name}`,
    kind: 'guest',
    durable: options.id !== undefined,
    name,
    permissions: options.operator ? OPERATOR_PERMISSIONS : GUEST_PERMISSIONS,
    rules: NO_RULES,
  };
}
