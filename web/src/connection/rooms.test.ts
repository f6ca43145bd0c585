import { afterEach, describe, expect, test, vi } from 'vitest';
import { createRoom, fetchRooms, RoomsError, roomPath } from './rooms.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const QUIET = { name: 'quiet', title: 'The quiet room', members: 2, guestLimit: 5, password: true, activeAt: 1000 };
const ORDER = { name: 'Quiet', password: 'hush', isPublic: true, guestLimit: 5 } as const;

function answer(status: number, body: string) {
  const asked: { readonly url: string; readonly request: RequestInit | undefined }[] = [];
  vi.stubGlobal('fetch', async (url: string, request?: RequestInit) => {
    asked.push({ url, request });
    return new Response(body, { status });
  });
  return asked;
}

describe('the list of rooms', () => {
  test('is what the server says', async () => {
    answer(200, JSON.stringify({ rooms: [QUIET] }));
    expect(await fetchRooms()).toEqual([QUIET]);
  });

  test('leaves out what is no room, and fills in what is not said', async () => {
    answer(200, JSON.stringify({ rooms: [null, 7, { title: 'Nameless' }, { name: 'bare' }] }));
    const bare = { name: 'bare', title: 'bare', members: 0, guestLimit: 0, password: false, activeAt: 0 };
    expect(await fetchRooms()).toEqual([bare]);
  });

  test.each(['{}', '{"rooms": 7}', 'null', 'no JSON'])('is empty where the server says %s', async (body) => {
    answer(200, body);
    expect(await fetchRooms()).toEqual([]);
  });

  test.each([
    ['{"error": {"code": "too-fast", "message": "Slower, please."}}', 'Slower, please.'],
    ['<html>', 'That did not work. Please try again.'],
  ])('is refused with words for people: %s', async (body, words) => {
    answer(429, body);
    await expect(fetchRooms()).rejects.toThrow(new RoomsError(words));
  });

  test('of a server that cannot be reached', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    await expect(fetchRooms()).rejects.toThrow(new RoomsError('The server cannot be reached. Please try again.'));
  });
});

describe('a new room', () => {
  test('is asked for, and has the name that the server gave it', async () => {
    const asked = answer(201, '{"name": "quiet", "url": "/r/quiet"}');
    expect(await createRoom(ORDER)).toBe('quiet');
    const [{ url, request } = { url: '', request: undefined }] = asked;
    expect([url, request?.method]).toEqual(['/api/rooms', 'POST']);
    expect(new Headers(request?.headers).get('content-type')).toBe('application/json');
    const said = { name: 'Quiet', password: 'hush', public: true, guest_limit: 5 };
    expect(JSON.parse(String(request?.body))).toEqual(said);
  });

  test('that there is already', async () => {
    answer(409, '{"error": {"code": "room-exists", "message": "The room name Quiet is not available."}}');
    await expect(createRoom(ORDER)).rejects.toThrow(new RoomsError('The room name Quiet is not available.'));
  });

  test('without a name in the answer did not work', async () => {
    answer(201, '{}');
    await expect(createRoom(ORDER)).rejects.toThrow(RoomsError);
  });
});

test('the address of a room holds its name whatever is in it', () => {
  expect(roomPath('quiet')).toBe('/r/quiet');
  expect(roomPath('a/b?c')).toBe('/r/a%2Fb%3Fc');
});
