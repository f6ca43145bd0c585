import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { samplePng } from '../support/images.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { enterBy, enterParlour, type Noticed, type Person, WIRES, type WireName } from './support/people.ts';

/** Every wire to every wire: what one says, the other notices, in the way that `docs/wires.md` says. */

let server: TestServer;
let operator: Awaited<ReturnType<typeof enterParlour>>;
let count = 0;

beforeAll(async () => {
  server = await startTestServer();
  operator = await enterParlour(server, 'Olga', { invitation: server.invitationToken });
});
afterAll(async () => {
  await operator.leave();
  await server.close();
});

const PAIRS = WIRES.flatMap((from) => WIRES.map((to) => [from, to] as const));

/** Two people on these wires, who see that the other is there. */
async function meet(from: WireName, to: WireName): Promise<{ readonly a: Person; readonly b: Person }> {
  count += 1;
  const b = await enterBy[to](server, `bob ${count}`);
  const a = await enterBy[from](server, `ann ${count}`);
  // On Camus' wire people come first and say their name then.
  await b.until(
    (noticed) =>
      (noticed.what === 'came' && noticed.from === a.name) || (noticed.what === 'renamed' && noticed.to === a.name),
  );
  await a.fence();
  return { a, b };
}

async function part(...people: readonly Person[]): Promise<void> {
  for (const one of people) await one.leave();
}

function heard(from: string, fits: (text: string) => boolean) {
  return (noticed: Noticed): boolean => noticed.what === 'said' && noticed.from === from && fits(noticed.text);
}

const MARKDOWN = 'hello **bold** and [a site](https://example.org/x)\nsecond line & 1 < 2';

/** How this text reads on each wire. BareRTC's own Markdown shows no single line breaks. */
function reads(to: WireName, from: WireName): RegExp {
  switch (to) {
    case 'barertc':
      return from === 'barertc'
        ? /^<p>hello <strong>bold<\/strong> and <a href="https:\/\/example\.org\/x"[^>]*>a site<\/a>\nsecond line &amp; 1 &lt; 2<\/p>$/
        : /^<p>hello <strong>bold<\/strong> and <a href="https:\/\/example\.org\/x"[^>]*>a site<\/a><br \/>\nsecond line &amp; 1 &lt; 2<\/p>$/;
    case 'camus':
      return from === 'camus'
        ? /^hello \*\*bold\*\* and \[a site\]\(https:\/\/example\.org\/x\)\nsecond line & 1 < 2$/
        : /^hello bold and a site \(https:\/\/example\.org\/x\)\nsecond line & 1 < 2$/;
    case 'galene':
      return from === 'galene'
        ? /^hello \*\*bold\*\* and \[a site\]\(https:\/\/example\.org\/x\)\nsecond line & 1 < 2$/
        : /^hello bold and a site \(https:\/\/example\.org\/x\)\nsecond line & 1 < 2$/;
    case 'parlour':
    case 'rwci':
      return /^hello \*\*bold\*\* and \[a site\]\(https:\/\/example\.org\/x\)\nsecond line & 1 < 2$/;
  }
}

