import { describe, expect, test } from 'vitest';
import { WebsiteTokens } from '../auth/website-tokens.ts';
import { fakeDialect } from './testing/occupant.ts';
import { wideRates } from './testing/settings.ts';
import {
  framesOf,
  GatedStorage,
  hello,
  openStage,
  START,
  type Stage,
  type StageOptions,
  settled,
  texts,
  until,
} from './testing/stage.ts';

const post = (text: string, id?: string) => ({
  type: 'post',
  target: { channel: 'lobby' },
  text,
  ...(id === undefined ? {} : { id }),
});

/** Runs with a hub that is closed in the end, and in which nothing failed. */
async function onStage(play: (stage: Stage) => Promise<void>, options: StageOptions = {}): Promise<void> {
  const stage = await openStage(options);
  try {
    await play(stage);
    expect(stage.faults).toEqual([]);
  } finally {
    await stage.hub.close();
  }
}

/** Nothing is left of anybody: no session, no member, no byte that waits, no secret that opens anything. */
async function expectEmpty(stage: Stage, secrets: readonly string[] = []): Promise<void> {
  await settled();
  expect(await stage.present()).toEqual([]);
  for (const wire of ['parlour', 'barertc']) {
    expect(stage.tally.of(`sessions ${wire}`)).toBe(0);
    expect(stage.tally.of(`members ${wire}`)).toBe(0);
  }
  expect(stage.tally.of('outbox')).toBe(0);
  for (const secret of secrets) expect(stage.hub.askerBySecret(secret)).toBeUndefined();
}

describe('the first frame', () => {
  test('decides which wire is spoken', () =>
    onStage(async (stage) => {
      const { connection } = await stage.hello('Alice');
      const bare = await stage.login('Bob');
      expect(framesOf(connection, 'room')).toHaveLength(1);
      expect(framesOf(bare, 'who')).not.toHaveLength(0);
      expect(stage.tally.of('sessions parlour')).toBe(1);
      expect(stage.tally.of('sessions barertc')).toBe(1);
      expect(await stage.present()).toEqual(['Alice', 'Bob']);
    }));

  test('that nobody understands is passed over; the first that somebody does counts', () =>
    onStage(async (stage) => {
      const connection = stage.connect();
      connection.receive('nonsense');
      connection.receiveRaw({ kind: 'binary', bytes: new Uint8Array(3) });
      expect(connection.sent).toEqual([]);
      expect(connection.open).toBe(true);
      await hello(connection, 'Alice');
      expect(await stage.present()).toEqual(['Alice']);
    }));

  test('on another path is another wire’s, or nobody’s', async () => {
    const one = fakeDialect({ name: 'one', mounts: [{ path: '/one', recognises: () => true }] });
    const two = fakeDialect({ name: 'two', mounts: [{ path: '/two', recognises: () => true }] });
    await onStage(
      async (stage) => {
        for (const path of ['/one', '/two', '/three']) stage.connect(path).receive('x');
        expect(stage.tally.of('sessions one')).toBe(1);
        expect(stage.tally.of('sessions two')).toBe(1);
      },
      { dialects: [one, two] },
    );
  });

  test('has 15 seconds', () =>
    onStage(async (stage) => {
      const [silent, babbling] = [stage.connect(), stage.connect()];
      stage.pass(15_000);
      babbling.receive('nonsense');
      expect([silent.open, babbling.open]).toEqual([true, true]);
      stage.pass(1);
      expect([silent.closeCode, babbling.closeCode]).toEqual([1008, 1008]);
      expect([...stage.tally.counts.keys()]).toEqual([]);
    }));
});

