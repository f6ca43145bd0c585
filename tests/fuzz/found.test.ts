import { afterEach, beforeEach, test, vi } from 'vitest';
import { play } from './support/play.ts';
import { rush } from './support/rush.ts';
import type { Sdp, Step } from './support/script.ts';
import { TIMERS } from './support/timers.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...TIMERS] });
});

afterEach(() => {
  vi.useRealTimers();
});

const act = (who: number, action: Extract<Step, { kind: 'act' }>['action']): Step => ({ kind: 'act', who, action });
const wantAll = (who: number): Step => act(who, { do: 'want', byLabel: {}, otherwise: { audio: true, video: 'high' } });
const publish = (who: number, nth: number, offer: { readonly sdp?: Sdp; readonly replaces?: number } = {}): Step => {
  const { sdp = 'audio video', replaces } = offer;
  return act(who, { do: 'publish', stream: { whose: 'own', nth }, label: 'camera', sdp, replaces });
};
const enter = (who: number, name: string): Step => ({ kind: 'join', who, name, token: 'none', operator: false });
const operator: Step = { kind: 'join', who: 4, name: 'eve', token: 'none', operator: true };

/** What chance found once, so that it stays found. */
const found: readonly (readonly [string, readonly Step[]])[] = [
  [
    'whoever resumes from before they came gets nothing of that time',
    [
      operator,
      { kind: 'act', who: 4, action: { do: 'post', at: { channel: 'velvet' } } },
      { kind: 'act', who: 4, action: { do: 'post', at: { channel: 'lobby' } } },
      enter(0, 'ann'),
      { kind: 'cut', who: 0, code: 1006 },
      { kind: 'resume', who: 0, whose: 0, back: 1000, stale: false },
    ],
  ],
  [
    'a connection that resumes its own session keeps a member in the room',
    [enter(0, 'ann'), { kind: 'resume', who: 0, whose: 0, back: 0, stale: false }],
  ],
  [
    'a connection in the room that resumes another session leaves nobody behind',
    [enter(0, 'ann'), enter(2, 'bob'), { kind: 'resume', who: 2, whose: 0, back: 0, stale: false }],
  ],
  [
    'a mute takes the mark of an invitation off a camera that is off',
    [
      enter(0, 'ann'),
      enter(2, 'bob'),
      { kind: 'act', who: 0, action: { do: 'relate', kind: 'invite', names: ['bob'], on: true } },
      { kind: 'act', who: 0, action: { do: 'relate', kind: 'mute', names: ['bob'], on: true } },
    ],
  ],
  [
    'who becomes an operator sees the cameras that operators see, and who is none any more does not',
    [
      operator,
      enter(0, 'ann'),
      enter(2, 'bob'),
      { kind: 'act', who: 0, action: { do: 'be', camera: 1 } },
      { kind: 'act', who: 0, action: { do: 'relate', kind: 'boot', names: ['bob'], on: true } },
      { kind: 'act', who: 4, action: { do: 'set-operator', name: 'bob', on: true } },
      { kind: 'act', who: 4, action: { do: 'set-operator', name: 'bob', on: false } },
    ],
  ],
  [
    'a hidden operator who is one no more does not seem to come to those they blocked',
    [
      operator,
      { kind: 'join', who: 0, name: 'ann', token: 'none', operator: true },
      enter(1, 'bob'),
      { kind: 'act', who: 0, action: { do: 'be', status: 'hidden', camera: 0 } },
      { kind: 'act', who: 0, action: { do: 'relate', kind: 'block', names: ['bob'], on: true } },
      { kind: 'act', who: 4, action: { do: 'set-operator', name: 'ann', on: false } },
    ],
  ],
  [
    'somebody hidden sees those again who blocked them and do so no more',
    [
      operator,
      enter(0, 'ann'),
      { kind: 'act', who: 4, action: { do: 'relate', kind: 'block', names: ['ann'], on: true } },
      { kind: 'act', who: 4, action: { do: 'set-operator', name: 'ann', on: true } },
      { kind: 'act', who: 0, action: { do: 'be', status: 'hidden', camera: 0 } },
      { kind: 'act', who: 4, action: { do: 'relate', kind: 'block', names: ['ann'], on: false } },
    ],
  ],
  [
    'who takes a name that somebody blocked is gone to them, and they to the bearer',
    [
      enter(0, 'ann'),
      enter(2, 'cat'),
      enter(6, 'gus'),
      { kind: 'act', who: 0, action: { do: 'block-all', names: ['fay'] } },
      { kind: 'act', who: 2, action: { do: 'rename', name: 'fay' } },
      { kind: 'act', who: 0, action: { do: 'relate', kind: 'block', names: ['hal'], on: true } },
      enter(5, 'joe'),
      { kind: 'act', who: 5, action: { do: 'rename', name: 'hal' } },
    ],
  ],
  [
    'who takes a name that somebody invited or muted sees their camera so',
    [
      enter(0, 'ann'),
      enter(2, 'cat'),
      enter(4, 'eve'),
      { kind: 'act', who: 0, action: { do: 'be', camera: 1 } },
      { kind: 'act', who: 0, action: { do: 'relate', kind: 'invite', names: ['fay'], on: true } },
      { kind: 'act', who: 0, action: { do: 'relate', kind: 'mute', names: ['hal'], on: true } },
      { kind: 'act', who: 2, action: { do: 'rename', name: 'fay' } },
      { kind: 'act', who: 4, action: { do: 'rename', name: 'hal' } },
    ],
  ],
  [
    'a stream whose place an offer should take that nobody can read goes on to nobody',
    [enter(8, 'ivy'), enter(0, 'ann'), wantAll(0), publish(8, 0), publish(8, 1, { sdp: 'bad', replaces: 0 })],
  ],
  [
    'whoever enters anew as who they were gets what they ask for anew, and sends nothing of before',
    [
      enter(0, 'ann'),
      enter(8, 'ivy'),
      ...[wantAll(0), wantAll(8), publish(0, 0), publish(8, 0)],
      { kind: 'cut', who: 0, code: 1006 },
      { kind: 'resume', who: 0, whose: 0, back: 0, stale: true },
      wantAll(0),
      publish(8, 0),
    ],
  ],
  [
    'whoever may not enter a channel does not learn what is taken back there',
    [
      operator,
      enter(0, 'ann'),
      enter(1, 'bob'),
      act(4, { do: 'post', at: { channel: 'velvet' } }),
      act(4, { do: 'post', at: { channel: 'lobby' } }),
      act(4, { do: 'clear', name: undefined }),
    ],
  ],
  [
    'a hidden operator is not named to those whose room they lock, whose chat they clear, or of whom they ask',
    [
      operator,
      ...[enter(0, 'ann'), enter(1, 'bob'), enter(5, 'fay'), enter(6, 'gus'), enter(8, 'ivy')],
      act(4, { do: 'be', status: 'hidden', camera: 0 }),
      act(4, { do: 'lock', on: true }),
      act(4, { do: 'clear', name: undefined }),
      ...['ann', 'bob', 'fay', 'gus', 'ivy'].map((name) => act(4, { do: 'identify', name })),
    ],
  ],
  [
    'whose camera goes off as they are set apart is not told of on Galène’s wire',
    [enter(0, 'ann'), enter(9, 'jay'), act(0, { do: 'be', camera: 1 }), { kind: 'estrange', names: ['ann', 'jay'] }],
  ],
  [
    'who wants nothing of the stream in the place of theirs is told once that theirs is gone, whoever else wants none',
    [
      enter(4, 'eve'),
      ...[enter(8, 'ivy'), enter(0, 'ann'), publish(4, 1)],
      ...[0, 8].map((who) => act(who, { do: 'want', byLabel: {}, otherwise: { audio: false, video: 'high' } })),
      publish(4, 0, { sdp: 'audio', replaces: 1 }),
      act(4, { do: 'unpublish', stream: { whose: 'own', nth: 0 } }),
    ],
  ],
];