describe.each(PAIRS)('from %s to %s:', (from, to) => {
  test('public text, its line breaks and links', async () => {
    const { a, b } = await meet(from, to);
    a.say(MARKDOWN);
    await b.until(heard(a.name, (text) => reads(to, from).test(text)));
    await part(a, b);
  });

  test('what somebody does (/me)', async () => {
    const { a, b } = await meet(from, to);
    a.say('/me waves *gently*');
    const words = {
      barertc: `<p><em>${a.name} waves <em>gently</em></em></p>`,
      camus: `* ${a.name} waves gently`,
      galene: from === 'galene' ? '/me waves *gently*' : '/me waves gently',
      parlour: '/me waves *gently*',
      rwci: `*${a.name} waves *gently**`,
    }[to];
    await b.until(heard(a.name, (text) => text === words));
    await part(a, b);
  });

  test('coming and going', async () => {
    const { a, b } = await meet(from, to);
    // Whom a client of Camus' is told of, it calls: only those who can be called are in its roster.
    if (to !== 'camus' || from === 'camus') expect(b.roster).toContain(a.name);
    else expect(b.roster).not.toContain(a.name);
    await a.leave();
    await b.until((noticed) => noticed.what === 'went' && noticed.from === a.name);
    expect(b.roster).not.toContain(a.name);
    await part(b);
  });

  test('direct messages, or word that there is no such thing', async () => {
    const { a, b } = await meet(from, to);
    a.whisper(b.name, 'psst');
    if (from === 'camus' && to !== 'camus') {
      // Nobody of another wire has an address there.
      await a.fence();
      await b.fence();
      expect(b.noticed.filter(({ what }) => what === 'whispered' || what === 'said')).toEqual([]);
    } else if (from === 'camus') {
      // A program's own message to one client, passed on as it is.
      await b.until(heard(a.name, (text) => text === 'psst'));
    } else if (to === 'camus') {
      const words = from === 'galene' ? "this user doesn't chat" : 'cannot show direct messages';
      await a.until((noticed) => noticed.what === 'told' && noticed.text.includes(words));
      await b.fence();
      expect(b.noticed.filter(({ what }) => what === 'whispered' || what === 'said')).toEqual([]);
    } else {
      const shown = to === 'barertc' ? '<p>psst</p>' : 'psst';
      await b.until((noticed) => noticed.what === 'whispered' && noticed.from === a.name && noticed.text === shown);
    }
    await part(a, b);
  });

  test('mute and block hold for who has no such word', async () => {
    const { a, b } = await meet(from, to);
    if (b.mute && b.block) {
      await b.mute(a.name);
      await b.fence();
      a.say('who hears me?');
      await a.fence();
      await b.fence();
      expect(b.noticed.filter(heard(a.name, () => true))).toEqual([]);
      await b.block(a.name);
      await b.fence();
      b.say('nor you me');
      await b.fence();
      await a.fence();
      expect(a.noticed.filter(heard(b.name, () => true))).toEqual([]);
      if (a.wire !== 'barertc') expect(a.roster).not.toContain(b.name);
    } else {
      // Who cannot mute anybody hears everybody.
      a.say('heard');
      await b.until(heard(a.name, (text) => text.includes('heard')));
    }
    await part(a, b);
  });

  test('another channel', async () => {
    const { a, b } = await meet(from, to);
    a.say('over here', 'offtopic');
    const noticed = await b.until(heard(a.name, (text) => text.includes('over here')));
    // Two of them have one conversation, and no channels.
    const hasNone = (wire: WireName) => wire === 'camus' || wire === 'galene';
    if (hasNone(from)) expect(noticed).toMatchObject(hasNone(to) ? { text: 'over here' } : { channel: 'lobby' });
    else if (hasNone(to)) expect(noticed).toMatchObject({ text: '#offtopic: over here' });
    else expect(noticed).toMatchObject({ channel: 'offtopic' });
    await part(a, b);
  });

  if (from === 'barertc' || from === 'parlour') {
    test('an image, until it is taken back', async () => {
      const { a, b } = await meet(from, to);
      await a.sendImage?.(await samplePng({ width: 8, height: 8 }));
      const image = await b.until(heard(a.name, (text) => /dot\.png: http|<img src="data:image\/png/.test(text)));
      const url = /https?:\S+/.exec('text' in image ? image.text : '')?.[0];
      if (to === 'barertc') expect(url).toBeUndefined();
      else {
        const before = await fetch(url ?? '');
        expect([before.status, before.headers.get('content-type')]).toEqual([200, 'image/png']);
      }
      await a.takeBack?.();
      if (to !== 'camus' && to !== 'rwci') await b.until(({ what }) => what === 'retracted');
      else {
        await a.fence();
        await b.fence();
        expect(b.noticed.filter(({ what }) => what === 'retracted')).toEqual([]);
      }
      if (url !== undefined) await expect.poll(async () => (await fetch(url)).status).toBe(404);
      await part(a, b);
    });

    test('a message taken back, which later arrivals do not see', async () => {
      const { a, b } = await meet(from, to);
      a.say('words I regret');
      await b.until(heard(a.name, (text) => text.includes('regret')));
      await a.takeBack?.();
      await a.fence();
      const late = await enterBy[to](server, `late ${count}`);
      await late.fence();
      expect(JSON.stringify(late.noticed)).not.toContain('regret');
      await part(a, b, late);
    });
  }

  if (from === 'parlour' || from === 'rwci') {
    test('typing, where it can be said', async () => {
      const { a, b } = await meet(from, to);
      a.type?.();
      if (to === 'parlour' || to === 'rwci') await b.until(({ what, ...rest }) => what === 'typed' && 'from' in rest);
      else {
        await a.fence();
        await b.fence();
        expect(b.noticed.filter(({ what }) => what === 'typed')).toEqual([]);
      }
      await part(a, b);
    });
  }

  if (from === 'camus' || from === 'parlour') {
    test('another name', async () => {
      const { a, b } = await meet(from, to);
      const next = `anna ${count}`;
      a.rename?.(next);
      if (to === 'rwci' || (to === 'camus' && from === 'camus')) {
        await b.until((noticed) => noticed.what === 'came' && noticed.from === next);
        await b.until((noticed) => noticed.what === 'went' && noticed.from === a.name);
      } else await b.until((noticed) => noticed.what === 'renamed' && noticed.from === a.name && noticed.to === next);
      await part(a, b);
    });
  }
});

describe.each(WIRES)('on %s:', (wire) => {
  test.each(['kick', 'ban'] as const)('a %s, with the wire’s own goodbye', async (how) => {
    const { a, b } = await meet(wire, 'parlour');
    if (how === 'kick') await operator.guest.client.ask({ type: 'kick', name: a.name, reason: 'tea time' });
    else await operator.guest.client.ask({ type: 'ban', name: a.name, hours: 1, reason: 'tea time' });
    await a.until((noticed) => noticed.what === 'told' && noticed.text.includes('tea time'));
    await a.until(({ what }) => what === 'ended');
    await b.until((noticed) => noticed.what === 'went' && noticed.from === a.name);
    await operator.guest.client.ask({ type: 'unban', name: a.name }).catch(() => {});
    await part(b);
  });

  test('an operator’s notice', async () => {
    const { a, b } = await meet(wire, 'parlour');
    await operator.guest.client.ask({ type: 'announce', text: `Tea is ready, ${a.name}.` });
    await a.until((noticed) => noticed.what === 'told' && noticed.text.includes(`Tea is ready, ${a.name}.`));
    await part(a, b);
  });

  test('nobody is offered a camera that cannot be opened', async () => {
    const { a, b } = await meet(wire, 'parlour');
    if (wire === 'camus' || wire === 'galene' || wire === 'rwci') {
      const room = b as Awaited<ReturnType<typeof enterParlour>>;
      const lines = room.guest.frames.flatMap((frame) => (frame.type === 'member' ? [frame.member] : []));
      expect(lines.find(({ name }) => name === a.name)?.camera).toBe(0);
      await expect(room.guest.client.ask({ type: 'open-camera', name: a.name })).rejects.toThrow(/not sharing/);
    }
    await part(a, b);
  });
});
