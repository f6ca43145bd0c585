import { describe, expect, test } from 'vitest';
import { answersToMe, changedSelf, fileText, loginFrames, meFrame } from './client-frames.ts';
import { MAX_FILE_BYTES, parseFrame } from './wire.ts';

const state = {
  username: 'alice',
  jwt: '',
  dnd: false,
  blocklist: ['mallory'],
  remembered: { boots: ['bob'], mutes: ['carol'], invites: ['dave', 'erin'] },
};
const fresh = { ...state, blocklist: [], remembered: {} };
const self = { video: 3, status: 'away', dnd: true };
const actions = (frames: readonly { readonly action: string }[]) => frames.map((frame) => frame.action);

describe('the order of a login', () => {
  test('the latest client says what it remembers before the login, and again after the first me', () => {
    expect(actions(loginFrames('latest', state))).toEqual(['blocklist', 'boot', 'mute', 'video-invite', 'login']);
    expect(answersToMe('latest', { ...state, self, occasion: 'first' })).toEqual([
      { action: 'blocklist', usernames: ['mallory'] },
      { action: 'boot', username: 'bob' },
      { action: 'mute', username: 'carol' },
      { action: 'video-invite', usernames: ['dave', 'erin'] },
      { action: 'me', video: 3, status: 'away', dnd: true },
    ]);
    expect(answersToMe('latest', { ...state, self, occasion: 'later' })).toEqual([]);
  });

  test('with nothing to remember there is the login alone', () => {
    expect(loginFrames('latest', fresh)).toEqual([{ action: 'login', username: 'alice', jwt: '', dnd: false }]);
    expect(actions(answersToMe('latest', { ...fresh, self, occasion: 'first' }))).toEqual(['me']);
  });

  test('September 2023 repeats its block list on each me', () => {
    expect(actions(loginFrames('seed-2023-09', state))).toEqual(['blocklist', 'login']);
    for (const occasion of ['first', 'later'] as const) {
      expect(actions(answersToMe('seed-2023-09', { ...state, self, occasion }))).toEqual(['blocklist']);
    }
  });

  test('March 2023 logs in, and that is all', () => {
    expect(loginFrames('seed-2023-03', state)).toEqual([{ action: 'login', username: 'alice', jwt: '' }]);
    expect(answersToMe('seed-2023-03', { ...state, self, occasion: 'first' })).toEqual([]);
  });
});

test('own state is said in flags or booleans', () => {
  expect(meFrame('seed-2023-09', self)).toEqual({ action: 'me', video: 3, status: 'away', dnd: true });
  expect(meFrame('seed-2023-03', self)).toEqual({ action: 'me', videoActive: true, nsfw: true });
  expect(meFrame('seed-2023-03', { ...self, video: 17 })).toEqual({ action: 'me', videoActive: true, nsfw: false });
});

test('what is not said of own state stays', () => {
  expect(changedSelf(self, { status: 'lunch' })).toEqual({ video: 3, status: 'lunch', dnd: true });
  expect(changedSelf(self, { videoActive: false }).video).toBe(2);
  expect(changedSelf({ ...self, video: 0 }, { videoActive: true, nsfw: true }).video).toBe(3);
  expect(changedSelf(self, { video: 17, videoActive: false }).video).toBe(17);
});

describe('files', () => {
  test.each(['array', 'base64'] as const)('as %s are read back by the server', (as) => {
    const bytes = Uint8Array.of(0, 7, 255);
    const parsed = parseFrame(fileText({ channel: 'lobby', fileName: 'a"b.png', bytes, as }));
    expect(parsed?.kind === 'frame' && parsed.frame).toMatchObject({
      action: 'file',
      channel: 'lobby',
      message: 'a"b.png',
    });
    expect([...((parsed?.kind === 'frame' && parsed.frame.bytes) || [])]).toEqual([0, 7, 255]);
  });

  test('above 8 MiB are not sent', () => {
    const bytes = new Uint8Array(MAX_FILE_BYTES + 1);
    expect(() => fileText({ channel: 'lobby', fileName: 'a.png', bytes, as: 'base64' })).toThrow(RangeError);
  });
});
