import { expect, test } from 'vitest';
import { Camera, cleanCamera, has, isOn } from './camera.ts';

test.each([
  ['off', 0, 0],
  ['on', 1, 1],
  ['on with all that is known, but the bit of the server', 0x1ff, 0x1ff & ~Camera.invited],
  ['on with a bit of the future', Camera.on | (1 << 20), Camera.on | (1 << 20)],
  ['flags of a camera that is off', Camera.explicit | Camera.vipOnly, 0],
  ['negative', -1, 0],
  ['a fraction', 1.5, 0],
  ['not a number', Number.NaN, 0],
  ['infinite', Number.POSITIVE_INFINITY, 0],
  ['all 31 bits', 0x7fffffff, 0x7fffffff & ~Camera.invited],
  ['more than 31 bits', 0x80000001, 0],
])('%s: %d becomes %d', (_, said, clean) => {
  expect(cleanCamera(said)).toBe(clean);
});

test('bits are told apart', () => {
  expect(isOn(Camera.on | Camera.explicit)).toBe(true);
  expect(isOn(Camera.invited)).toBe(false);
  expect(has(Camera.on | Camera.vipOnly, Camera.vipOnly)).toBe(true);
  expect(has(Camera.on, Camera.vipOnly)).toBe(false);
});
