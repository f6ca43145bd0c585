import { describe, expect, test } from 'vitest';
import { frame, member, message, NOON, reduce, roomFrame, self } from './fixtures.ts';
import { emptyRoom } from './room-model.ts';
import { selectChannelLines, selectDirectLines, selectPeople } from './selectors.ts';
import { channelKey, directKey } from './thread.ts';

const lobby = channelKey('lobby');
const ids = (room: ReturnType<typeof reduce>, key = lobby) => room.threads[key]?.messages.map(({ id }) => id);
const line = (room: ReturnType<typeof reduce>, name: string) =>
  [...selectChannelLines(room), ...selectDirectLines(room)].find((each) => each.name === name);

describe('channels', () => {
  const garden = { id: 'garden', name: 'Garden', icon: '', description: '', welcome: [], vip: false, photos: true };
  const made = frame({ type: 'channel', channel: garden });
  const gone = frame({ type: 'channel-gone', id: 'garden' });
  const names = (room: ReturnType<typeof reduce>) => selectChannelLines(room).map(({ name }) => name);

  test('that are made come last, and what is said there is new', () => {
    const room = reduce([roomFrame(), made, frame({ type: 'message', message: message(5, { channel: 'garden' }) })]);
    expect(names(room)).toEqual(['lobby', 'offtopic', 'Garden']);
    expect(line(room, 'Garden')).toMatchObject({ unread: 1, open: false });
  });

  test('that are told again are there once, as they were told last', () => {
    const again = frame({ type: 'channel', channel: { ...garden, name: 'Greenhouse' } });
    expect(names(reduce([roomFrame(), made, again]))).toEqual(['lobby', 'offtopic', 'Greenhouse']);
  });

  test('that are gone are gone with what was said there, and nobody reads elsewhere for it', () => {
    const said = frame({ type: 'message', message: message(5, { channel: 'garden' }) });
    const room = reduce([roomFrame(), made, said, gone]);
    expect(names(room)).toEqual(['lobby', 'offtopic']);
    expect(room.threads).not.toHaveProperty(channelKey('garden'));
    expect(room.open).toBe(lobby);
  });

  test('that are gone under their reader lead to the first one', () => {
    const open = { type: 'open-thread', target: { channel: 'garden' } } as const;
    const room = reduce([roomFrame([message(3)]), made, open]);
    expect(room.open).toBe(channelKey('garden'));
    expect(reduce([gone], room).open).toBe(lobby);
  });

  test('that nobody knew are gone without a trace', () => {
    const room = reduce([roomFrame([message(3)])]);
    expect(reduce([gone], room)).toEqual(room);
  });
});

test('whose name became an account’s has one, until the server says otherwise', () => {
  expect(reduce([{ type: 'account-made' }]).self).toBeUndefined();
  const room = reduce([roomFrame(), { type: 'account-made' }]);
  expect(room.self?.account).toBe(true);
  expect(reduce([frame({ type: 'member', member: member('me') })], room).self?.account).toBe(true);
  expect(reduce([frame({ type: 'self', self: self('me') })], room).self?.account).toBeUndefined();
});

describe('messages', () => {
  test('stand in the order of their ids, each once', () => {
    const room = reduce([
      roomFrame([message(3)]),
      frame({ type: 'message', message: message(7) }),
      frame({ type: 'message', message: message(5) }),
      frame({ type: 'message', message: message(7) }),
    ]);
    expect(ids(room)).toEqual([3, 5, 7]);
  });

  test('of two people belong to the other one of them, however their name is written', () => {
    const room = reduce([
      roomFrame(),
      frame({ type: 'message', message: { ...message(1, { from: 'Bob', to: 'me' }), channel: undefined as never } }),
    ]);
    const own = { id: 2, to: 'bob', from: 'me', own: true as const, at: NOON, text: 'hi', reactions: [] };
    expect(ids(reduce([frame({ type: 'message', message: own })], room), directKey('BOB'))).toEqual([1, 2]);
  });

  test('taken back are gone', () => {
    const room = reduce([roomFrame([message(1), message(2)]), frame({ type: 'retracted', messageId: 1 })]);
    expect(ids(room)).toEqual([2]);
  });

  test('of the past come before, without doubles', () => {
    const older = [message(1), message(2), message(3)];
    const room = reduce([
      roomFrame([message(3), message(4)]),
      { type: 'older-page', target: { channel: 'lobby' }, messages: older, more: false },
    ]);
    expect(ids(room)).toEqual([1, 2, 3, 4]);
    expect(room.threads[lobby]?.past).toBe('complete');
  });

  test('after a gap that was not recovered, what is older than the new page goes, so that nothing is missing unseen', () => {
    const room = reduce([roomFrame([message(1), message(2)]), roomFrame([message(8), message(9)])]);
    expect(ids(room)).toEqual([8, 9]);
  });

  test('told anew, what overlaps stays, and what was taken back meanwhile goes', () => {
    const room = reduce([
      roomFrame([message(1), message(2), message(3), message(4)]),
      roomFrame([message(2), message(4), message(5)]),
    ]);
    expect(ids(room)).toEqual([1, 2, 4, 5]);
  });
});

