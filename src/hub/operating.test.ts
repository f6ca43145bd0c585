import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { WebsiteTokens } from '../auth/website-tokens.ts';
import { NO_GUARDS } from '../core/guards.ts';
import type { TranscriptLine, Transcripts } from '../transcripts/port.ts';
import { NO_WEBSITE, type Report, WebhookError, type Website } from '../website/port.ts';
import type { HubSettings } from './services.ts';
import { wideRates } from './testing/settings.ts';
import { CHANNEL, framesOf, openStage, START, type Stage, type StageOptions, settled, until } from './testing/stage.ts';

const WEBSITE = { secret: 'a secret between the website and us', algorithm: 'HS256' } as const;
const LINK = 'https://spam.example/buy';

const sign = (sub: string, more: object = {}, at = START) =>
  new WebsiteTokens({ ...WEBSITE, now: () => at }).sign({ sub, ...more });

class FakeWebsite implements Website {
  readonly takesReports: boolean;
  readonly hasProfiles = false;
  readonly reports: Report[] = [];
  /** What becomes of the next reports. */
  outcome: () => Promise<void> = () => Promise.resolve();

  constructor({ takesReports = true }: { readonly takesReports?: boolean } = {}) {
    this.takesReports = takesReports;
  }

  report(report: Report): Promise<void> {
    this.reports.push(report);
    return this.outcome();
  }

  profile = NO_WEBSITE.profile;
  close = NO_WEBSITE.close;
}

async function onStage(play: (stage: Stage) => Promise<void>, options: StageOptions = {}): Promise<void> {
  const stage = await openStage({ website: WEBSITE, ...options });
  try {
    await play(stage);
    expect(stage.faults).toEqual([]);
  } finally {
    await stage.hub.close();
  }
}

/** Comes on BareRTC's wire with a token of the website, and waits for what is said to it. */
async function signIn(stage: Stage, username: string, jwt: string) {
  const connection = stage.connect();
  connection.receive({ action: 'login', username, jwt });
  await until(() => ['me', 'error'].some((action) => framesOf(connection, action).length > 0));
  return connection;
}

async function signedIn(stage: Stage, name: string, claims: object = {}) {
  return signIn(stage, name, await sign(name, claims, stage.clock.now));
}

const errors = (connection: Parameters<typeof framesOf>[0]) =>
  framesOf(connection, 'error').map(({ message }) => String(message));

