import { afterEach, expect, test, vi } from 'vitest';
import { recordingsAddress } from './recordings.ts';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: unknown) {
  const fetch = vi.fn(async (..._: readonly unknown[]) => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}
const of = { room: 'night shift/a', session: 's1' };

test('the session is said, and the address comes back', async () => {
  const fetch = answer(200, { url: '/recordings/night%20shift/a/?ticket=x' });
  expect(await recordingsAddress(of)).toBe('/recordings/night%20shift/a/?ticket=x');
  expect(fetch.mock.calls[0]).toMatchObject([
    '/recordings/night%20shift/a/.ticket',
    { method: 'POST', body: '{"session":"s1"}' },
  ]);
});

test('a refusal is told in the words of the server', async () => {
  answer(403, { error: { code: 'not-permitted', message: 'You may not.' } });
  await expect(recordingsAddress(of)).rejects.toThrow('You may not.');
});

test.each([['//evil.example/'], ['https://evil.example/'], ['javascript:alert(1)'], [7]])(
  '%s leads nowhere',
  async (url) => {
    answer(200, { url });
    await expect(recordingsAddress(of)).rejects.toThrow();
  },
);
