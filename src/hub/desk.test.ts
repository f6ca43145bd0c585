import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { Seals } from '../auth/seals.ts';
import { WebsiteTokens } from '../auth/website-tokens.ts';
import type { DeskSettings, Polls } from '../dialects/desk.ts';
import { addressRanges } from '../transport/address-ranges.ts';
import { NO_WEBSITE } from '../website/port.ts';
import { HubDesk } from './desk.ts';
import { framesOf, openStage, START, type Stage, type StageOptions, settled, until } from './testing/stage.ts';

const WEBSITE = { secret: 'a secret between the website and us', algorithm: 'HS256' } as const;
const NO_POLLS: Polls = { open: () => undefined, find: () => undefined };
const tokensAt = (now: () => number) => new WebsiteTokens({ ...WEBSITE, now });

interface House {
  readonly stage: Stage;
  readonly desk: HubDesk;
  readonly tokens: WebsiteTokens;
  /** May be changed while the desk is open. */
  readonly settings: { apiKey: string; title: string };
}

async function onStage(play: (house: House) => Promise<void>, options: StageOptions = {}): Promise<void> {
  const stage = await openStage({ website: WEBSITE, ...options });
  const tokens = tokensAt(() => stage.clock.now);
  const settings = { apiKey: 'the-key', title: 'Parlour' };
  const desk = new HubDesk({
    hub: stage.hub,
    tokens,
    polls: NO_POLLS,
    lines: { open: () => undefined },
    settings: () => settings as unknown as DeskSettings & { readonly apiKey: string },
    requests: { burst: 3, perSecond: 1 },
    recordings: '/nowhere',
    seals: new Seals({ secret: 'x'.repeat(32), now: () => stage.clock.now }),
    newId: () => '0'.repeat(32),
  });
  try {
    await play({ stage, desk, tokens, settings });
    expect(stage.faults).toEqual([]);
  } finally {
    await stage.hub.close();
  }
}

async function signedIn({ stage, tokens }: House, name: string, claims: object = {}) {
  const connection = stage.connect();
  connection.receive({ action: 'login', username: name, jwt: await tokens.sign({ sub: name, ...claims }) });
  await until(() => framesOf(connection, 'me').length > 0);
  return connection;
}

async function say(connection: Awaited<ReturnType<typeof signedIn>>, channel: string, message: string) {
  connection.receive({ action: 'message', channel, message });
  await settled();
}

describe('the key of the website', () => {
  test('is the one that is configured now, to the letter', () =>
    onStage(async ({ desk, settings }) => {
      expect(['the-key', 'The-key', 'the-ke', 'the-key ', ''].map((key) => desk.isApiKey(key))).toEqual([
        true,
        false,
        false,
        false,
        false,
      ]);
      settings.apiKey = 'another';
      expect([desk.isApiKey('the-key'), desk.isApiKey('another')]).toEqual([false, true]);
    }));

  test('is none where none is configured', () =>
    onStage(async ({ desk, settings }) => {
      settings.apiKey = '';
      expect(desk.isApiKey('')).toBe(false);
    }));
});

test('W12: a household asks so often, from whatever of its addresses', () =>
  onStage(
    async ({ desk, stage }) => {
      const asked = ['::1', '::2', '::3', '::4'].map((end) => desk.mayAsk(`2001:db8:0:1${end}`));
      expect(asked).toEqual([true, true, true, false]);
      expect(desk.mayAsk('2001:db8:0:2::1')).toBe(true);
      stage.clock.now += 1_000;
      expect(desk.mayAsk('2001:db8:0:1::1')).toBe(true);
    },
    { services: { ranges: addressRanges } },
  ));