describe('a report of a member', () => {
  const REPORT = {
    action: 'report',
    channel: 'lobby',
    username: 'Bob',
    timestamp: '2030-01-01T10:00:00Z',
    reason: 'Rude',
    message: 'you!',
    comment: 'He shouted.',
  };

  test('is handed to the website, and confirmed when it took it', async () => {
    const website = new FakeWebsite();
    await onStage(
      async (stage) => {
        const alice = await stage.login('Alice');
        let taken = () => {};
        website.outcome = () =>
          new Promise((done) => {
            taken = done;
          });
        alice.take();
        alice.receive(REPORT);
        await settled();
        expect(alice.sent).toEqual([]);
        expect(website.reports).toEqual([
          {
            from: 'Alice',
            about: 'Bob',
            channel: 'lobby',
            timestamp: '2030-01-01T10:00:00Z',
            reason: 'Rude',
            message: 'you!',
            comment: 'He shouted.',
          },
        ]);
        alice.receive({ action: 'message', channel: 'lobby', message: 'I go on meanwhile' });
        await until(() => framesOf(alice, 'message').length === 1);
        taken();
        await until(() => errors(alice).some((text) => text.includes('has been delivered')));
      },
      { services: { website } },
    );
  });

  test('of a direct message says what the two said before, as the one who reports knows it', async () => {
    const website = new FakeWebsite();
    await onStage(
      async (stage) => {
        const [alice, bob] = [await stage.login('Alice'), await stage.login('Bob')];
        bob.receive({ action: 'message', channel: '@Alice', message: 'you are wrong' });
        bob.receive({ action: 'message', channel: 'lobby', message: 'in public' });
        await settled();
        alice.receive({ ...REPORT, channel: '@Bob' });
        await settled();
        expect(website.reports[0]?.channel).toBe('@Bob');
        expect(website.reports[0]?.message).toMatch(/^you!\n\nSaid before:\n\S+Z \[Bob\] you are wrong$/);
      },
      { services: { website } },
    );
  });

  test('about no message says so; no report is too long', async () => {
    const website = new FakeWebsite();
    await onStage(
      async (stage) => {
        const alice = await stage.login('Alice');
        alice.receive({ ...REPORT, channel: 'n/a', message: 'x'.repeat(30_000) });
        await settled();
        expect(website.reports[0]?.channel).toBe('n/a');
        expect(website.reports[0]?.message).toHaveLength(20_000);
      },
      { services: { website } },
    );
  });

  test('that the website does not take is refused, and no fault of ours', async () => {
    const website = new FakeWebsite();
    website.outcome = () => Promise.reject(new WebhookError('status', { status: 500 }));
    await onStage(
      async (stage) => {
        const alice = await stage.login('Alice');
        alice.receive(REPORT);
        await until(() => errors(alice).some((text) => text.includes('could not be delivered')));
        expect(stage.tally.of('refused report-failed')).toBe(1);
        expect(alice.open).toBe(true);
      },
      { services: { website } },
    );
  });

  test('is refused where nobody takes them', async () => {
    const website = new FakeWebsite({ takesReports: false });
    await onStage(
      async (stage) => {
        const alice = await stage.login('Alice');
        alice.receive(REPORT);
        await until(() => errors(alice).some((text) => text.includes('not enabled')));
        expect(website.reports).toEqual([]);
        expect(stage.tally.of('refused reports-off')).toBe(1);
      },
      { services: { website } },
    );
  });

  test('W13: is nobody’s who is not in the room', async () => {
    const website = new FakeWebsite();
    await onStage(
      async (stage) => {
        const stranger = stage.connect();
        stranger.receive(REPORT);
        await settled();
        expect(website.reports).toEqual([]);
      },
      { services: { website } },
    );
  });

  test('from somebody who left meanwhile harms nobody', async () => {
    const website = new FakeWebsite();
    await onStage(
      async (stage) => {
        const alice = await stage.login('Alice');
        let taken = () => {};
        website.outcome = () =>
          new Promise((done) => {
            taken = done;
          });
        alice.receive(REPORT);
        await settled();
        alice.end({ code: 1001 });
        taken();
        await settled();
        expect(await stage.present()).toEqual([]);
      },
      { services: { website } },
    );
  });
});

describe('what the server finds by itself', () => {
  const linkSpam = { maxThreads: 1, timeLimitMs: 1_000_000, banHours: 24 };
  const settings = { guards: { ...NO_GUARDS, linkSpam } };

  async function spam(stage: Stage) {
    const alice = await stage.login('Alice');
    for (const name of ['Bob', 'Carol']) {
      await stage.login(name);
      alice.receive({ action: 'message', channel: `@${name}`, message: LINK });
      await settled();
    }
    return alice;
  }

  test('goes to the website', async () => {
    const website = new FakeWebsite();
    await onStage(
      async (stage) => {
        const alice = await spam(stage);
        expect(alice.open).toBe(false);
        expect(website.reports).toMatchObject([
          {
            from: 'ChatServer',
            about: 'Alice',
            channel: '@Carol',
            timestamp: new Date(START).toISOString(),
            reason: 'Spam Detected',
            message: LINK,
          },
        ]);
      },
      { settings, services: { website } },
    );
  });

  test.each([
    ['is off', new FakeWebsite({ takesReports: false })],
    ['fails', Object.assign(new FakeWebsite(), { outcome: () => Promise.reject(new WebhookError('timed-out')) })],
  ])('stops nothing where the website %s', async (_what, website) => {
    await onStage(
      async (stage) => {
        expect((await spam(stage)).open).toBe(false);
        expect(await stage.present()).toEqual(['Bob', 'Carol']);
      },
      { settings, services: { website } },
    );
  });
});

describe('transcripts', () => {
  test('are of what was said and delivered, in words', async () => {
    const lines: TranscriptLine[] = [];
    const transcripts: Transcripts = { write: (line) => void lines.push(line), close: async () => {} };
    await onStage(
      async (stage) => {
        const [alice, bob] = [await stage.login('Alice'), await stage.login('Bob')];
        alice.receive({ action: 'message', channel: 'lobby', message: 'hello *all*' });
        alice.receive({ action: 'message', channel: '@Bob', message: 'hello Bob' });
        alice.receive({ action: 'message', channel: '@Nobody', message: 'nobody hears' });
        await settled();
        bob.receive({ action: 'mute', username: 'Alice' });
        await settled();
        alice.receive({ action: 'message', channel: '@Bob', message: 'Bob does not hear' });
        await settled();
        expect(lines).toEqual([
          { kind: 'channel', channel: 'lobby', author: 'Alice', text: 'hello *all*', at: START },
          { kind: 'direct', author: 'Alice', recipient: 'Bob', text: 'hello Bob', at: START },
        ]);
      },
      { services: { transcripts } },
    );
  });
});

