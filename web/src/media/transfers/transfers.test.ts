import { beforeEach, describe, expect, test } from 'vitest';
import { type Ask, ConnectionLostError } from '../../../../src/dialects/parlour/client.ts';
import type { RoomFrame } from '../../../../src/dialects/parlour/wire.ts';
import { FakeConnection } from '../meeting/testing/fake-connection.ts';
import type { FileSink } from './file-sink.ts';
import { MAX_ASKED_BY_ONE, MAX_OPEN, Transfers } from './transfers.ts';

/** One of us, whose room has bob and eve. */
function makeTransfers() {
  const asked: Ask[] = [];
  const people = [
    { id: 'm-bob', name: 'bob' },
    { id: 'm-eve', name: 'eve' },
  ];
  const world = {
    people,
    sink: async (): Promise<FileSink | undefined> => sink,
    fail: undefined as Error | undefined,
    discarded: 0,
    connections: 0,
  };
  const sink: FileSink = {
    write: async () => undefined,
    finish: async () => undefined,
    discard: () => void world.discarded++,
  };
  let lastId = 0;
  const transfers = new Transfers({
    ask: async (ask) => {
      asked.push(ask);
      if (world.fail) throw world.fail;
    },
    memberNamed: (name) => world.people.find((member) => member.name === name.toLowerCase()),
    memberOf: (id) => world.people.find((member) => member.id === id),
    createPeer: () => {
      const connection = new FakeConnection(world.connections++);
      return Object.assign(connection, { createDataChannel: () => ({}) }) as unknown as RTCPeerConnection;
    },
    newId: () => `f${++lastId}`,
    after: () => () => undefined,
    openSink: () => world.sink(),
    words: (fault) => `words of ${fault}`,
    errorText: (error) => String(error),
  });
  const hears = (name: string, value: unknown, more: object = {}) => {
    const note = { type: 'note', seq: 1, name, privileged: false, direct: true, kind: 'filetransfer', at: 0 } as const;
    transfers.received({ ...note, value, ...more });
  };
  const states = () => transfers.state.get().map(({ state }) => state);
  const values = () => asked.map((ask) => (ask.type === 'note' ? ask.value : ask));
  return { transfers, asked, world, hears, states, values };
}

const invite = (id: string) => ({ type: 'invite', version: ['1'], id, name: `${id}.txt`, size: 3, mimetype: '' });
const file = (name: string) => new File(['abc'], name, { type: 'text/plain' });

let me: ReturnType<typeof makeTransfers>;
beforeEach(() => {
  me = makeTransfers();
});

test('an invitation goes to one person, with the words of Galène’s wire', () => {
  expect(me.transfers.send('Bob', [file('a.txt')])).toBe(0);
  const value = { type: 'invite', id: 'f1', name: 'a.txt', size: 3, mimetype: 'text/plain', version: ['1'] };
  expect(me.asked).toEqual([{ type: 'note', to: 'bob', kind: 'filetransfer', value }]);
});

test('nothing is received without a yes, and after it by an offer of ours', async () => {
  me.hears('bob', invite('x'));
  expect(me.world.connections).toBe(0);
  const [transfer] = me.transfers.state.get();
  expect(transfer).toMatchObject({ person: 'bob', name: 'x.txt', size: 3, direction: 'receive' });
  await me.transfers.accept(transfer?.key ?? '');
  await expect.poll(me.values).toMatchObject([{ type: 'offer', id: 'x', version: ['1'] }, { type: 'ice' }]);
});

test('who chooses no place for it may still say yes', async () => {
  me.hears('bob', invite('x'));
  me.world.sink = async () => undefined;
  await me.transfers.accept('receive m-bob x');
  expect(me.states()).toEqual([{ kind: 'asked' }]);
});

test('what was withdrawn while a place was chosen leaves nothing behind', async () => {
  me.hears('bob', invite('x'));
  const { sink } = me.world;
  me.world.sink = () => {
    me.hears('bob', { type: 'cancel', id: 'x' });
    return sink();
  };
  await me.transfers.accept('receive m-bob x');
  expect(me.world.discarded).toBe(1);
  expect(me.states()).toMatchObject([{ kind: 'over', by: 'them' }]);
});