describe('who somebody is', () => {
  test('is said by a token that holds, and signed for five minutes', () =>
    onStage(async ({ desk, tokens, stage }) => {
      const identity = desk.identify({ sub: 'Alice', vip: true, theme: 'dark', rules: ['noimage'] });
      if (!identity) throw new Error('nobody');
      const token = await desk.sign(identity);
      expect(decodeJwt(token)).toEqual({
        sub: 'Alice',
        op: false,
        vip: true,
        rules: ['noimage'],
        iat: START / 1000,
        nbf: START / 1000,
        exp: START / 1000 + 300,
      });
      expect(desk.claimsOf(identity)).toEqual({ sub: 'Alice', op: false, vip: true, rules: ['noimage'] });
      expect(await desk.vouchedFor(token)).toEqual(identity);
      stage.clock.now += 300_000;
      expect(await desk.vouchedFor(token)).toBeUndefined();
      expect(await desk.vouchedFor(await tokens.sign({ sub: 'Bob' }))).toMatchObject({ name: 'Bob' });
    }));

  test('is nobody without a name', () =>
    onStage(async ({ desk }) => {
      expect(desk.identify({})).toBeUndefined();
      expect(desk.identify({ sub: { name: 'Alice' } })).toBeUndefined();
    }));

  test('is found in the room, while they are there', () =>
    onStage(async (house) => {
      const alice = await signedIn(house, 'Alice');
      expect((await house.desk.memberWith('t:Alice'))?.name).toBe('Alice');
      expect((await house.desk.room()).size).toBe(1);
      alice.end({ code: 1001 });
      expect(await house.desk.memberWith('t:Alice')).toBeUndefined();
    }));
});

describe('what the website asks of the room', () => {
  test('is done, and answered', () =>
    onStage(async (house) => {
      const { desk, stage } = house;
      const [alice, bob] = [await signedIn(house, 'Alice'), await stage.login('Bob')];
      expect(await desk.administer({ type: 'announce', text: 'Hear, hear.' })).toEqual({ accepted: { kind: 'done' } });
      await until(() => framesOf(bob, 'error').some(({ message }) => String(message).includes('Hear, hear.')));
      expect(await desk.administer({ type: 'kick', name: 'Alice', reason: 'late' })).toMatchObject({
        accepted: { name: 'Alice' },
      });
      expect(alice.open).toBe(false);
      expect(await desk.administer({ type: 'kick', name: 'Alice', reason: '' })).toMatchObject({
        refused: { code: 'member-absent' },
      });
    }));

  test('W28: to amend somebody gives them a fresh token at once', () =>
    onStage(async (house) => {
      const { desk } = house;
      const alice = await signedIn(house, 'Alice');
      const identity = desk.identify({ sub: 'Alicia', op: true, rules: ['noimage'] });
      if (!identity) throw new Error('nobody');
      alice.take();
      expect(await desk.administer({ type: 'amend', name: 'Alice', identity })).toMatchObject({
        accepted: { name: 'Alicia' },
      });
      const [ping] = framesOf(alice, 'ping');
      expect(decodeJwt(String(ping?.jwt))).toMatchObject({ sub: 'Alicia', op: true, rules: ['noimage'] });
      expect(ping?.jwtRules).toMatchObject({ IsNoImageRule: true });
      expect(await house.stage.present()).toEqual(['Alicia']);
    }));

  test('to amend a guest, or somebody who is not there, gives nobody a token', () =>
    onStage(async ({ desk, stage }) => {
      const bob = await stage.login('Bob');
      const identity = desk.identify({ sub: 'Bob', op: true });
      if (!identity) throw new Error('nobody');
      for (const name of ['Bob', 'Nobody']) {
        expect(await desk.administer({ type: 'amend', name, identity })).toHaveProperty('refused');
      }
      expect(framesOf(bob, 'ping')).toEqual([]);
    }));

  test('to stop tells all, then stops', async () => {
    let stopped = 0;
    await onStage(
      async ({ desk, stage }) => {
        const bob = await stage.login('Bob');
        desk.shutDown('We restart.');
        await until(() => stopped === 1);
        expect(framesOf(bob, 'error').some(({ message }) => String(message).includes('We restart.'))).toBe(true);
      },
      { services: { shutDown: () => void stopped++ } },
    );
  });
});