describe('settings that are read again', () => {
  /** A stage whose operator may read `next`. */
  async function onReadable(next: Partial<HubSettings>, play: (stage: Stage) => Promise<void>): Promise<void> {
    let reconfigure = async () => {};
    await onStage(
      async (stage) => {
        reconfigure = async () => stage.hub.reconfigure({ ...stage.hub.context.settings, ...next });
        await play(stage);
      },
      { services: { reconfigure: () => reconfigure() } },
    );
  }
  const read = { action: 'message', channel: 'lobby', message: '/reconfigure' };

  test('hold in rooms that are open, at once: guards, channels, title, rates', async () => {
    const next = {
      guards: {
        ...NO_GUARDS,
        rules: new Map([['carol', new Set(['no-image'] as const)]]),
        filters: [
          {
            channels: true,
            direct: true,
            patterns: [
              { censor: (text: string) => (text.includes('beet') ? text.replace('beet', '****') : undefined) },
            ],
            censor: true,
            forward: true,
            report: false,
            response: '',
          },
        ],
      },
      rooms: [{ name: 'lobby', title: 'The new lobby', channels: [CHANNEL, { ...CHANNEL, id: 'more' }] }],
      rates: wideRates({ burst: 1, perSecond: 0.001 }),
    };
    await onReadable(next, async (stage) => {
      const [olga, bob] = [await signedIn(stage, 'Olga', { op: true }), await stage.login('Bob')];
      olga.receive({ action: 'message', channel: 'lobby', message: 'first' });
      olga.receive(read);
      await until(() => errors(olga).some((text) => text.includes('have been read again')));
      bob.receive({ action: 'message', channel: 'more', message: 'a beet' });
      await until(() => framesOf(bob, 'message').some(({ channel }) => channel === 'more'));
      expect(framesOf(bob, 'message').at(-1)?.message).toContain('****');
      bob.receive({ action: 'message', channel: 'more', message: 'again' });
      await until(() => stage.tally.of('refused too-fast') === 1);
      const room = await stage.hub.openRoom('lobby');
      expect(room?.view.title).toBe('The new lobby');
      await stage.login('Carol');
      expect([...(room?.view.memberNamed('Carol')?.rules ?? [])]).toEqual(['no-image']);
      expect(await stage.present()).toEqual(['Bob', 'Carol', 'Olga']);
    });
  });

  test('that cannot be read stay as they were, and the operator reads why', async () => {
    const services = { reconfigure: () => Promise.reject(new Error('line 3 is nonsense')) };
    await onStage(
      async (stage) => {
        const olga = await signedIn(stage, 'Olga', { op: true });
        olga.receive(read);
        await until(() => errors(olga).some((text) => text.includes('line 3 is nonsense')));
        expect(stage.tally.of('refused settings-invalid')).toBe(1);
      },
      { services },
    );
  });

  test('are read for operators only', async () => {
    let times = 0;
    await onStage(
      async (stage) => {
        const bob = await stage.login('Bob');
        bob.receive(read);
        bob.receive({ action: 'message', channel: 'lobby', message: '/shutdown' });
        await until(() => framesOf(bob, 'message').length === 2);
        expect(times).toBe(0);
      },
      { services: { reconfigure: async () => void times++, shutDown: () => void times++ } },
    );
  });
});

test('a restart is announced to all before it happens', async () => {
  let heard: string[] = [];
  let bobs = () => [] as string[];
  await onStage(
    async (stage) => {
      const [olga, bob] = [await signedIn(stage, 'Olga', { op: true }), await stage.login('Bob')];
      bobs = () => errors(bob);
      olga.receive({ action: 'message', channel: 'lobby', message: '/shutdown' });
      await until(() => heard.length > 0);
      expect(heard.at(-1)).toContain('restarted by Olga');
      expect(bob.open).toBe(true);
    },
    {
      services: {
        shutDown: () => {
          heard = bobs();
        },
      },
    },
  );
});