describe('deadlines and keep-alives', () => {
  test('who spoke but never entered goes after the time their wire gives them', () =>
    onStage(async (stage) => {
      const connection = stage.connect();
      connection.receive({ action: 'ping' });
      stage.pass(120_000);
      expect(connection.open).toBe(true);
      stage.pass(1);
      expect(connection.open).toBe(false);
      expect(stage.tally.of('disconnected no-login')).toBe(1);
      await expectEmpty(stage);
    }));

  test('BareRTC’s clients are pinged every 30 seconds from the start, logged in or not', () =>
    onStage(async (stage) => {
      const stranger = stage.connect();
      stranger.receive({ action: 'ping' });
      const member = await stage.login('Bob');
      const pings = () => [stranger, member].map((connection) => framesOf(connection, 'ping').length);
      stage.pass(29_999);
      expect(pings()).toEqual([0, 0]);
      stage.pass(1);
      expect(pings()).toEqual([1, 1]);
      for (let second = 0; second < 29; second++) stage.pass(1_000);
      expect(pings()).toEqual([1, 1]);
      stage.pass(1_000);
      expect(pings()).toEqual([2, 2]);
    }));

  test('the native wire is not pinged by frames', () =>
    onStage(async (stage) => {
      const { connection } = await stage.hello('Alice');
      connection.take();
      stage.pass(40_000);
      expect(connection.sent).toEqual([]);
    }));
});

describe('entering', () => {
  test('is refused where there is no such room, and may be tried again', () =>
    onStage(
      async (stage) => {
        const connection = stage.connect();
        connection.receive({ type: 'hello', version: 1, room: 'nowhere', name: 'Alice' });
        await until(() => framesOf(connection, 'refused').length > 0);
        expect(framesOf(connection, 'refused')).toMatchObject([{ code: 'room-unknown' }]);
        connection.receive({ type: 'hello', version: 1, room: 'LOBBY', name: 'Alice' });
        await until(() => framesOf(connection, 'room').length > 0);
        expect(await stage.present()).toEqual(['Alice']);
      },
      { settings: { roomsOnDemand: false } },
    ));

  test('again on the same connection is leaving and coming', () =>
    onStage(async (stage) => {
      const { connection } = await stage.hello('Alice');
      const bob = await stage.hello('Bob');
      connection.receive({ type: 'hello', version: 1, room: 'lobby', name: 'Alicia' });
      await until(() => framesOf(connection, 'ok').length === 2);
      expect(await stage.present()).toEqual(['Alicia', 'Bob']);
      expect(framesOf(bob.connection, 'gone')).toMatchObject([{ name: 'Alice' }]);
      expect(stage.tally.of('members parlour')).toBe(2);
    }));

  test('and going at once leaves nobody behind', () =>
    onStage(async (stage) => {
      for (const make of [
        () => ({ type: 'hello', version: 1, room: 'lobby', name: 'Alice' }),
        () => ({ action: 'login', username: 'Bob' }),
      ]) {
        const connection = stage.connect();
        connection.receive(make());
        connection.end({ code: 1006 });
      }
      await expectEmpty(stage);
    }));

  test('and going while the room waits for its storage leaves nobody behind', async () => {
    const gate = new GatedStorage();
    await onStage(
      async (stage) => {
        const alice = await stage.hello('Alice');
        gate.shut();
        alice.connection.receive(post('pending'));
        await until(() => gate.waiting === 1);
        const bob = stage.connect();
        bob.receive({ action: 'login', username: 'Bob' });
        await until(async () => (await stage.present()).includes('Bob'));
        await settled();
        bob.end({ code: 1006 });
        gate.open();
        await until(() => texts(alice.connection).length === 1);
        await settled();
        expect(await stage.present()).toEqual(['Alice']);
        expect(stage.tally.of('members barertc')).toBe(0);
        expect(stage.tally.of('sessions barertc')).toBe(0);
      },
      { storage: gate.storage },
    );
  });

  test.each(['parlour', 'barertc'])(
    'under a name that one owns, while the guest who has it (on the wire of %s) still waits to come in',
    async (guestsWire) => {
      const gate = new GatedStorage();
      const website = { secret: 'a secret between the website and us', algorithm: 'HS256' } as const;
      const jwt = await new WebsiteTokens({ ...website, now: () => START }).sign({ sub: 'Alice' });
      await onStage(
        async (stage) => {
          const talker = await stage.hello('Tom');
          gate.shut();
          talker.connection.receive(post('what happened before'));
          await until(() => gate.waiting === 1);
          const guest = stage.connect();
          guest.receive(
            guestsWire === 'parlour'
              ? { type: 'hello', version: 1, room: 'lobby', name: 'Alice' }
              : { action: 'login', username: 'Alice' },
          );
          await until(async () => (await stage.present()).includes('Alice'));
          const owner = stage.connect();
          owner.receive({ action: 'login', username: 'Alice', jwt });
          const room = await stage.hub.openRoom('lobby');
          await until(() => room?.memberWithIdentity('t:Alice'));
          gate.open();
          await until(() => !guest.open && framesOf(owner, 'me').length > 0);
          expect(await stage.present()).toEqual(['Alice', 'Tom']);
          expect(stage.tally.of('disconnected replaced')).toBe(1);
          guest.receive(
            guestsWire === 'parlour' ? post('ghost') : { action: 'message', channel: 'lobby', message: 'x' },
          );
          await settled();
          expect(texts(talker.connection)).toEqual(['what happened before']);
          owner.end({ code: 1001 });
          talker.connection.receive({ type: 'leave' });
          await expectEmpty(stage);
        },
        { storage: gate.storage, website },
      );
    },
  );

  test('is as refused, and as final, as its ban says', () =>
    onStage(async (stage) => {
      const guest = await stage.login('Mallory');
      const room = await stage.hub.openRoom('lobby');
      await room?.administer({ type: 'ban', name: 'Mallory', hours: 1, reason: 'spam' });
      expect(guest.open).toBe(false);
      const again = await stage.login('Mallory');
      expect(again.open).toBe(false);
      const native = stage.connect();
      native.receive({ type: 'hello', version: 1, room: 'lobby', name: 'mallory' });
      await until(() => !native.open);
      expect(framesOf(native, 'refused')).toMatchObject([{ code: 'banned' }]);
      expect(native.closeCode).toBe(4004);
      native.receive({ type: 'hello', version: 1, room: 'lobby', name: 'Trudy' });
      await expectEmpty(stage);
    }));

  test('with the token of somebody who is in the room takes their place', () =>
    onStage(async (stage) => {
      const first = await stage.hello('Alice');
      const second = await stage.hello('Alice', { token: first.welcome.token });
      expect(framesOf(first.connection, 'bye')).toMatchObject([{ code: 'replaced', comeBack: false }]);
      expect(first.connection.closeCode).toBe(4001);
      expect(await stage.present()).toEqual(['Alice']);
      expect(stage.tally.of('members parlour')).toBe(1);
      expect(stage.hub.askerBySecret(first.welcome.session)).toBeUndefined();
      second.connection.receive({ type: 'leave' });
      await expectEmpty(stage, [first.welcome.session, second.welcome.session]);
    }));
});

