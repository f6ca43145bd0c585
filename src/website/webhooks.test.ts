import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { NO_WEBSITE, type Report, WebhookError } from './port.ts';
import { Webhooks, type WebhooksOptions } from './webhooks.ts';

type Answer = (response: ServerResponse) => void;

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

const opened: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const item of opened.splice(0)) await item.close();
});

/** Gives the answers in turn, and the last one from then on. */
async function startSite(answers: readonly Answer[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      answers[Math.min(received.length, answers.length) - 1]?.(response);
    });
    response.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ close: () => closed(server) });
  return { received, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function open(options: Partial<WebhooksOptions> & { readonly host?: string } = {}) {
  const { host = '127.0.0.1:9', ...rest } = options;
  const lines: string[] = [];
  const pauses: number[] = [];
  const website = new Webhooks({
    ...{ report: `http://${host}/report`, profile: `http://${host}/profile`, apiKey: 'the-key', timeoutMs: 5000 },
    log: { warn: (details, message) => lines.push(JSON.stringify({ message, ...details })) },
    now: () => 0,
    sleep: async (ms) => pauses.push(ms),
    ...rest,
  });
  opened.push(website);
  return { website, lines, pauses };
}

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('whatever');
const json =
  (value: unknown): Answer =>
  (response) =>
    response.end(JSON.stringify(value));
const never: Answer = () => {};
const hangUp: Answer = (response) => response.destroy();

const report: Report = {
  ...{ from: 'alice', about: 'bob', channel: '@bob', timestamp: '2024-05-06T07:08:09Z' },
  ...{ reason: 'Spam', message: 'buy secret-things', comment: 'again & again' },
};

const problem = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof WebhookError ? error.message : `no WebhookError: ${error}`),
  );