describe('own messages', () => {
  const target = { channel: 'lobby' };
  const pend = (clientId: string) =>
    ({ type: 'pend', target, message: { clientId, at: NOON, text: 'hello', status: 'sending' } }) as const;
  const pending = (room: ReturnType<typeof reduce>) => room.threads[lobby]?.pending.map(({ clientId }) => clientId);

  test('wait until the real one is there', () => {
    const waiting = reduce([roomFrame(), pend('a'), pend('b')]);
    expect(pending(waiting)).toEqual(['a', 'b']);
    const arrived = message(5, { from: 'me', own: true, clientId: 'a' });
    const room = reduce([frame({ type: 'message', message: arrived })], waiting);
    expect(pending(room)).toEqual(['b']);
    expect(ids(room)).toEqual([5]);
  });

  test('sent again after they had arrived do not wait for ever', () => {
    const room = reduce([roomFrame([message(5)]), pend('a')]);
    const answered = reduce([{ type: 'posted', key: lobby, clientId: 'a', messageId: 5 }], room);
    expect(pending(answered)).toEqual([]);
  });

  test('that were refused say so, and can be sent again or discarded', () => {
    const failed = reduce([
      roomFrame(),
      pend('a'),
      { type: 'not-posted', key: lobby, clientId: 'a', error: 'Too long' },
    ]);
    expect(failed.threads[lobby]?.pending[0]).toMatchObject({ status: 'failed', error: 'Too long' });
    expect(reduce([pend('a')], failed).threads[lobby]?.pending).toEqual([pend('a').message]);
    expect(pending(reduce([{ type: 'discard', key: lobby, clientId: 'a' }], failed))).toEqual([]);
  });
});

describe('reading', () => {
  test('a newcomer has nothing unread', () => {
    const room = reduce([roomFrame([message(1), message(2, { channel: 'offtopic' })])]);
    expect(line(room, 'offtopic')).toMatchObject({ unread: 0 });
  });

  test('what comes elsewhere is counted until it is opened; calls by name are told', () => {
    const offtopic = (id: number, text: string) =>
      frame({ type: 'message', message: message(id, { channel: 'offtopic', text }) });
    const room = reduce([roomFrame([message(1)]), offtopic(2, 'one'), offtopic(3, 'hey @ME!')]);
    expect(line(room, 'offtopic')).toMatchObject({ unread: 2, mention: true });
    expect(line(room, 'lobby')).toMatchObject({ unread: 0, mention: false });
    const opened = reduce([{ type: 'open-thread', target: { channel: 'offtopic' } }], room);
    expect(line(opened, 'offtopic')).toMatchObject({ unread: 0, mention: false });
  });

  test('who looks away finds a line before what is new, and has read it on looking back', () => {
    const away = reduce([
      roomFrame([message(1)]),
      { type: 'attend', on: false },
      frame({ type: 'message', message: message(2) }),
      frame({ type: 'message', message: message(3) }),
    ]);
    expect(line(away, 'lobby')).toMatchObject({ unread: 2 });
    const back = reduce([{ type: 'attend', on: true }], away);
    expect(line(back, 'lobby')).toMatchObject({ unread: 0 });
    expect(back.divider).toBe(1);
  });

  test('a direct thread that is known by its last message only counts as unread, unless it was read', () => {
    const threads = [{ name: 'Bob', lastMessageId: 9, lastAt: NOON }];
    expect(line(reduce([roomFrame(), { type: 'threads', threads }]), 'Bob')).toMatchObject({ unread: 1 });
    const read = reduce([roomFrame(), { type: 'threads', threads }], emptyRoom({ [directKey('bob')]: 9 }));
    expect(line(read, 'Bob')).toMatchObject({ unread: 0 });
  });
});