describe('requests', () => {
  test('before entering are refused', () =>
    onStage(async (stage) => {
      const connection = stage.connect();
      connection.receive({ type: 'hello', version: 1, room: 'lobby', name: '<>' });
      connection.receive({ ...post('hello'), ref: 'r' });
      await until(() => framesOf(connection, 'refused').length === 2);
      expect(framesOf(connection, 'refused')[1]).toMatchObject({ ref: 'r', code: 'not-joined' });
    }));

  test('faster than their kind allows are refused, others are not', () =>
    onStage(
      async (stage) => {
        const { connection } = await stage.hello('Alice');
        for (let index = 0; index < 4; index++) connection.receive(post(`${index}`));
        connection.receive({ type: 'presence', status: 'away' });
        await until(() => framesOf(connection, 'self').length === 1);
        expect(texts(connection)).toEqual(['0', '1']);
        expect(framesOf(connection, 'refused').map(({ code }) => code)).toEqual(['too-fast', 'too-fast']);
        stage.clock.now += 1_000;
        connection.receive(post('later'));
        await until(() => texts(connection).length === 3);
      },
      { settings: { rates: wideRates({ burst: 2, perSecond: 1 }) } },
    ));

  test('of one address have a rate together, however often it connects anew', () =>
    onStage(
      async (stage) => {
        let refused = 0;
        for (let round = 0; round < 60; round++) {
          const { connection } = await stage.hello(`guest ${round}`);
          connection.receive({ type: 'post', ref: 'p', target: { channel: 'lobby' }, text: 'flood' });
          await until(() => framesOf(connection, 'ok').length + framesOf(connection, 'refused').length === 2);
          refused += framesOf(connection, 'refused').length;
          connection.receive({ type: 'leave' });
        }
        expect(refused).toBe(10);
      },
      { settings: { rates: wideRates({ burst: 1, perSecond: 0.000_001 }) } },
    ));

  test('with the client’s id are carried out once, over connections, too', () =>
    onStage(async (stage) => {
      const first = await stage.hello('Alice');
      first.connection.receive(post('once', 'c1'));
      await until(() => texts(first.connection).length === 1);
      const again = await stage.hello('Alice', { token: first.welcome.token });
      again.connection.receive({ ...post('once', 'c1'), ref: 'again' });
      await until(() => framesOf(again.connection, 'ok').some(({ ref }) => ref === 'again'));
      expect(texts(again.connection)).toEqual([]);
      expect(stage.tally.of('messages parlour')).toBe(1);
    }));
});