describe('a report', () => {
  test('is posted as the wire has it', async () => {
    const { received, host } = await startSite([status(200)]);
    const { website, lines } = open({ host });
    await website.report(report);
    expect(received).toEqual([
      {
        method: 'POST',
        url: '/report',
        headers: expect.objectContaining({ 'content-type': 'application/json', host }),
        body: {
          Action: 'report',
          APIKey: 'the-key',
          Report: {
            ...{ FromUsername: 'alice', AboutUsername: 'bob', Channel: '@bob', Timestamp: '2024-05-06T07:08:09Z' },
            ...{ Reason: 'Spam', Message: 'buy secret-things', Comment: 'again & again' },
          },
        },
      },
    ]);
    expect(lines).toEqual([]);
  });

  test.each([
    ['500, then 200', [status(500), status(200)], [1000], 'none'],
    ['a lost connection, then 200', [hangUp, status(200)], [1000], 'none'],
    ['503, 502, 200', [status(503), status(502), status(200)], [1000, 5000], 'none'],
    ['500 for ever', [status(500)], [1000, 5000], 'status 500'],
    ['404', [status(404)], [], 'status 404'],
    ['204', [status(204)], [], 'status 204'],
  ])('%s', async (_, answers, expectedPauses, expected) => {
    const { received, host } = await startSite(answers);
    const { website, pauses, lines } = open({ host });
    expect(await problem(website.report(report))).toBe(expected);
    expect(pauses).toEqual(expectedPauses);
    expect(received).toHaveLength(expectedPauses.length + 1);
    expect(lines).toHaveLength(expected === 'none' ? 0 : 1);
  });

  test('an answer that does not end is no failure', async () => {
    const { received, host } = await startSite([
      (response) => {
        response.writeHead(200);
        response.write('begin');
      },
    ]);
    await open({ host }).website.report(report);
    expect(received).toHaveLength(1);
  });

  test('a site that does not answer', async () => {
    const { received, host } = await startSite([never]);
    const { website, pauses } = open({ host, timeoutMs: 50 });
    expect(await problem(website.report(report))).toBe('timed-out');
    expect(pauses).toHaveLength(2);
    expect(received).toHaveLength(3);
  });

  test('a site that is not there', async () => {
    const { host } = await startSite([never]);
    await opened.pop()?.close();
    expect(await problem(open({ host }).website.report(report))).toBe('unreachable');
  });

  test('redirections are not followed', async () => {
    const { received, host } = await startSite([status(307, { location: '/elsewhere' })]);
    expect(await problem(open({ host }).website.report(report))).toBe('status 307');
    expect(received.map(({ url }) => url)).toEqual(['/report']);
  });

  test('credentials in the address are sent, and not logged', async () => {
    const { received, host } = await startSite([status(403)]);
    const { website, lines } = open({ report: `http://site:p%40ss@${host}/report` });
    await problem(website.report(report));
    expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('site:p@ss').toString('base64')}`);
    expect(lines).toEqual([
      JSON.stringify({ message: 'a webhook failed', action: 'report', host, problem: 'status', status: 403 }),
    ]);
  });

  test('at most a hundred wait', async () => {
    const { host } = await startSite([never]);
    const { website } = open({ host });
    const waiting = Array.from({ length: 100 }, () => problem(website.report(report)));
    expect(await problem(website.report(report))).toBe('busy');
    await website.close();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['closed']));
  });

  test('those that are done make room', async () => {
    const { host } = await startSite([status(200)]);
    const { website } = open({ host });
    for (let round = 0; round < 3; round++) {
      const reports = Array.from({ length: 60 }, () => problem(website.report(report)));
      expect(new Set(await Promise.all(reports))).toEqual(new Set(['none']));
    }
  });
});

describe('closing', () => {
  test('ends what is under way, and what comes after', async () => {
    const { received, host } = await startSite([never]);
    const { website } = open({ host });
    const [first, second] = [problem(website.report(report)), problem(website.profile('bob'))];
    await vi.waitFor(() => expect(received).toHaveLength(2));
    await website.close();
    expect(await Promise.all([first, second, problem(website.report(report)), problem(website.profile('al'))])).toEqual(
      Array.from({ length: 4 }, () => 'closed'),
    );
    expect(received).toHaveLength(2);
  });

  test('ends the pause before another try', async () => {
    const { received, host } = await startSite([status(500)]);
    const pausing = Promise.withResolvers<void>();
    const { website } = open({
      host,
      sleep: (_, signal) => {
        pausing.resolve();
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    const outcome = problem(website.report(report));
    await pausing.promise;
    await website.close();
    expect(await outcome).toBe('closed');
    expect(received).toHaveLength(1);
  });

  test('ends the real pause, too', async () => {
    const { host } = await startSite([status(500)]);
    const lines: object[] = [];
    const website = new Webhooks({
      ...{ report: `http://${host}/`, profile: '', apiKey: '', timeoutMs: 5000, now: () => 0 },
      log: { warn: (details) => lines.push(details) },
    });
    const outcome = problem(website.report(report));
    await website.close();
    expect(await outcome).toBe('closed');
    expect(lines).toHaveLength(1);
  });
});