test.each(found)('%s', (_, script) => play(script));

const everybody: readonly Step[] = [
  enter(0, 'ann'),
  enter(1, 'bob'),
  enter(2, 'cat'),
  enter(3, 'dee'),
  operator,
  act(4, { do: 'set-operator', name: 'bob', on: true }),
];

test('who enters as somebody whose own entry was cut off while it waited is in the room', () =>
  rush(
    [
      ...everybody,
      act(2, { do: 'post', at: { channel: 'lobby' } }),
      { kind: 'join', who: 0, name: 'ann', token: 'own', operator: false },
      { kind: 'wait', ms: 40_000 },
      { kind: 'resume', who: 0, whose: 0, back: 0, stale: false },
      act(0, { do: 'relate', kind: 'mute', names: ['ann'], on: true }),
      act(0, { do: 'report', name: 'ann' }),
      act(0, { do: 'unmute-all' }),
      act(0, { do: 'post', at: { channel: 'lobby' } }),
      act(1, { do: 'post', at: { channel: 'lobby' } }),
    ],
    [6, 0],
  ));

test('a session that is taken up by a connection that is lost meanwhile can be taken up again, and ends in time', () =>
  rush(
    [
      ...everybody,
      { kind: 'wait', ms: 1000 },
      { kind: 'resume', who: 4, whose: 0, back: 0, stale: false },
      { kind: 'cut', who: 4, code: 1000 },
      act(0, { do: 'signal', name: 'ann', kind: 'description' }),
      act(0, { do: 'unmute-all' }),
      { kind: 'resume', who: 0, whose: 0, back: 0, stale: false },
      act(0, { do: 'be', camera: 0 }),
      act(0, { do: 'relate', kind: 'mute', names: ['ann'], on: true }),
    ],
    [5],
  ));