describe('a lost connection', () => {
  const resume = (peer: { readonly welcome: { readonly session: string; readonly epoch: string } }, seq: number) => ({
    resume: { session: peer.welcome.session, epoch: peer.welcome.epoch, seq },
  });
  const lastSeq = (connection: Parameters<typeof framesOf>[0]) =>
    Math.max(...connection.sent.map((text) => Number((JSON.parse(text) as { seq?: number }).seq ?? 0)));

  test('may be taken up again: all that was missed comes, once, in order', () =>
    onStage(async (stage) => {
      const [alice, bob] = [await stage.hello('Alice'), await stage.hello('Bob')];
      bob.connection.receive(post('seen'));
      await until(() => texts(alice.connection).length === 1);
      const seq = lastSeq(alice.connection);
      alice.connection.end({ code: 1006 });
      for (const text of ['one', 'two']) bob.connection.receive(post(text));
      await until(() => texts(bob.connection).length === 3);
      const back = await stage.hello('Alice', resume(alice, seq));
      expect(back.welcome).toMatchObject({ recovered: true, session: alice.welcome.session });
      expect(texts(back.connection)).toEqual(['one', 'two']);
      expect(framesOf(back.connection, 'room')).toEqual([]);
      expect(framesOf(bob.connection, 'gone')).toEqual([]);
      bob.connection.receive(post('three'));
      await until(() => texts(back.connection).length === 3);
      expect(stage.tally.of('sessions parlour')).toBe(2);
      expect(stage.tally.of('members parlour')).toBe(2);
    }));

  test('is taken up while the old one seems open; that it ends then, late, ends nothing', () =>
    onStage(async (stage) => {
      const alice = await stage.hello('Alice');
      const old = alice.connection;
      // What a socket does: its end is told some time after it was asked for.
      const ends: (() => void)[] = [];
      old.terminate = () => void ends.push(() => old.end({ code: 1006 }));
      const back = await stage.hello('Alice', resume(alice, lastSeq(old)));
      expect(ends).toHaveLength(1);
      for (const end of ends) end();
      stage.pass(120_000);
      expect(await stage.present()).toEqual(['Alice']);
      back.connection.receive(post('still here'));
      await until(() => texts(back.connection).length === 1);
    }));

  test('is taken up after we closed it, before the peer knew', () =>
    onStage(async (stage) => {
      const [alice, bob] = [await stage.hello('Alice'), await stage.hello('Bob')];
      const old = alice.connection;
      const seq = lastSeq(old);
      const close = old.close.bind(old);
      let closing = () => {};
      old.close = (code) => {
        closing = () => close(code);
      };
      old.congest();
      for (let index = 0; index < 12; index++) bob.connection.receive(post('x'.repeat(1_000)));
      await until(() => stage.tally.of('disconnected slow') === 1);
      const back = await stage.hello('Alice', resume(alice, seq));
      closing();
      expect(texts(back.connection)).toHaveLength(12);
      bob.connection.receive(post('next'));
      await until(() => texts(back.connection).at(-1) === 'next');
      expect(stage.tally.of('outbox')).toBe(0);
    }));

  test('that missed more than is kept comes back to everything anew, in the same place', () =>
    onStage(async (stage) => {
      const alice = await stage.hello('Alice');
      alice.connection.end({ code: 1006 });
      const back = await stage.hello('Alice', { resume: { session: alice.welcome.session, epoch: 'another', seq: 1 } });
      expect(back.welcome).toMatchObject({ recovered: false, session: alice.welcome.session });
      expect(framesOf(back.connection, 'room')).toHaveLength(1);
      expect(await stage.present()).toEqual(['Alice']);
    }));

  test('whose room is written in other letters is the same', () =>
    onStage(async (stage) => {
      const alice = await stage.hello('Alice');
      const back = await stage.hello('Alice', { room: 'LOBBY', ...resume(alice, lastSeq(alice.connection)) });
      expect(back.welcome).toMatchObject({ recovered: true });
    }));

  test('waits for its time, and not longer; then its secret is worth nothing', () =>
    onStage(async (stage) => {
      const alice = await stage.hello('Alice');
      alice.connection.end({ code: 1006 });
      stage.pass(60_000);
      expect(await stage.present()).toEqual(['Alice']);
      stage.pass(1);
      await expectEmpty(stage, [alice.welcome.session]);
      const back = await stage.hello('Alice', resume(alice, 1));
      expect(back.welcome).toMatchObject({ recovered: false });
      expect(back.welcome.session).not.toBe(alice.welcome.session);
    }));

  test('of a page that says that it goes waits ten seconds', () =>
    onStage(async (stage) => {
      const alice = await stage.hello('Alice');
      alice.connection.end({ code: 1001 });
      stage.pass(10_000);
      expect(await stage.present()).toEqual(['Alice']);
      stage.pass(1);
      await expectEmpty(stage, [alice.welcome.session]);
    }));

  test('of BareRTC’s wire is gone at once, as it went', () =>
    onStage(async (stage) => {
      const watcher = await stage.login('Wanda');
      const [left, silent] = [await stage.login('Lea'), await stage.login('Sid')];
      left.end({ code: 1001 });
      silent.end({ code: 1006, silent: true });
      expect(framesOf(watcher, 'presence').slice(-2)).toMatchObject([
        { username: 'Lea', message: 'has exited the room!' },
        { username: 'Sid', message: 'has timed out!' },
      ]);
      watcher.end({ code: 1000 });
      await expectEmpty(stage);
    }));

  test('is not taken up on itself: that is entering again', () =>
    onStage(async (stage) => {
      const alice = await stage.hello('Alice');
      alice.connection.receive({
        type: 'hello',
        version: 1,
        room: 'lobby',
        name: 'Alice',
        token: alice.welcome.token,
        ...resume(alice, 1),
      });
      await until(() => framesOf(alice.connection, 'ok').length === 2);
      expect(alice.connection.open).toBe(true);
      alice.connection.receive(post('here'));
      await until(() => texts(alice.connection).length === 1);
      alice.connection.receive({ type: 'leave' });
      await expectEmpty(stage, [alice.welcome.session]);
    }));

  test('taken up by somebody who is in the room already: they leave it', () =>
    onStage(async (stage) => {
      const [alice, bob] = [await stage.hello('Alice'), await stage.hello('Bob')];
      alice.connection.end({ code: 1006 });
      bob.connection.receive({ type: 'hello', version: 1, room: 'lobby', name: 'Alice', ...resume(alice, 1) });
      await until(() => framesOf(bob.connection, 'ok').length === 2);
      await settled();
      expect(await stage.present()).toEqual(['Alice']);
      expect(stage.hub.askerBySecret(bob.welcome.session)).toBeUndefined();
      bob.connection.receive({ type: 'leave' });
      await expectEmpty(stage, [alice.welcome.session, bob.welcome.session]);
    }));
});

