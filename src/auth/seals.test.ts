import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { Seals } from './seals.ts';

const SECRET = 'a secret of the test, long enough for anybody';
const NOW = Date.UTC(2030, 0, 1);
const CONTENT = { visitor: 'abc', rooms: ['den'], nothing: null };

const sealsAt = (now: number, secret = SECRET) => new Seals({ secret, now: () => now });

describe('what was sealed', () => {
  test.each([CONTENT, {}, ['a', 'list'], { text: 'Änn 😀 "quoted"\n' }])('comes out as it was: %j', async (content) => {
    const seals = sealsAt(NOW);
    expect(await seals.unseal('visit', await seals.seal('visit', content, 60))).toEqual(content);
  });

  test('can stand in a cookie and an address', async () => {
    expect(await sealsAt(NOW).seal('visit', CONTENT, 60)).toMatch(/^[\w.-]+$/);
  });

  test('holds for its purpose alone', async () => {
    const seals = sealsAt(NOW);
    const sealed = await seals.seal('visit', CONTENT, 60);
    for (const purpose of ['csrf', '', 'Visit', 'visit ', 'parlour:visit']) {
      expect(await seals.unseal(purpose, sealed)).toBeUndefined();
    }
  });

  test('holds for as long as was said', async () => {
    const sealed = await sealsAt(NOW).seal('visit', CONTENT, 60);
    expect(await sealsAt(NOW + 59_000).unseal('visit', sealed)).toEqual(CONTENT);
    expect(await sealsAt(NOW + 61_000).unseal('visit', sealed)).toBeUndefined();
  });

  test('holds for the secret that it was sealed with, short ones too', async () => {
    const sealed = await sealsAt(NOW, 'short').seal('visit', CONTENT, 60);
    expect(await sealsAt(NOW, 'short').unseal('visit', sealed)).toEqual(CONTENT);
    for (const secret of [SECRET, 'shorts', '']) {
      expect(await sealsAt(NOW, secret).unseal('visit', sealed)).toBeUndefined();
    }
  });
});

describe('what was tampered with does not come out', () => {
  async function parts(): Promise<[string, string, string]> {
    const [head = '', payload = '', signature = ''] = (await sealsAt(NOW).seal('visit', CONTENT, 60)).split('.');
    return [head, payload, signature];
  }

  const recoded = (part: string, from: string, to: string) =>
    Buffer.from(Buffer.from(part, 'base64url').toString().replace(from, to)).toString('base64url');

  test('another content, another end, another signature', async () => {
    const [head, payload, signature] = await parts();
    const reversed = [...signature].reverse().join('');
    for (const sealed of [
      [head, recoded(payload, 'abc', 'abd'), signature],
      [head, recoded(payload, '"exp":1', '"exp":2'), signature],
      [head, payload, reversed],
      [head, payload, ''],
      [recoded(head, 'HS256', 'none'), payload, ''],
      [recoded(head, 'HS256', 'HS512'), payload, signature],
    ]) {
      expect(await sealsAt(NOW).unseal('visit', sealed.join('.'))).toBeUndefined();
    }
  });

  test.each(['', '.', '..', 'a.b.c', 'nonsense', '{}', 'x'.repeat(5_000)])('nonsense: %j', async (text) => {
    expect(await sealsAt(NOW).unseal('visit', text)).toBeUndefined();
  });

  test('what is unsigned, has no end, or no content', async () => {
    const claims = { content: CONTENT, aud: 'parlour:visit', exp: NOW / 1000 + 60 };
    const signed = (payload: Record<string, unknown>) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET));
    expect(await sealsAt(NOW).unseal('visit', await signed(claims))).toEqual(CONTENT);
    expect(await sealsAt(NOW).unseal('visit', new UnsecuredJWT(claims).encode())).toBeUndefined();
    for (const wrong of [{ exp: undefined }, { content: undefined }, { content: 'text' }, { content: null }]) {
      expect(await sealsAt(NOW).unseal('visit', await signed({ ...claims, ...wrong }))).toBeUndefined();
    }
  });

  test('what is too long to have come from here', async () => {
    const seals = sealsAt(NOW);
    const sealed = await seals.seal('visit', { text: 'x'.repeat(4096) }, 60);
    expect(await seals.unseal('visit', sealed)).toBeUndefined();
  });
});
