import { describe, expect, it } from 'vitest';
import { Endings } from './endings.ts';

const stop = { type: 'stop', stream: 's', to: 'bob' } as const;
const toBob = { type: 'undeliverable', stream: 's', to: 'bob', reason: '' } as const;
const toCarol = { ...toBob, to: 'carol' } as const;
const ofPublisher = { type: 'flowing', stream: 's' } as const;

describe('endings', () => {
  it('are late news of one receiver until all of them are confirmed', () => {
    const endings = new Endings();
    endings.ordered(stop);
    endings.ordered(stop);
    endings.confirmed({ stream: 's', to: 'bob' });
    expect([toBob, toCarol, ofPublisher].map((event) => endings.isLate(event))).toEqual([true, false, false]);
    endings.confirmed({ stream: 's', to: 'bob' });
    expect(endings.isLate(toBob)).toBe(false);
  });

  it('of a stream are those of all who receive it', () => {
    const endings = new Endings();
    endings.ordered({ type: 'unpublish', stream: 's' });
    expect([toBob, toCarol, ofPublisher].map((event) => endings.isLate(event))).toEqual([true, true, true]);
    expect(endings.isLate({ ...toBob, stream: 't' })).toBe(false);
    endings.confirmed({ stream: 's' });
    expect(endings.isLate(toBob)).toBe(false);
  });

  it('are forgotten with the process', () => {
    const endings = new Endings();
    endings.ordered(stop);
    endings.clear();
    expect(endings.isLate(toBob)).toBe(false);
  });
});