describe('the end', () => {
  test('by leaving is at once, with a goodbye', () =>
    onStage(async (stage) => {
      const alice = await stage.hello('Alice');
      alice.connection.receive({ type: 'leave' });
      expect(framesOf(alice.connection, 'bye')).toMatchObject([{ code: 'left' }]);
      expect(alice.connection.closeCode).toBe(1000);
      await expectEmpty(stage, [alice.welcome.session]);
    }));

  test('by a kick is for good, detached or not', () =>
    onStage(async (stage) => {
      const olga = await stage.hello('Olga', { invitation: await stage.operatorInvitation() });
      const [alice, bob] = [await stage.hello('Alice'), await stage.hello('Bob')];
      bob.connection.end({ code: 1006 });
      for (const name of ['Alice', 'Bob']) olga.connection.receive({ type: 'kick', name });
      await until(() => !alice.connection.open);
      await settled();
      expect(framesOf(alice.connection, 'bye')).toMatchObject([{ code: 'kicked', comeBack: false }]);
      expect(await stage.present()).toEqual(['Olga']);
      olga.connection.receive({ type: 'leave' });
      await expectEmpty(stage, [alice.welcome.session, bob.welcome.session]);
    }));

  test('of who is too slow: those who can come back wait, the others are gone', () =>
    onStage(async (stage) => {
      const [alice, bob] = [await stage.hello('Alice'), await stage.hello('Bob')];
      const bare = await stage.login('Bertha');
      alice.connection.congest();
      bare.congest();
      for (let index = 0; index < 12; index++) bob.connection.receive(post('x'.repeat(1_000)));
      await until(() => stage.tally.of('disconnected slow') === 2);
      await settled();
      expect(await stage.present()).toEqual(['Alice', 'Bob']);
      expect(stage.tally.of('outbox')).toBe(0);
    }));

  test('of the hub tells all that they may come back, and lets nobody in', async () => {
    const stage = await openStage();
    const [alice, bob, waiting] = [await stage.hello('Alice'), await stage.login('Bob'), stage.connect()];
    const carol = await stage.hello('Carol');
    carol.connection.end({ code: 1006 });
    // A socket that is closing may still hand on what had arrived.
    const late = waiting.listener;
    await stage.hub.close();
    late.received({ kind: 'text', text: JSON.stringify({ action: 'login', username: 'Late' }) });
    expect(framesOf(alice.connection, 'bye')).toMatchObject([{ code: 'server-stopping', comeBack: true }]);
    expect([alice.connection, bob, waiting, stage.connect()].map(({ closeCode }) => closeCode)).toEqual([
      1012, 1012, 1012, 1012,
    ]);
    await expectEmpty(stage, [alice.welcome.session, carol.welcome.session]);
    expect(stage.faults).toEqual([]);
  });
});

