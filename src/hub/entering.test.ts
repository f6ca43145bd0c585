import { describe, expect, test } from 'vitest';
import type { Command, JoinCommand } from '../core/command.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { dialect as parlour } from '../dialects/parlour/index.ts';
import type { MemoryConnection } from '../transport/memory.ts';
import { fakeDialect } from './testing/occupant.ts';
import { framesOf, openStage, type Stage, type StageOptions, settled, until } from './testing/stage.ts';

const GRACE_MS = 30_000;

/** A wire that counts nothing, and whose clients have a key of their own; its frames are commands as they are. */
const keyed: Dialect = fakeDialect({
  name: 'keyed',
  mounts: [{ path: '/keyed', recognises: () => true }],
  limits: { ...fakeDialect().limits, resumable: true, graceMs: GRACE_MS },
  decode: (_state, frame) => ({
    requests: frame.kind === 'text' ? [{ command: JSON.parse(frame.text) as Command }] : [],
  }),
});

interface Keyed extends Stage {
  /** Connects and comes in by a key: takes up the session that has it, or enters anew. */
  come(key: string, more?: Partial<JoinCommand>): Promise<MemoryConnection>;
}

async function onStage(play: (stage: Keyed) => Promise<void>, options: StageOptions = {}): Promise<void> {
  const stage = await openStage({ dialects: [parlour, keyed], ...options });
  const come: Keyed['come'] = async (key, more = {}) => {
    const connection = stage.connect('/keyed');
    connection.receive({ type: 'resume', session: key, otherwise: joinBy(key, more) });
    await answered(connection);
    return connection;
  };
  try {
    await play({ ...stage, come });
    expect(stage.faults).toEqual([]);
  } finally {
    await stage.hub.close();
  }
}

function joinBy(key: string, more: Partial<JoinCommand> = {}): JoinCommand {
  return {
    type: 'join',
    room: 'lobby',
    name: `name of ${key}`,
    credentials: { visitor: key },
    presence: {},
    relations: {},
    resumeKey: key,
    ...more,
  };
}

async function say(connection: MemoryConnection, text: string): Promise<void> {
  connection.receive({ type: 'post', target: { channel: 'lobby' }, text });
  await settled();
}

const answered = (connection: MemoryConnection) =>
  until(() => connection.sent.some((text) => text === 'accepted' || text === 'refused'));

/** What was sent since the last look. */
const heard = (connection: MemoryConnection) => connection.sent.splice(0);
const lost = (connection: MemoryConnection) => connection.end({ code: 1006 });

describe('a session taken up by a key, without a word of what was seen', () => {
  test('gets all that happened since the connection was lost, in order, and then the new', () =>
    onStage(async ({ come, hello, present }) => {
      const old = await come('ann');
      const { connection: bob } = await hello('Bob');
      await say(bob, 'before');
      expect(heard(old)).toContain('before');
      lost(old);
      await say(bob, 'one');
      await say(bob, 'two');
      expect(await present()).toEqual(['Bob', 'name of ann']);
      const back = await come('ann');
      const missed = heard(back);
      expect(missed).toEqual(['welcomed', 'one', 'two', 'accepted']);
      await say(bob, 'three');
      expect(heard(back)).toEqual(['three']);
    }));

  test('costs the others nothing: nobody goes, nobody comes', () =>
    onStage(async ({ come, hello, present }) => {
      const old = await come('ann');
      const { connection: bob } = await hello('Bob');
      bob.take();
      lost(old);
      await come('ann');
      expect(bob.take()).toEqual([]);
      expect(await present()).toEqual(['Bob', 'name of ann']);
    }));

  test('can be taken up again and again, each time with what was missed then', () =>
    onStage(async ({ come, hello }) => {
      let connection = await come('ann');
      const { connection: bob } = await hello('Bob');
      for (const text of ['one', 'two', 'three']) {
        heard(connection);
        lost(connection);
        await say(bob, text);
        connection = await come('ann');
        expect(heard(connection)).toEqual(['welcomed', text, 'accepted']);
      }
    }));

  test('while its connection is still there is taken from it, and misses nothing of what comes', () =>
    onStage(async ({ come, hello, present }) => {
      const old = await come('ann');
      const { connection: bob } = await hello('Bob');
      await say(bob, 'before');
      const back = await come('ann');
      expect(old.open).toBe(false);
      expect(heard(back)).toEqual(['welcomed', 'accepted']);
      await say(bob, 'after');
      expect(heard(back)).toEqual(['after']);
      expect(await present()).toEqual(['Bob', 'name of ann']);
    }));

  test('gets everything anew where what it missed is not remembered any more', () =>
    onStage(
      async ({ come, hello, pass }) => {
        const old = await come('ann');
        const { connection: bob } = await hello('Bob');
        heard(old);
        lost(old);
        await say(bob, 'long ago');
        pass(GRACE_MS);
        await say(bob, 'just now');
        pass(1);
        expect(heard(await come('ann'))).toContain('room-entered');
      },
      {
        dialects: [parlour, { ...keyed, limits: { ...keyed.limits, graceMs: 2 * GRACE_MS } }],
        settings: { resumeMs: 0 },
      },
    ));
});

