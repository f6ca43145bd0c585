import { afterEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_MAX_IMAGE_BYTES, errorMessage, fetchBootstrap, readBootstrap } from './bootstrap.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const FALLBACK = {
  title: 'Parlour',
  room: 'lobby',
  roomTitle: 'lobby',
  roomPassword: false,
  guestsAllowed: true,
  registration: false,
  roomsAllowed: false,
  reports: false,
  meetings: true,
  ice: [],
  maxImageBytes: DEFAULT_MAX_IMAGE_BYTES,
};

function answer(status: number, body: string) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return new Response(body, { status });
  });
  return asked;
}

describe('what the server says', () => {
  test('is taken as it is', async () => {
    const said = {
      title: 'Chez nous',
      room: 'quiet',
      roomTitle: 'The quiet room',
      roomPassword: true,
      guestsAllowed: false,
      registration: true,
      roomsAllowed: true,
      landingPage: 'https://site.test/login',
      reports: true,
      meetings: false,
      ice: [{ urls: 'stun:stun.test' }],
      maxImageBytes: 1000,
    };
    const asked = answer(200, JSON.stringify(said));
    expect(await fetchBootstrap('quiet & co')).toEqual({ kind: 'ok', bootstrap: said });
    expect(asked).toEqual(['/api/bootstrap?room=quiet%20%26%20co']);
  });

  test.each([
    ['nothing', null],
    [
      'nonsense',
      {
        title: 7,
        room: '',
        guestsAllowed: 'yes',
        ice: 'none',
        maxImageBytes: '1',
        reports: 1,
        registration: 1,
        roomsAllowed: 'yes',
        roomPassword: 'x',
      },
    ],
    ['an address that runs a script', { landingPage: 'javascript:alert(1)' }],
  ])('is filled in where it is %s', (_, body) => {
    expect(readBootstrap(body, undefined)).toEqual(FALLBACK);
  });

  test('without a name for the room, it is the one that was asked for', () => {
    expect(readBootstrap({}, 'quiet')).toMatchObject({ room: 'quiet', roomTitle: 'quiet' });
  });
});

describe('a server that does not answer well', () => {
  test('where there is no such room, says so', async () => {
    answer(404, '{"error": {"code": "no-room", "message": "There is no such room."}}');
    expect(await fetchBootstrap('x')).toEqual({ kind: 'refused', message: 'There is no such room.' });
  });

  test.each([
    ['an error', 500, '{"error": {"message": "oops"}, "title": "Oops"}'],
    ['no JSON', 200, '<html>'],
  ])('%s: the page tries to connect all the same', async (_, status, body) => {
    const asked = answer(status, body);
    expect(await fetchBootstrap(undefined)).toEqual({ kind: 'ok', bootstrap: FALLBACK });
    expect(asked).toEqual(['/api/bootstrap']);
  });

  test('unreachable: as well', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect(await fetchBootstrap('quiet')).toMatchObject({ kind: 'ok', bootstrap: { room: 'quiet' } });
  });
});

test.each([
  [{ error: { message: 'No.' } }, 'No.'],
  [{ error: { message: 7 } }, ''],
  [{ error: null }, ''],
  [{}, ''],
  [null, ''],
  [undefined, ''],
])('of %j the message is %j', (body, message) => {
  expect(errorMessage(body)).toBe(message);
});
