import { describe, expect, test } from 'vitest';
import { advance, beginTransfer, type Transfer, type TransferInput } from './transfer.ts';

const begin = (direction: Transfer['direction']) =>
  beginTransfer({ id: 'f1', direction, memberId: 'm2', person: 'bob', name: 'a.txt', size: 10 });
const RELEASE = { kind: 'release' };
const CANCEL = { kind: 'tell', message: { type: 'cancel', id: 'f1' } };

/** Where these lead, and what was to be done about all of them. */
function run(direction: Transfer['direction'], ...inputs: readonly TransferInput[]) {
  const effects: unknown[] = [];
  let transfer = begin(direction);
  for (const input of inputs) {
    const step = advance(transfer, input);
    transfer = step.transfer;
    effects.push(...step.effects);
  }
  return { state: transfer.state, effects };
}

const accepted = { kind: 'accepted' } as const;
const arrived = { kind: 'arrived' } as const;
const moved = (bytes: number) => ({ kind: 'moved', bytes }) as const;
const offer = { kind: 'heard', message: { type: 'offer', id: 'f1', sdp: 'their offer', isKnown: true } } as const;
const answer = { kind: 'heard', message: { type: 'answer', id: 'f1', sdp: 'their answer' } } as const;
const candidate = { candidate: 'udp' };
const ice = { kind: 'heard', message: { type: 'ice', id: 'f1', candidate } } as const;
const noMoreIce = { kind: 'heard', message: { type: 'ice', id: 'f1', candidate: null } } as const;
const cancel = { kind: 'heard', message: { type: 'cancel', id: 'f1', message: 'no' } } as const;

describe('who receives', () => {
  test('is asked, makes the offer, and has it', () => {
    const { state, effects } = run('receive', accepted, answer, ice, noMoreIce, moved(4), moved(10), arrived);
    expect(state).toEqual({ kind: 'done' });
    // The sender closes the connection, once told.
    expect(effects).toEqual([
      { kind: 'offer' },
      { kind: 'settle', sdp: 'their answer' },
      { kind: 'candidate', candidate },
    ]);
  });

  test('makes no connection before a yes, whatever comes', () => {
    const { state, effects } = run('receive', offer, answer, ice, moved(3));
    expect(state).toEqual({ kind: 'asked' });
    expect(effects).toEqual([]);
  });

  test('says yes once', () => {
    expect(run('receive', accepted, accepted).effects).toEqual([{ kind: 'offer' }]);
  });

  test('may decline, or think better of it', () => {
    const declined = run('receive', { kind: 'stopped' });
    expect(declined.state).toEqual({ kind: 'over', why: 'declined', by: 'us' });
    expect(declined.effects).toEqual([CANCEL, RELEASE]);
    const { state } = run('receive', accepted, moved(3), { kind: 'stopped' });
    expect(state).toEqual({ kind: 'over', why: 'cancelled', by: 'us' });
  });

  test('learns that it was withdrawn', () => {
    const { state, effects } = run('receive', cancel);
    expect(state).toEqual({ kind: 'over', why: 'cancelled', by: 'them', message: 'no' });
    expect(effects).toEqual([RELEASE]);
  });
});

describe('who sends', () => {
  test('waits for the offer, answers it, and is told that it is there', () => {
    const { state, effects } = run('send', offer, ice, moved(10), arrived);
    expect(state).toEqual({ kind: 'done' });
    expect(effects).toEqual([{ kind: 'answer', sdp: 'their offer' }, { kind: 'candidate', candidate }, RELEASE]);
  });

  test('answers one offer', () => {
    expect(run('send', offer, offer, answer).effects).toEqual([{ kind: 'answer', sdp: 'their offer' }]);
  });

  test('learns that it was declined, or given up', () => {
    expect(run('send', cancel).state).toMatchObject({ why: 'declined', by: 'them' });
    expect(run('send', offer, moved(2), cancel).state).toMatchObject({ why: 'cancelled', by: 'them' });
    expect(run('send', { kind: 'stopped' }).state).toMatchObject({ why: 'cancelled', by: 'us' });
  });

  test('cannot say yes itself', () => {
    expect(run('send', accepted)).toEqual({ state: { kind: 'asked' }, effects: [] });
  });

  test('does not answer in a version that it does not speak', () => {
    const other = { ...offer, message: { ...offer.message, isKnown: false } } as const;
    const { state, effects } = run('send', other);
    expect(state).toMatchObject({ kind: 'over', why: 'failed', by: 'us' });
    expect(effects).toMatchObject([{ kind: 'tell', message: { type: 'cancel' } }, RELEASE]);
  });
});

describe.each(['send', 'receive'] as const)('in either direction (%s)', (direction) => {
  const under = direction === 'send' ? [offer, moved(4)] : [accepted, moved(4)];

  test('who leaves ends it, without a word to them', () => {
    const { state, effects } = run(direction, ...under, { kind: 'left' });
    expect(state).toEqual({ kind: 'over', why: 'gone', by: 'them' });
    expect(effects.slice(1)).toEqual([RELEASE]);
  });

  test('a failure is told to the other one', () => {
    const { state, effects } = run(direction, ...under, { kind: 'failed', message: 'disk full' });
    expect(state).toEqual({ kind: 'over', why: 'failed', by: 'us', message: 'disk full' });
    expect(effects.slice(1)).toEqual([
      { kind: 'tell', message: { type: 'cancel', id: 'f1', message: 'disk full' } },
      RELEASE,
    ]);
  });

  test('what is finished stays as it is', () => {
    const { state, effects } = run(direction, ...under, arrived, cancel, { kind: 'left' }, { kind: 'stopped' });
    expect(state).toEqual({ kind: 'done' });
    expect(effects).not.toContainEqual(CANCEL);
  });
});