describe('direct messages', () => {
  async function correspondence(house: House) {
    const alice = await signedIn(house, 'Alice');
    const bob = await signedIn(house, 'B_b');
    const other = await signedIn(house, 'Bob');
    for (const text of ['one', 'two', 'three']) await say(alice, '@B_b', text);
    await say(bob, '@Alice', 'four');
    await say(other, '@Alice', 'from another');
    return { alice, bob, other };
  }

  test('come newest first, page by page, with how many are older', () =>
    onStage(async (house) => {
      await correspondence(house);
      const textsOf = ({ messages }: Awaited<ReturnType<HubDesk['history']>>) =>
        messages.map(({ body }) => (body.kind === 'text' ? body.text : ''));
      const first = await house.desk.history('t:Alice', { peer: 'b_B', limit: 3 });
      expect([textsOf(first), first.remaining]).toEqual([['four', 'three', 'two'], 1]);
      const before = first.messages.at(-1)?.id ?? 0;
      const second = await house.desk.history('t:Alice', { peer: 'B_b', limit: 3, before });
      expect([textsOf(second), second.remaining]).toEqual([['one'], 0]);
      expect(await house.desk.history('t:Alice', { peer: 'nobody', limit: 3 })).toEqual({ messages: [], remaining: 0 });
      expect(await house.desk.history('t:stranger', { peer: 'b_b', limit: 3 })).toEqual({ messages: [], remaining: 0 });
    }));

  test('are listed by who is at the other end', () =>
    onStage(async (house) => {
      await correspondence(house);
      const { threads, count } = await house.desk.threads('t:Alice', { sort: 'a-z', offset: 0, limit: 10 });
      expect([threads.map(({ name }) => name), count]).toEqual([['B_b', 'Bob'], 2]);
    }));

  test('W17: are erased of one name, in which nothing is a pattern, also from memory', () =>
    onStage(async (house) => {
      const { alice } = await correspondence(house);
      const { desk, stage } = house;
      const { messages } = await desk.history('t:Alice', { peer: 'b_b', limit: 10 });
      for (const name of ['B%', '%', '___']) expect(await desk.eraseDirect(name)).toBe(0);
      expect(await desk.eraseDirect('B_B')).toBe(4);
      expect((await desk.history('t:Alice', { peer: 'b_b', limit: 10 })).messages).toEqual([]);
      expect((await desk.history('t:Alice', { peer: 'bob', limit: 10 })).messages).toHaveLength(1);
      const room = await stage.hub.openRoom('lobby');
      expect(messages.map(({ id }) => room?.remembered(id))).toEqual([undefined, undefined, undefined, undefined]);
      alice.take();
      alice.receive({ action: 'react', msgID: messages[0]?.id, message: '👍' });
      await settled();
      expect(framesOf(alice, 'react')).toEqual([]);
    }));

  test('behind a block are not shown while it stands', () =>
    onStage(async (house) => {
      const { alice } = await correspondence(house);
      alice.receive({ action: 'block', username: 'B_b' });
      await settled();
      const { messages } = await house.desk.history('t:Alice', { peer: 'b_b', limit: 10 });
      expect(messages.every(({ author }) => author.name === 'Alice')).toBe(true);
      expect(messages).toHaveLength(3);
    }));
});

test('whom the website says somebody blocks, they block from when they come', () =>
  onStage(async (house) => {
    const { desk, stage } = house;
    await stage.login('Bob');
    await desk.putBlocklist('ALICE', ['Bob', 'Carol']);
    expect(await desk.blocklist('Alice')).toEqual(['Bob', 'Carol']);
    await signedIn(house, 'Alice');
    const { relations } = await desk.room();
    expect(relations.has('Alice', 'block', 'Bob')).toBe(true);
    expect(relations.has('Alice', 'mute', 'Carol')).toBe(true);
    await stage.login('Dora');
    expect(relations.has('Dora', 'block', 'Bob')).toBe(false);
  }));

test('profiles are asked of the website', async () => {
  const website = { ...NO_WEBSITE, profile: async (name: string) => ({ headline: `I am ${name}`, fields: [] }) };
  await onStage(
    async ({ desk }) => {
      expect(await desk.profile('Alice')).toEqual({ headline: 'I am Alice', fields: [] });
    },
    { services: { website } },
  );
});
