import { afterEach, beforeEach, test, vi } from 'vitest';
import { play } from './support/play.ts';
import type { Step } from './support/script.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

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
];

test.each(found)('%s', (_, script) => play(script));
