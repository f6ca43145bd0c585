import { describe, expect, test } from 'vitest';
import { WebsiteTokens } from '../auth/website-tokens.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { addressRanges } from '../transport/address-ranges.ts';
import { MemoryConnection } from '../transport/memory.ts';
import { fakeDialect } from './testing/occupant.ts';
import { wideRates } from './testing/settings.ts';
import { framesOf, openStage, START, type Stage, type StageOptions, settled, until } from './testing/stage.ts';

async function onStage(play: (stage: Stage) => Promise<void>, options: StageOptions = {}): Promise<void> {
  const stage = await openStage(options);
  try {
    await play(stage);
    expect(stage.faults).toEqual([]);
  } finally {
    await stage.hub.close();
  }
}

const joining: Dialect['decode'] = (_state, frame) => ({
  requests: [
    {
      command: {
        type: 'join',
        room: 'lobby',
        name: frame.kind === 'text' ? frame.text : '',
        credentials: {},
        ephemeral: true,
        presence: {},
        relations: {},
      },
    },
  ],
});

/** A wire on a path of its own, whose every frame is a name to enter under. */
const wire = (name: string, parts: Partial<Dialect> = {}): Dialect =>
  fakeDialect({
    name,
    mounts: [{ path: `/${name}`, recognises: () => true }],
    decode: joining,
    keepAlive: { everyMs: 1_000 },
    ...parts,
  });

const fail = () => {
  throw new Error('ours');
};

/** Fails at this kind of event alone. */
const failingAt =
  (type: string): Dialect['encode'] =>
  (event) => {
    if (event.type === type) throw new Error('ours');
    return [{ text: event.type }];
  };

describe('a wire that fails', () => {
  /** Two on a sound wire, one on a broken one between them. Returns the sound ones' connections, and the broken. */
  async function withBroken(parts: Partial<Dialect>) {
    const stage = await openStage({ dialects: [wire('sound'), wire('broken', parts)] });
    const enter = async (path: string, name: string) => {
      const connection = stage.connect(path);
      connection.receive(name);
      await settled();
      return connection;
    };
    const first = await enter('/sound', 'Alice');
    const broken = await enter('/broken', 'Mallory');
    const last = await enter('/sound', 'Bob');
    return { stage, sound: [first, last] as const, broken };
  }

  async function expectOthersWell({ stage, sound }: Awaited<ReturnType<typeof withBroken>>) {
    for (const connection of sound) connection.sent.length = 0;
    stage.pass(1_000);
    await settled();
    expect(sound.map(({ open }) => open)).toEqual([true, true]);
    expect(sound.map(({ sent }) => sent)).toEqual([['kept-alive'], ['kept-alive']]);
    expect(await stage.present()).toEqual(['Alice', 'Bob']);
    expect(stage.tally.of('sessions broken')).toBe(0);
    await stage.hub.close();
  }

  test('at keeping alive ends its own session, and no sweep', async () => {
    const play = await withBroken({ encode: failingAt('kept-alive') });
    play.stage.pass(1_000);
    await until(() => !play.broken.open);
    expect(play.stage.faults).toHaveLength(1);
    expect(play.stage.tally.of('disconnected server-fault')).toBe(1);
    await expectOthersWell(play);
  });

  test('at keeping alive and at its goodbye, too', async () => {
    const play = await withBroken({ encode: failingAt('kept-alive'), farewell: fail });
    play.stage.pass(1_000);
    await until(() => !play.broken.open);
    expect(play.broken.closeCode).toBe(1011);
    expect(play.stage.faults).toHaveLength(2);
    await expectOthersWell(play);
  });

  test('at reading a frame, and at its goodbye', async () => {
    let isBroken = false;
    const play = await withBroken({
      decode: (...given) => {
        if (isBroken) throw new Error('ours');
        return joining(...given);
      },
      farewell: fail,
    });
    isBroken = true;
    play.broken.receive('x');
    expect(play.broken.closeCode).toBe(1011);
    await expectOthersWell(play);
  });

  test('at saying what happened in the room ends its own session; others hear it', async () => {
    const play = await withBroken({ encode: failingAt('member-joined') });
    // Bob's coming was what it could not say.
    expect(play.broken.open).toBe(false);
    expect(play.sound[0].sent).toContain('member-joined');
    await expectOthersWell(play);
  });

  test('at its goodbye when its time is over is closed by the sweep, with all others swept', async () => {
    const limits = { ...fakeDialect().limits, entryDeadlineMs: 500 };
    const play = await withBroken({ farewell: fail, limits, decode: () => ({ requests: [] }) });
    expect(play.broken.open).toBe(true);
    expect(() => play.stage.pass(1_000)).not.toThrow();
    expect(play.broken.closeCode).toBe(1011);
    expect(play.stage.tally.of('disconnected no-login')).toBe(1);
    await expectOthersWell(play);
  });
});

