import { describe, expect, test } from 'vitest';
import { Seals } from '../../../auth/seals.ts';
import type { Desk } from '../../desk.ts';
import { cookieFor, visitorsIn } from './visitors.ts';

const NOW = Date.UTC(2030, 0, 1);
const OPEN = { name: 'cave', hasPassword: false, createdAt: 1 };
const GUARDED = { name: 'cave', hasPassword: true, createdAt: 1 };

/** As much of a desk as cookies ask for. */
function stage() {
  const seals = new Seals({ secret: 'ab'.repeat(32), now: () => NOW });
  let ids = 0;
  const desk = {
    now: () => NOW,
    newId: () => (++ids).toString(16).padStart(32, '0'),
    seal: seals.seal.bind(seals),
    unseal: seals.unseal.bind(seals),
    settings: { isSecure: false },
  } as unknown as Desk;
  const load = async (room: typeof OPEN, cookies = ''): Promise<string> =>
    (await cookieFor({ room, path: `/room/${room.name}`, cookies }, desk)).split(';')[0] ?? '';
  return { load, idsIn: async (cookies: string, room: typeof OPEN) => (await visitorsIn(cookies, room, desk)).length };
}

describe('the cookie of a room’s page', () => {
  test('is of all pages that a browser loaded of it, and of no other room', async () => {
    const { load, idsIn } = stage();
    const first = await load(OPEN);
    const second = await load(OPEN, first);
    expect(await idsIn(first, OPEN)).toBe(1);
    expect(await idsIn(second, OPEN)).toBe(2);
    expect(await idsIn(second, { ...OPEN, name: 'attic' })).toBe(0);
  });

  test('that it gave while it was open lets nobody in once it has a password, and adds nothing to one that does', async () => {
    const { load, idsIn } = stage();
    const open = await load(OPEN);
    expect(await idsIn(open, GUARDED)).toBe(0);
    const guarded = await load(GUARDED, open);
    expect(await idsIn(guarded, GUARDED)).toBe(1);
    expect(await idsIn(guarded, OPEN)).toBe(0);
  });

  test('is none of another room that was made under the same name', async () => {
    const { load, idsIn } = stage();
    const cookie = await load(OPEN);
    expect(await idsIn(cookie, OPEN)).toBe(1);
    expect(await idsIn(cookie, { ...OPEN, createdAt: 2 })).toBe(0);
  });
});
