import { afterEach, expect, test, vi } from 'vitest';
import { recordingsAddress } from './recordings-address.ts';

afterEach(() => vi.unstubAllGlobals());

function answers(status: number, body: object) {
  const asked = vi.fn(async (_path: string, _request: RequestInit) => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', asked);
  return asked;
}

test('a session asks for the address, and says who it is in no address', async () => {
  const asked = answers(200, { url: '/recordings/a/b/?ticket=x' });
  expect(await recordingsAddress('a/b c', 's3cret')).toBe('/recordings/a/b/?ticket=x');
  const [path, request] = asked.mock.calls[0] ?? [];
  expect([path, request?.method, request?.body]).toEqual([
    '/recordings/a/b%20c/.ticket',
    'POST',
    '{"session":"s3cret"}',
  ]);
});

test.each([
  [403, { error: {} }],
  [200, {}],
  [200, { url: 'https://evil.example/' }],
  [200, { url: '//evil.example/' }],
])('an answer of %i with %j is none', async (status, body) => {
  answers(status, body);
  await expect(recordingsAddress('lobby', 's')).rejects.toThrow();
});