describe('who came with a token of the website', () => {
  test('gets a fresh one from time to time, with what they may do now; guests get none', () =>
    onStage(async (stage) => {
      const [olga, bob, guest] = [
        await signedIn(stage, 'Olga', { op: true }),
        await signedIn(stage, 'Bob', { rules: ['redcam'] }),
        await stage.login('Guest'),
      ];
      olga.receive({ action: 'message', channel: 'lobby', message: '/op Bob' });
      await settled();
      stage.pass(30_000);
      await until(() => framesOf(bob, 'ping').length === 1 && framesOf(guest, 'ping').length === 1);
      expect(framesOf(guest, 'ping')).toEqual([{ action: 'ping' }]);
      const [ping] = framesOf(bob, 'ping');
      expect(ping?.jwtRules).toMatchObject({ IsRedCamRule: true, IsNoVideoRule: false });
      expect(decodeJwt(String(ping?.jwt))).toMatchObject({ sub: 'Bob', op: true, iat: (START + 30_000) / 1000 });
      olga.receive({ action: 'message', channel: 'lobby', message: '/deop Bob' });
      await settled();
      stage.pass(30_000);
      await until(() => framesOf(bob, 'ping').length === 2);
      expect(decodeJwt(String(framesOf(bob, 'ping')[1]?.jwt))).toMatchObject({ sub: 'Bob', op: false });
    }));

  test('W23: cannot come back by a token of before they were kicked; by a later one they can', () =>
    onStage(async (stage) => {
      const olga = await signedIn(stage, 'Olga', { op: true });
      const jwt = await sign('Bob', {}, stage.clock.now);
      const bob = await signIn(stage, 'Bob', jwt);
      stage.clock.now += 10_000;
      olga.receive({ action: 'message', channel: 'lobby', message: '/kick Bob' });
      await until(() => !bob.open);
      await signIn(stage, 'Bob', jwt);
      expect(await stage.present()).toEqual(['Olga']);
      stage.clock.now += 1_000;
      await signedIn(stage, 'Bob');
      expect(await stage.present()).toEqual(['Bob', 'Olga']);
    }));

  test('W23: who was made no operator cannot be one again by an older token', () =>
    onStage(async (stage) => {
      const olga = await signedIn(stage, 'Olga', { op: true });
      const jwt = await sign('Bob', { op: true }, stage.clock.now);
      await signIn(stage, 'Bob', jwt);
      stage.clock.now += 10_000;
      olga.receive({ action: 'message', channel: 'lobby', message: '/deop Bob' });
      await settled();
      await signIn(stage, 'Bob', jwt);
      const room = await stage.hub.openRoom('lobby');
      expect(room?.view.memberNamed('Bob')?.permissions.has('op')).toBe(false);
      expect(await stage.present()).toEqual(['Bob', 'Olga']);
    }));

  test('takes their name from the guest who has it, on whatever wire; nobody else loses anything', () =>
    onStage(async (stage) => {
      const [native, other] = [await stage.hello('Alice'), await stage.hello('Otto')];
      await signedIn(stage, 'Alice');
      expect(native.connection.closeCode).toBe(4001);
      expect(framesOf(native.connection, 'bye')).toMatchObject([{ code: 'replaced' }]);
      expect(other.connection.open).toBe(true);
      expect(await stage.present()).toEqual(['Alice', 'Otto']);
      expect(stage.hub.askerBySecret(native.welcome.session)).toBeUndefined();
      expect(stage.tally.of('members parlour')).toBe(1);
      const back = await stage.hello('Alice', { token: native.welcome.token });
      expect(await stage.present()).toEqual(['Alice', 'Alice 2', 'Otto']);
      back.connection.receive({ type: 'leave' });
    }));

  test('keeps their name while away: guests are numbered', () =>
    onStage(async (stage) => {
      const alice = await signedIn(stage, 'Alice');
      alice.end({ code: 1001 });
      await settled();
      await stage.login('alice');
      expect(await stage.present()).toEqual(['alice 2']);
      await signedIn(stage, 'Alice');
      expect(await stage.present()).toEqual(['Alice', 'alice 2']);
    }));

  test('who is signed in elsewhere anew leaves the older place, and nobody hears of it', () =>
    onStage(async (stage) => {
      const watcher = await stage.login('Wanda');
      const older = await signedIn(stage, 'Alice');
      watcher.take();
      await signedIn(stage, 'Alice');
      expect(older.open).toBe(false);
      expect(await stage.present()).toEqual(['Alice', 'Wanda']);
      expect(framesOf(watcher, 'presence')).toEqual([]);
    }));
});