describe('a profile', () => {
  const data = {
    OK: true,
    Headline: 'Hi',
    ProfileFields: [{ Name: 'Age', Value: '30' }, { Name: 'Likes', Value: 7 }, null],
  };
  const profile = {
    headline: 'Hi',
    fields: [
      { name: 'Age', value: '30' },
      { name: 'Likes', value: '7' },
      { name: '', value: '' },
    ],
  };

  test('is asked for by name', async () => {
    const { received, host } = await startSite([json({ StatusCode: 200, Data: data })]);
    expect(await open({ host }).website.profile('Bob')).toEqual(profile);
    expect(received.map(({ url, body }) => ({ url, body }))).toEqual([
      { url: '/profile', body: { Action: 'profile', APIKey: 'the-key', Username: 'Bob' } },
    ]);
  });

  test.each([
    ['without a wrapper', data, profile],
    ['empty', { Data: { OK: true } }, { headline: '', fields: [] }],
    ['none', { StatusCode: 200, Data: { OK: false, Error: 'No such user.' } }, { error: 'No such user.' }],
  ])('%s', async (_, answer, expected) => {
    const { host } = await startSite([json(answer)]);
    expect(await open({ host }).website.profile('bob')).toEqual(expected);
  });

  test.each([
    ['neither profile nor error', json({ Data: { OK: false } }), 'invalid 200'],
    ['a list', json([]), 'invalid 200'],
    ['null', json(null), 'invalid 200'],
    ['no JSON', status(200), 'invalid 200'],
    ['a failure', status(500), 'status 500'],
    ['a redirection', status(302, { location: '/' }), 'status 302'],
  ])('%s', async (_, answer, expected) => {
    const { received, host } = await startSite([answer]);
    const { website, lines } = open({ host });
    expect(await problem(website.profile('secret-bob'))).toBe(expected);
    expect(received).toHaveLength(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/the-key|secret-bob/);
  });

  test('large answers are cut, larger ones refused', async () => {
    const value = 'x'.repeat(100_000);
    const large = { Data: { OK: true, Headline: value, ProfileFields: [{ Name: value, Value: '' }] } };
    const larger = { Data: { ...large.Data, More: value } };
    const { host } = await startSite([json(large), json(larger)]);
    const { website } = open({ host });
    const { headline, fields } = (await website.profile('bob')) as typeof profile;
    expect([headline.length, fields[0]?.name.length]).toEqual([1000, 200]);
    expect(await problem(website.profile('carol'))).toBe('invalid 200');
  });

  test('an answer without an end', async () => {
    const { host } = await startSite([
      (response) => {
        const more = () => void response.write('x'.repeat(65_536), (error) => error || more());
        more();
      },
    ]);
    expect(await problem(open({ host }).website.profile('bob'))).toBe('invalid 200');
  });

  test('an answer that stops', async () => {
    const { host } = await startSite([(response) => void response.write('{')]);
    expect(await problem(open({ host, timeoutMs: 50 }).website.profile('bob'))).toBe('timed-out');
  });

  test('is asked for once in half a minute', async () => {
    const { received, host } = await startSite([json({ Data: data })]);
    const clock = { now: 1000 };
    const { website } = open({ host, now: () => clock.now });
    await Promise.all([website.profile('bob'), website.profile('BOB')]);
    clock.now += 29_999;
    await website.profile('bob');
    expect(received).toHaveLength(1);
    clock.now += 1;
    await website.profile('bob');
    expect(received).toHaveLength(2);
  });

  test('a failure is not kept', async () => {
    const { host } = await startSite([status(500), json({ Data: data })]);
    const { website } = open({ host });
    expect(await problem(website.profile('bob'))).toBe('status 500');
    expect(await website.profile('bob')).toEqual(profile);
  });

  test('the oldest of many is forgotten', async () => {
    const { received, host } = await startSite([json({ Data: data })]);
    const { website } = open({ host });
    for (let user = 0; user <= 500; user++) await website.profile(`user ${user}`);
    await website.profile('user 1');
    expect(received).toHaveLength(501);
    await website.profile('user 0');
    expect(received).toHaveLength(502);
  });

  test('not too many questions at once', async () => {
    const { host } = await startSite([never]);
    const { website } = open({ host });
    const asked = Array.from({ length: 50 }, (_, user) => problem(website.profile(`user ${user}`)));
    expect(await problem(website.profile('bob'))).toBe('busy');
    await website.close();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['closed']));
  });
});

test('what has no address is off', async () => {
  for (const website of [open({ report: '', profile: '' }).website, NO_WEBSITE]) {
    expect([website.takesReports, website.hasProfiles]).toEqual([false, false]);
    expect(await problem(website.report(report))).toBe('off');
    expect(await website.profile('bob')).toBeUndefined();
    await website.close();
  }
  const { website } = open();
  expect([website.takesReports, website.hasProfiles]).toEqual([true, true]);
});
