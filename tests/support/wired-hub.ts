import { type Claim, Identities, type Proof } from '../../src/auth/identities.ts';
import { Tokens } from '../../src/auth/tokens.ts';
import { NO_GUARDS, type RoomGuards } from '../../src/core/guards.ts';
import type { Permission, Rule } from '../../src/core/permission.ts';
import { dialect as barertc } from '../../src/dialects/barertc/index.ts';
import type { Dialect, Frame } from '../../src/dialects/dialect.ts';
import { Hub } from '../../src/hub/hub.ts';
import { OTHER_SERVICES, OTHER_SETTINGS, wideRates } from '../../src/hub/testing/settings.ts';
import { NO_METERS } from '../../src/metrics/meters.ts';
import { openMemoryStorage } from '../../src/storage/memory/memory-storage.ts';
import { MemoryConnection } from '../../src/transport/memory.ts';

/** What a token would say of somebody, by name. */
export type Claims = Readonly<
  Record<string, { readonly permissions?: readonly Permission[]; readonly rules?: readonly Rule[] }>
>;

export interface WiredHubOptions {
  readonly claims?: Claims;
  readonly vipMutuallySecret?: boolean;
  readonly guards?: Partial<RoomGuards>;
}

type Sent = Readonly<Record<string, unknown>>;

/** One end of a connection to a {@link WiredHub}. */
export class Wire extends MemoryConnection {
  readonly #sent: (frame: Sent) => void;

  constructor(sent: (frame: Sent) => void) {
    super();
    this.#sent = sent;
  }

  override send(frame: Frame): boolean {
    this.#sent(JSON.parse(frame.text) as Sent);
    return super.send(frame);
  }

  /** The row of the latest who list. */
  row(username: string): Sent | undefined {
    const lists = this.sent.map((text) => JSON.parse(text) as Sent).filter((frame) => frame.action === 'who');
    return ((lists.at(-1)?.whoList ?? []) as Sent[]).find((row) => row.username === username);
  }
}

/**
 * A hub with BareRTC's wire on connections inside the process: where time must pass, people must have what only
 * tokens give, or the order of frames over several connections matters.
 */
export class WiredHub implements AsyncDisposable {
  readonly hub: Hub;
  /** All frames of all connections in the order in which they were sent. */
  readonly sent: { readonly to: string; readonly frame: Sent }[] = [];
  readonly #clock: { now: number };

  private constructor(hub: Hub, clock: { now: number }) {
    this.hub = hub;
    this.#clock = clock;
  }

  static async open({ claims = {}, vipMutuallySecret = false, guards = {} }: WiredHubOptions = {}): Promise<WiredHub> {
    const clock = { now: Date.UTC(2026, 0, 1) };
    const now = () => clock.now;
    const storage = openMemoryStorage();
    const tokens = new Tokens({ secret: '00'.repeat(32), now });
    let secrets = 0;
    const hub = await Hub.open(
      {
        ...OTHER_SERVICES,
        storage,
        identities: new ClaimedIdentities({ storage, tokens, now, passwords: OTHER_SERVICES.passwords }, claims),
        images: { process: () => Promise.reject(new Error('There are no images here.')) },
        meters: NO_METERS,
        log: {
          error: ({ err }: { readonly err?: unknown }) => {
            throw err;
          },
          warn: () => {},
          info: () => {},
        },
        settings: {
          rooms: [{ name: 'lobby', title: 'Lobby', channels: [channel('lobby'), { ...channel('vip'), vip: true }] }],
          roomsOnDemand: false,
          maxRooms: 1,
          policy: { permitExplicit: true, vipMutuallySecret, blockableOperators: false, maxMembers: 0 },
          guestsAllowed: true,
          outboxBytes: 1_000_000,
          resumeMs: 0,
          rates: wideRates(),
          rosterBytesPerSecond: 1e12,
          ...OTHER_SETTINGS,
          guards: { ...NO_GUARDS, ...guards },
        },
        now,
        // Ids of members are the beginning of it.
        secret: () => `${String(++secrets).padStart(12, '0')}secret`,
      },
      [barertc as Dialect],
    );
    return new WiredHub(hub, clock);
  }

  connect(name: string): Wire {
    const wire = new Wire((frame) => this.sent.push({ to: name, frame }));
    this.hub.accept(wire, '/ws');
    return wire;
  }

  async enter(name: string): Promise<Wire> {
    const wire = this.connect(name);
    wire.receive({ action: 'login', username: name, jwt: '', dnd: false });
    await this.until(() => wire.row(name) !== undefined);
    return wire;
  }

  /** Lets this much time pass, and the hub notice. */
  pass(milliseconds: number): void {
    this.#clock.now += milliseconds;
    this.hub.sweep();
  }

  /** Waits until all that goes on has come so far. Everything is in memory: some turns of the event loop do. */
  async until(condition: () => boolean): Promise<void> {
    for (let turn = 0; turn < 1000; turn++) {
      if (condition()) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error('It did not come to that.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub.close();
  }
}

/** Believes of everybody what {@link Claims} says of their name. */
class ClaimedIdentities extends Identities {
  readonly #claims: Claims;

  constructor(options: ConstructorParameters<typeof Identities>[0], claims: Claims) {
    super(options);
    this.#claims = claims;
  }

  override async authenticate(claim: Claim): Promise<Proof> {
    const proof = await super.authenticate(claim);
    if (proof.kind === 'refused') return proof;
    const { permissions = [], rules = [] } = this.#claims[claim.name] ?? {};
    const { identity } = proof;
    return {
      ...proof,
      identity: {
        ...identity,
        permissions: new Set([...identity.permissions, ...permissions]),
        rules: new Set(rules),
      },
    };
  }
}

function channel(id: string) {
  return { id, name: id, icon: '', description: '', welcome: [], vip: false, photos: true, newcomerMessages: 10 };
}