describe('a key', () => {
  test('is good for as long as its wire says, and then for a new session', () =>
    onStage(async ({ come, pass, present }) => {
      const old = await come('ann');
      lost(old);
      pass(GRACE_MS);
      expect(await present()).toEqual(['name of ann']);
      pass(1);
      expect(await present()).toEqual([]);
      expect(heard(await come('ann'))).toContain('room-entered');
    }));

  test('that nobody has enters', () =>
    onStage(async ({ come }) => expect(heard(await come('nobody'))).toContain('room-entered')));

  test.each([
    ['there', (): void => {}],
    ['lost', lost],
  ])('brought to another room leaves the one before, whose connection is %s', (_, end) =>
    onStage(async ({ come, hello, present, pass }) => {
      const old = await come('ann');
      end(old);
      const elsewhere = await come('ann', { room: 'attic' });
      expect(heard(elsewhere)).toContain('room-entered');
      expect(await present()).toEqual([]);
      expect(old.open).toBe(false);
      const { connection: bob } = await hello('Bob', { room: 'attic' });
      pass(GRACE_MS + 1);
      heard(elsewhere);
      lost(elsewhere);
      await say(bob, 'missed');
      expect(heard(await come('ann', { room: 'attic' }))).toEqual(['welcomed', 'missed', 'accepted']);
    }),
  );

  test('is of no use on a wire whose sessions end with their connections', async () => {
    const fleeting = { ...keyed, limits: { ...keyed.limits, resumable: false } };
    await onStage(
      async ({ come, present }) => {
        lost(await come('ann'));
        expect(await present()).toEqual([]);
        expect(heard(await come('ann'))).not.toContain('welcomed');
      },
      { dialects: [fleeting] },
    );
  });
});

describe('who may be here once only', () => {
  test('is refused on a second connection, which is not held against the first', () =>
    onStage(async ({ connect, come, hello, present }) => {
      const { welcome } = await hello('Ann');
      const second = connect('/keyed');
      const credentials = { token: welcome.token };
      second.receive(joinBy('ann', { onlyOnce: true, credentials }));
      await answered(second);
      expect(heard(second)).toEqual(['refused']);
      expect(await present()).toEqual(['Ann']);
      expect(heard(await come('bob', { onlyOnce: true }))).toContain('room-entered');
    }));

  test('on a wire with one try is sent away with the refusal', async () => {
    const once: Dialect = { ...keyed, limits: { ...keyed.limits, oneTry: true } };
    await onStage(
      async ({ connect, tally }) => {
        const connection = connect('/keyed');
        connection.receive(joinBy('ann', { name: '<>' }));
        await answered(connection);
        expect(heard(connection)).toEqual(['refused', 'bye not-admitted']);
        expect(connection.open).toBe(false);
        expect(tally.of('disconnected not-admitted')).toBe(1);
      },
      { dialects: [once] },
    );
  });
});

describe('a password said on the native wire', () => {
  test('makes an account of a guest; the token of the answer holds, and the one before it does not', () =>
    onStage(async ({ hello, clock }) => {
      const ann = await hello('Ann');
      clock.now += 10;
      ann.connection.receive({ type: 'password', ref: 'p', password: 'secret' });
      const answer = await until(() => framesOf(ann.connection, 'ok').find(({ ref }) => ref === 'p'));
      const again = await hello('Whoever', { token: answer.detail });
      expect(framesOf(again.connection, 'room')).toMatchObject([{ self: { name: 'Ann' } }]);
      const stale = await hello('Whoever', { token: ann.welcome.token });
      expect(framesOf(stale.connection, 'room')).toMatchObject([{ self: { name: 'Whoever' } }]);
    }));
});
