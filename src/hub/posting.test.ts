import { describe, expect, test } from 'vitest';
import { openMemoryStorage } from '../storage/memory/memory-storage.ts';
import type { MemoryConnection } from '../transport/memory.ts';
import { type House, onHouse } from './testing/rooms.ts';
import { framesOf, settled, texts, until } from './testing/stage.ts';

let refs = 0;

/** Says something on the native wire, and waits for the answer. */
async function ask(connection: MemoryConnection, frame: object): Promise<Record<string, unknown>> {
  const ref = `r${++refs}`;
  connection.receive({ ref, ...frame });
  const answers = () => [...framesOf(connection, 'ok'), ...framesOf(connection, 'refused')];
  return until(() => answers().find((answer) => answer.ref === ref));
}

async function operator({ hello, operatorInvitation }: House, more: object = {}): Promise<MemoryConnection> {
  return (await hello('Olga', { invitation: await operatorInvitation(), ...more })).connection;
}

const frames = (connection: MemoryConnection, type: string) => framesOf(connection, type);

describe('a channel made on the native wire', () => {
  test.each([
    [{ name: 'Night Shift' }, { type: 'ok', detail: 'night-shift' }],
    [{ name: 'Комната' }, { type: 'ok', detail: 'komnata' }],
    [
      { name: 'Night Shift', id: 'Night' },
      { type: 'ok', detail: 'Night' },
    ],
    [{ name: '!?' }, { type: 'refused', code: 'channel-invalid' }],
    [
      { name: '!?', id: 'odd' },
      { type: 'ok', detail: 'odd' },
    ],
    [{ name: 'Lobby' }, { type: 'refused', code: 'channel-exists' }],
    [
      { name: 'Another', id: 'LOBBY' },
      { type: 'refused', code: 'channel-exists' },
    ],
  ])('%j: %j', (wanted, answer) =>
    onHouse(async (house) => {
      const olga = await operator(house);
      expect(await ask(olga, { type: 'create-channel', ...wanted })).toMatchObject(answer);
    }),
  );

  test('is there for all, who can write in it and read on in it after a restart', async () => {
    const storage = openMemoryStorage();
    await onHouse(
      async (house) => {
        const olga = await operator(house);
        const { connection: bob } = await house.hello('Bob');
        await ask(olga, { type: 'create-channel', name: 'Night' });
        expect(frames(bob, 'channel')).toMatchObject([{ channel: { id: 'night', name: 'Night' } }]);
        expect(await ask(bob, { type: 'post', target: { channel: 'night' }, text: 'hello' })).toMatchObject({
          type: 'ok',
        });
        expect(texts(olga)).toEqual(['hello']);
      },
      { storage },
    );
    await onHouse(
      async ({ hello }) => {
        const [room] = frames((await hello('Carol')).connection, 'room');
        expect(room).toMatchObject({ channels: [{ id: 'lobby' }, { id: 'night' }], messages: [{ text: 'hello' }] });
      },
      { storage },
    );
  });

  test('is gone with what was said there when it is deleted, also for who asks for its history', () =>
    onHouse(async (house) => {
      const olga = await operator(house);
      await ask(olga, { type: 'create-channel', name: 'Night' });
      await ask(olga, { type: 'post', target: { channel: 'night' }, text: 'a secret' });
      expect(await ask(olga, { type: 'delete-channel', id: 'night' })).toMatchObject({ type: 'ok' });
      expect(frames(olga, 'channel-gone')).toMatchObject([{ id: 'night' }]);
      const history = { type: 'history', target: { channel: 'night' } };
      expect(await ask(olga, history)).toMatchObject({ type: 'refused', code: 'channel-unknown' });
      await ask(olga, { type: 'create-channel', name: 'Night' });
      expect(await ask(olga, history)).toMatchObject({ type: 'ok', messages: [] });
    }));

  test('is an operator’s, as is an announcement', () =>
    onHouse(async ({ hello }) => {
      const { connection } = await hello('Bob');
      for (const frame of [
        { type: 'create-channel', name: 'Night' },
        { type: 'delete-channel', id: 'lobby' },
        { type: 'announce', text: 'Me!' },
      ]) {
        expect(await ask(connection, frame)).toMatchObject({ type: 'refused', code: 'not-permitted' });
      }
    }));
});

describe('another name on the native wire', () => {
  test('is numbered where it belongs to an account, whose holder is away', () =>
    onHouse(async ({ hello, present }) => {
      const ann = await hello('Ann');
      expect(await ask(ann.connection, { type: 'password', password: 'secret' })).toMatchObject({ type: 'ok' });
      ann.connection.receive({ type: 'leave' });
      await settled();
      const { connection: bob } = await hello('Bob');
      expect(await ask(bob, { type: 'rename', name: 'ANN' })).toMatchObject({ type: 'ok' });
      expect(frames(bob, 'self').at(-1)).toMatchObject({ self: { name: 'ANN 2' } });
      expect(await present()).toEqual(['ANN 2']);
    }));

  test('is not for who has made an account of theirs', () =>
    onHouse(async ({ hello }) => {
      const { connection } = await hello('Ann');
      await ask(connection, { type: 'password', password: 'secret' });
      expect(await ask(connection, { type: 'rename', name: 'Zoe' })).toMatchObject({ code: 'not-permitted' });
      const wrong = { type: 'password', password: 'other', current: 'wrong' };
      expect(await ask(connection, wrong)).toMatchObject({ code: 'login-failed' });
      const right = { type: 'password', password: 'other', current: 'secret' };
      expect(await ask(connection, right)).toMatchObject({ type: 'ok', detail: expect.stringMatching(/./) });
    }));

  test('is told to the others, and kept when the connection is lost', () =>
    onHouse(async ({ hello }) => {
      const ann = await hello('Ann');
      const { connection: bob } = await hello('Bob');
      await ask(ann.connection, { type: 'rename', name: 'Zoe' });
      expect(frames(bob, 'renamed')).toMatchObject([{ from: 'Ann', name: 'Zoe' }]);
      ann.connection.end({ code: 1006 });
      const { session } = ann.welcome;
      const back = await hello('Ann', { resume: { session, epoch: '', seq: 0 } });
      expect(frames(back.connection, 'room')).toMatchObject([{ self: { name: 'Zoe' } }]);
    }));
});
