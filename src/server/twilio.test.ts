import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { TwilioIce } from './twilio.ts';

const TWILIO = { accountSid: 'AC0123', authToken: 'secret' };
const LISTED = [
  { url: 'stun:global.stun.twilio.com:3478', urls: 'stun:global.stun.twilio.com:3478' },
  { url: 'turn:global.turn.twilio.com:3478', username: 'abc', credential: 'def' },
  { urls: ['turn:a.example', 'turns:b.example'], username: 'ghi', credential: 'jkl' },
];
const SERVERS = [
  { urls: ['stun:global.stun.twilio.com:3478'] },
  { urls: ['turn:global.turn.twilio.com:3478'], username: 'abc', credential: 'def' },
  { urls: ['turn:a.example', 'turns:b.example'], username: 'ghi', credential: 'jkl' },
];

type Answer = (response: ServerResponse) => void;

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.restoreAllMocks();
});

const json =
  (body: unknown, status = 201): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Twilio as it would be, which gives these answers in turn, the last one again and again. */
async function fakeTwilio(...answers: readonly Answer[]) {
  const asked: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(request);
    answer?.(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ends.push(
    () => void server.close(),
    () => server.closeAllConnections(),
  );
  return { asked, api: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function start(api: string, twilio: ConstructorParameters<typeof TwilioIce>[0]['twilio'] = TWILIO) {
  const warnings: object[] = [];
  const log = { error: () => {}, info: () => {}, warn: (details: object) => void warnings.push(details) };
  const ice = new TwilioIce({ twilio, log, api });
  ends.push(() => ice.close());
  return { ice, warnings };
}

const until = (look: () => boolean) => vi.waitFor(() => expect(look()).toBe(true), { timeout: 10_000, interval: 5 });

describe('the servers of Twilio', () => {
  test('are there once it has said them, and nobody waits for that', async () => {
    const { api } = await fakeTwilio(json({ ice_servers: LISTED }));
    const { ice, warnings } = start(api);
    expect(ice.servers).toEqual([]);
    await until(() => ice.servers.length > 0);
    expect(ice.servers).toEqual(SERVERS);
    expect(warnings).toEqual([]);
  });

  test.each([
    ['the account', TWILIO, 'AC0123:secret'],
    ['a key of it', { ...TWILIO, keySid: 'SK0123' }, 'SK0123:secret'],
  ])('are asked for in the name of %s', async (_, twilio, login) => {
    const { asked, api } = await fakeTwilio(json({ ice_servers: LISTED }));
    start(api, twilio);
    await until(() => asked.length === 1);
    expect(asked[0]).toMatchObject({ method: 'POST', url: '/2010-04-01/Accounts/AC0123/Tokens.json' });
    expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from(login).toString('base64')}`);
  });

  test.each([[{}], [{ accountSid: 'AC0123' }], [{ authToken: 'secret' }], [{ keySid: 'SK0123' }]])(
    'are not asked for with %j alone',
    async (twilio) => {
      const { asked, api } = await fakeTwilio(json({ ice_servers: LISTED }));
      const { ice } = start(api, twilio);
      // Another one that is told what it needs is answered; had the first one asked, it would have been before.
      const { ice: other } = start(api);
      await until(() => other.servers.length > 0);
      expect(asked).toHaveLength(1);
      expect(ice.servers).toEqual([]);
    },
  );

  test('that make no sense are left out, and the rest stays', async () => {
    const odd = [null, 5, 'text', {}, { urls: [] }, { urls: [5, 'stun:a.example'] }, { url: 'turn:b', username: 5 }];
    const { api } = await fakeTwilio(json({ ice_servers: odd }));
    const { ice } = start(api);
    await until(() => ice.servers.length > 0);
    expect(ice.servers).toEqual([{ urls: ['stun:a.example'] }, { urls: ['turn:b'] }]);
  });
});

describe('where Twilio does not answer as it should', () => {
  test.each([
    ['refuses', json({ message: 'Authenticate' }, 401), /401/],
    ['fails', json({}, 500), /500/],
    ['says no list', json({ ice_servers: 'none' }), /no list/],
    ['says nothing', json({}), /no list/],
    ['says no JSON', (response: ServerResponse) => void response.end('<html>'), /./],
    ['hangs up', (response: ServerResponse) => void response.destroy(), /./],
  ])('as it %s, the log says so, and there are no servers', async (_, answer, reason) => {
    const { api } = await fakeTwilio(answer);
    const { ice, warnings } = start(api);
    await until(() => warnings.length === 1);
    expect(warnings).toEqual([{ reason: expect.stringMatching(reason) }]);
    expect(JSON.stringify(warnings)).not.toContain(TWILIO.authToken);
    expect(ice.servers).toEqual([]);
  });

  test('it is asked again after a while, and again when its logins grow old', async () => {
    const waits = longTimers();
    const later = [{ urls: 'stun:later.example' }];
    const answers = [json({}, 500), json({ ice_servers: LISTED }), json({}, 503), json({ ice_servers: later })];
    const { asked, api } = await fakeTwilio(...answers);
    const { ice, warnings } = start(api);
    const minutes: number[] = [];
    for (let round = 1; round <= answers.length; round++) {
      await until(() => waits.length === round);
      expect(asked).toHaveLength(round);
      // Those of before stay while there are no newer ones.
      expect(ice.servers).toEqual([[], SERVERS, SERVERS, [{ urls: ['stun:later.example'] }]][round - 1]);
      const { ms, run } = waits[round - 1] as Wait;
      minutes.push(ms / 60_000);
      run();
    }
    expect(minutes).toEqual([5, 360, 5, 360]);
    expect(warnings).toHaveLength(2);
  });

  test('once it is closed, nothing is asked any more', async () => {
    const waits = longTimers();
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    const { api } = await fakeTwilio(json({ ice_servers: LISTED }));
    const { ice } = start(api);
    await until(() => waits.length === 1);
    ice.close();
    expect(cleared).toHaveBeenCalledWith(waits[0]?.timer);
  });

  test('closed while it is asked, it does not begin anew', async () => {
    const waits = longTimers();
    let answer = (): void => {};
    const { asked, api } = await fakeTwilio((response) => {
      answer = () => json({ ice_servers: LISTED })(response);
    });
    const { ice } = start(api);
    await until(() => asked.length === 1);
    ice.close();
    answer();
    await until(() => ice.servers.length > 0);
    await new Promise((turn) => setImmediate(turn));
    expect(waits).toEqual([]);
  });
});

interface Wait {
  readonly ms: number;
  readonly timer: NodeJS.Timeout;
  run(): void;
}

/** Timers of minutes and more, which come when the test says so. Those of `fetch` are its own. */
function longTimers(): readonly Wait[] {
  const waits: Wait[] = [];
  const real = globalThis.setTimeout;
  const setTimer = (run: (more?: unknown) => void, ms = 0, more?: unknown): NodeJS.Timeout => {
    const timer = real(run, ms, more);
    if (ms >= 60_000) waits.push({ ms, timer, run });
    return timer;
  };
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(setTimer as typeof setTimeout);
  return waits;
}