describe('people', () => {
  test('operators first, then by name', () => {
    const room = reduce([
      roomFrame([], ['zoe', 'Ann']),
      frame({ type: 'member', member: member('ops', { operator: true }), joined: true }),
    ]);
    expect(selectPeople(room).map(({ name }) => name)).toEqual(['ops', 'Ann', 'me', 'zoe']);
  });

  test('coming and going is noted; becoming invisible is not', () => {
    const room = reduce([
      roomFrame([message(4)]),
      frame({ type: 'member', member: member('ann'), joined: true }),
      frame({ type: 'member', member: member('ann', { status: 'away' }) }),
      frame({ type: 'gone', id: 'id-bob' }),
      frame({ type: 'gone', id: 'id-ann', how: 'kicked' }),
    ]);
    expect(room.passages.map(({ name, how, afterId }) => [name, how, afterId])).toEqual([
      ['ann', 'joined', 4],
      ['ann', 'kicked', 4],
    ]);
    expect(selectPeople(room).map(({ name }) => name)).toEqual(['me']);
  });

  test('our own line follows what the server says of us', () => {
    const room = reduce([roomFrame(), frame({ type: 'self', self: { ...self('me'), status: 'busy', camera: 1 } })]);
    expect(room.members['id-me']).toMatchObject({ status: 'busy', camera: 1 });
  });

  test('relations are kept by name, whatever its case', () => {
    const on = reduce([roomFrame(), frame({ type: 'relation', kind: 'mute', names: ['BOB'], on: true })]);
    expect(on.self?.relations.mute).toEqual(['bob']);
    const off = reduce([frame({ type: 'relation', kind: 'mute', names: ['Bob'], on: false })], on);
    expect(off.self?.relations.mute).toEqual([]);
  });

  test('who types stops by saying so, by writing, or after a while', () => {
    const typing = frame({ type: 'typing', id: 'id-bob', name: 'bob', channel: 'lobby', on: true });
    const room = reduce([roomFrame(), typing]);
    expect(room.typists.map(({ name }) => name)).toEqual(['bob']);
    const ends = [
      frame({ type: 'typing', id: 'id-bob', name: 'bob', channel: 'lobby', on: false }),
      frame({ type: 'message', message: message(1) }),
      { type: 'tick', at: NOON + 60_000 } as const,
    ];
    for (const end of ends) expect(reduce([end], room).typists).toEqual([]);
    expect(reduce([{ type: 'tick', at: NOON + 1 }], room).typists).toHaveLength(1);
  });
});

test('reactions are added and taken away by name', () => {
  const react = (by: string, on: boolean) => frame({ type: 'reaction', messageId: 1, emoji: '👍', by, on });
  const room = reduce([roomFrame([message(1)]), react('ann', true), react('bob', true), react('ann', true)]);
  expect(room.threads[lobby]?.messages[0]?.reactions).toEqual([{ emoji: '👍', by: ['bob', 'ann'] }]);
  const none = reduce([react('ann', false), react('bob', false)], room);
  expect(none.threads[lobby]?.messages[0]?.reactions).toEqual([]);
});

test('a conversation goes on under the other’s new name', () => {
  const own = { id: 2, to: 'bob', from: 'me', own: true as const, at: NOON, text: 'hi', reactions: [] };
  const before = reduce([roomFrame(), frame({ type: 'message', message: own })]);
  const room = reduce([frame({ type: 'renamed', id: 'nobody here', from: 'Bob', name: 'Robert' })], before);
  expect(ids(room, directKey('bob'))).toBeUndefined();
  expect(ids(room, directKey('robert'))).toEqual([2]);
  expect(line(room, 'Robert')).toBeDefined();
});