describe('a connection that takes nothing', () => {
  /** A network of which a test says how much waits in it. */
  class SlowConnection extends MemoryConnection {
    waiting = 0;
    override get bufferedBytes(): number {
      return this.waiting;
    }
  }

  async function slowMember(stage: Stage) {
    const connection = new SlowConnection();
    stage.hub.accept(connection, '/ws');
    connection.receive({ action: 'login', username: 'Slow' });
    await settled();
    connection.congest();
    connection.waiting = 1_000;
    const other = await stage.login('Other');
    await settled();
    return { connection, other };
  }

  const options = { settings: { sendTimeoutMs: 30_000, outboxBytes: 1_000_000 } };

  test('is given up after a while', () =>
    onStage(async (stage) => {
      const { connection, other } = await slowMember(stage);
      stage.pass(30_000);
      expect(connection.open).toBe(true);
      stage.pass(1);
      expect(connection.open).toBe(false);
      expect(stage.tally.of('disconnected slow')).toBe(1);
      expect(stage.tally.of('outbox')).toBe(0);
      expect(other.open).toBe(true);
      expect(await stage.present()).toEqual(['Other']);
    }, options));

  test('but little by little is waited for', () =>
    onStage(async (stage) => {
      const { connection } = await slowMember(stage);
      for (let round = 0; round < 10; round++) {
        stage.pass(20_000);
        connection.waiting -= 50;
      }
      expect(connection.open).toBe(true);
      stage.pass(1);
      stage.pass(30_000);
      expect(connection.open).toBe(true);
      stage.pass(1);
      expect(connection.open).toBe(false);
    }, options));

  test('and then all, has its time anew', () =>
    onStage(async (stage) => {
      const { connection, other } = await slowMember(stage);
      stage.pass(29_000);
      connection.drain();
      other.receive({ action: 'message', channel: 'lobby', message: 'hello' });
      await settled();
      stage.pass(29_000);
      expect(connection.open).toBe(true);
      expect(framesOf(connection, 'message')).toHaveLength(1);
    }, options));
});

describe('W12: a household', () => {
  const services = { ranges: addressRanges };
  const few = { burst: 3, perSecond: 0.1 };
  const guest = async (stage: Stage, address: string, username: string) => {
    const connection = stage.connect('/ws', address);
    connection.receive({ action: 'login', username });
    await settled();
    return connection;
  };

  test('may log in so often, from whatever of its addresses', () =>
    onStage(
      async (stage) => {
        for (let index = 0; index < 5; index++) await guest(stage, `2001:db8::${index}`, `guest ${index}`);
        expect(await stage.present()).toHaveLength(3);
        expect(stage.tally.of('refused too-fast')).toBe(2);
        await guest(stage, '2001:db8:0:1::1', 'neighbour');
        stage.clock.now += 10_000;
        await guest(stage, '2001:db8::9', 'later');
        expect(await stage.present()).toHaveLength(5);
      },
      { services, settings: { rates: { ...wideRates(), loginsPerAddress: few } } },
    ));

  test('opens no more cameras by connecting anew', () =>
    onStage(
      async (stage) => {
        const bob = await guest(stage, '198.51.100.1', 'Bob');
        bob.receive({ action: 'me', video: 1, status: 'online' });
        for (let round = 0; round < 3; round++) {
          const alice = await guest(stage, '192.0.2.1', 'Alice');
          for (let index = 0; index < 60; index++) alice.receive({ action: 'open', username: 'Bob' });
          await settled();
          alice.end({ code: 1001 });
          await settled();
        }
        expect(framesOf(bob, 'ring')).toHaveLength(120);
      },
      { services, settings: { outboxBytes: 10_000_000, rates: { ...wideRates(), peoplePerAddress: 2 } } },
    ));
});

test('a native client’s token of the website is renewed on its wire, too', async () => {
  const website = { secret: 'a secret between the website and us', algorithm: 'HS256' } as const;
  await onStage(
    async (stage) => {
      const jwt = await new WebsiteTokens({ ...website, now: () => START }).sign({ sub: 'Alice' });
      const [alice, guest] = [await stage.hello('x', { jwt }), await stage.hello('Guest')];
      for (let second = 0; second < 300; second++) stage.pass(1_000);
      await until(() => framesOf(alice.connection, 'token').length > 0);
      expect(framesOf(guest.connection, 'token')).toEqual([]);
    },
    { website },
  );
});