describe('rooms on demand', () => {
  test('are made by a name that can be an address, up to as many as may be', () =>
    onStage(async (stage) => {
      const names = ['lobby', 'den', '../etc', 'a b', '', 'x'.repeat(65), 'DEN', 'attic', 'cellar'];
      const rooms = [];
      for (const name of names) rooms.push((await stage.hub.openRoom(name))?.view.name);
      expect(rooms).toEqual(['lobby', 'den', undefined, undefined, undefined, undefined, 'den', 'attic', undefined]);
    }));

  test('are closed when nobody was there for five minutes, and others can be made', () =>
    onStage(async (stage) => {
      const den = await stage.hub.openRoom('den');
      await stage.hub.openRoom('lobby');
      await stage.hub.openRoom('attic');
      expect(await stage.hub.openRoom('cellar')).toBeUndefined();
      const alice = await stage.hello('Alice', { room: 'den' });
      stage.pass(5 * 60_000 + 1);
      expect((await stage.hub.openRoom('cellar'))?.view.name).toBe('cellar');
      expect(await stage.hub.openRoom('den')).toBe(den);
      expect(alice.connection.open).toBe(true);
    }));

  test('that fail to open may be tried again', async () => {
    const gate = new GatedStorage();
    let failing = true;
    const storage = new Proxy(gate.storage, {
      get: (target, property) => {
        if (property === 'sanctions' && failing) return () => Promise.reject(new Error('the disk is gone'));
        return Reflect.get(target, property) as unknown;
      },
    });
    await onStage(
      async (stage) => {
        await expect(stage.hub.openRoom('lobby')).rejects.toThrow('the disk is gone');
        failing = false;
        expect((await stage.hub.openRoom('lobby'))?.view.name).toBe('lobby');
      },
      { storage },
    );
  });
});

test('who is shown their roster late is shown the latest', () =>
  onStage(
    async (stage) => {
      const bertha = await stage.login('Bertha');
      bertha.congest();
      for (const name of ['Ann', 'Ben', 'Cay']) await stage.login(name);
      const before = framesOf(bertha, 'who').length;
      bertha.drain();
      const lists = framesOf(bertha, 'who').slice(before);
      expect(lists).toHaveLength(1);
      expect(lists[0]?.whoList).toMatchObject([
        { username: 'Ann' },
        { username: 'Ben' },
        { username: 'Bertha' },
        { username: 'Cay' },
      ]);
    },
    { settings: { outboxBytes: 100_000 } },
  ));
