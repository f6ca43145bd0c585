import { expect, test } from 'vitest';
import { farewell } from './encode.ts';

test.each(['kicked', 'banned', 'dismissed'] as const)(
  'a reason of markup is none at the end of a session that was %s',
  (code) => {
    const { frames } = farewell({ code, reason: '<img src=x onerror=1>' });
    const { type, message } = JSON.parse(frames[0]?.text ?? '');
    expect(type).toBe('broadcast');
    expect(message).toMatch(/<\u200bimg src=x onerror=1>$/);
  },
);