test('a file that this browser cannot take is refused, with words for both', async () => {
  me.hears('bob', invite('x'));
  me.world.sink = async () => {
    throw new Error('too large');
  };
  await me.transfers.accept('receive m-bob x');
  expect(me.states()).toMatchObject([{ kind: 'over', why: 'failed', message: 'Error: too large' }]);
  expect(me.values()).toEqual([{ type: 'cancel', id: 'x', message: 'Error: too large' }]);
});

describe('bounds', () => {
  test('one person asks a few things at once, others still may', () => {
    for (let count = 0; count <= MAX_ASKED_BY_ONE; count++) me.hears('eve', invite(`x${count}`));
    expect(me.states()).toHaveLength(MAX_ASKED_BY_ONE);
    expect(me.values()).toEqual([{ type: 'cancel', id: `x${MAX_ASKED_BY_ONE}`, message: 'words of too-many' }]);
    me.hears('bob', invite('y'));
    expect(me.states()).toHaveLength(MAX_ASKED_BY_ONE + 1);
  });

  test('so many are on their way', () => {
    const files = Array.from({ length: MAX_OPEN + 3 }, (_, index) => file(`${index}.txt`));
    expect(me.transfers.send('bob', files)).toBe(3);
    expect(me.states()).toHaveLength(MAX_OPEN);
    me.hears('eve', invite('x'));
    expect(me.states()).toHaveLength(MAX_OPEN);
  });

  test('finished ones make place for others', () => {
    for (let count = 0; count < 40; count++) {
      me.transfers.send('bob', [file('a.txt')]);
      me.hears('bob', { type: 'cancel', id: `f${count + 1}` });
    }
    expect(me.states()).toHaveLength(8);
    expect(me.transfers.state.get().at(-1)?.id).toBe('f40');
  });
});

test('one id of two people is two files, and one of each way of one person, too', () => {
  me.hears('bob', invite('f1'));
  me.hears('eve', invite('f1'));
  me.transfers.send('bob', [file('a.txt')]);
  expect(me.states()).toHaveLength(3);
  me.hears('eve', { type: 'cancel', id: 'f1' });
  expect(me.states().map(({ kind }) => kind)).toEqual(['asked', 'over', 'asked']);
});

test('an invitation that is said twice is asked once', () => {
  me.hears('bob', invite('x'));
  me.hears('bob', invite('x'));
  expect(me.states()).toHaveLength(1);
});

test('notes to everybody, of other kinds and of strangers are none of this', () => {
  me.hears('bob', invite('x'), { direct: false });
  me.hears('bob', invite('x'), { kind: 'warning' });
  me.hears('zoe', invite('x'));
  expect(me.states()).toEqual([]);
  expect(me.asked).toEqual([]);
});

test('an offer for what this page does not know is not left waiting', () => {
  me.hears('bob', { type: 'offer', version: ['1'], id: 'old', sdp: 'v=0' });
  expect(me.values()).toEqual([{ type: 'cancel', id: 'old' }]);
});

test('who leaves takes their files along, and who is not in a room entered anew', () => {
  me.transfers.send('bob', [file('a.txt')]);
  me.hears('eve', invite('x'));
  me.transfers.received({ type: 'gone', seq: 2, id: 'm-bob' } as RoomFrame);
  expect(me.states()).toMatchObject([{ why: 'gone' }, { kind: 'asked' }]);
  me.world.people = [];
  me.transfers.received({ type: 'room' } as RoomFrame);
  expect(me.states()).toMatchObject([{ why: 'gone' }, { why: 'gone' }]);
});

test('what the server refuses has failed; what was lost with the connection is said again', async () => {
  me.world.fail = new ConnectionLostError();
  me.transfers.send('bob', [file('a.txt')]);
  await Promise.resolve();
  me.world.fail = new Error('not permitted');
  me.transfers.recovered();
  expect(me.asked).toHaveLength(2);
  await expect.poll(me.states).toMatchObject([{ kind: 'over', why: 'failed', message: 'Error: not permitted' }]);
});

test('who closes the page says so to all', () => {
  me.transfers.send('bob', [file('a.txt')]);
  me.hears('eve', invite('x'));
  me.transfers.close();
  expect(me.values().slice(1)).toEqual([
    { type: 'cancel', id: 'f1' },
    { type: 'cancel', id: 'x' },
  ]);
  expect(me.states()).toEqual([]);
});
