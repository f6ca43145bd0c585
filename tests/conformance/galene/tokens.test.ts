import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GaleneClient } from '../../../src/dialects/galene/client.ts';
import { part, settled, TIME, told } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 1.10 and 4.6. */

let installation: Installation;

beforeAll(async () => {
  const data = { 'allow-recording': false };
  installation = await Installation.start({ groups: { parent: { ...data, 'auto-subgroups': true, users: {} } } });
});
afterAll(() => installation[Symbol.asyncDispose]());

interface Token {
  readonly token: string;
  readonly group: string;
  readonly username?: string;
  readonly permissions?: readonly string[];
  readonly expires?: string;
  readonly issuedBy?: string;
}

const HOUR_MS = 3_600_000;
const PRESENTER = ['present', 'message'];

async function made(maker: GaleneClient, more: object = {}): Promise<Token> {
  const group = maker.membership?.group ?? '';
  maker.groupAction({ kind: 'maketoken', value: { group, expires: HOUR_MS, permissions: PRESENTER, ...more } });
  const { error, privileged, value } = await told(maker, 'token');
  expect([error, privileged]).toEqual([undefined, true]);
  return value as Token;
}

/** What becomes of somebody who comes with a token, on a connection of their own. */
async function outcome(group: string, options: { readonly token: string; readonly username?: string }) {
  const client = await installation.connect();
  const result = await client.join(group, options);
  await part(client);
  return result.kind === 'joined'
    ? { username: result.membership.username, permissions: result.membership.permissions }
    : result;
}

const NOT_AUTHORISED = { kind: 'failed', error: undefined, value: 'not authorised' };

describe('Galène: tokens', () => {
  test('18. an operator makes one, and is told all of it', async () => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const before = Date.now();
    const token = await made(vimes);
    expect(token).toEqual({
      token: expect.stringMatching(/^[\w-]{8,}$/),
      group,
      permissions: PRESENTER,
      expires: expect.stringMatching(/^\d{4}-.*Z$/),
      issuedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      issuedBy: 'vimes',
    });
    expect(Math.abs(Date.parse(token.expires ?? '') - before - HOUR_MS)).toBeLessThan(60_000);
    await part(vimes);
  });

  test('18. it needs a name that is nobody’s, and is good more than once', async () => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const { token } = await made(vimes);
    const unnamed = { kind: 'failed', error: 'need-username', value: 'username required' };
    expect(await outcome(group, { token })).toEqual(unnamed);
    expect(await outcome(group, { token, username: 'vimes' })).toEqual({
      ...{ kind: 'failed', error: 'duplicate-username' },
      value: 'not authorised: this username is taken',
    });
    expect(await outcome(group, { token, username: 'ann' })).toEqual({ username: 'ann', permissions: PRESENTER });
    expect(await outcome(group, { token, username: 'ben' })).toEqual({ username: 'ben', permissions: PRESENTER });
    expect(await outcome(group, { token: `${token}x`, username: 'ben' })).toEqual(NOT_AUTHORISED);
    expect(await outcome(installation.plainGroup(), { token, username: 'ben' })).toEqual(NOT_AUTHORISED);
    await part(vimes);
  });

  test('18. the probe of a web client: without a name, then with one, on the same connection', async () => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const { token } = await made(vimes);
    const client = await installation.connect();
    expect(await client.join(group, { token })).toMatchObject({ error: 'need-username' });
    expect(await client.join(group, { token, username: 'ann' })).toMatchObject({ kind: 'joined' });
    await part(vimes, client);
  });

  test('18. one with a name gives it, whatever name is asked for', async () => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const { token } = await made(vimes, { username: 'carrot', permissions: ['message'] });
    const carrot = { username: 'carrot', permissions: ['message'] };
    expect(await outcome(group, { token })).toEqual(carrot);
    expect(await outcome(group, { token, username: 'nobby' })).toEqual(carrot);
    await part(vimes);
  });

  test('18. one that has expired, or is not valid yet, is none', async () => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const over = await made(vimes, { expires: new Date(Date.now() - 1000).toISOString() });
    expect(await outcome(group, { token: over.token, username: 'ann' })).toEqual(NOT_AUTHORISED);
    const early = await made(vimes, { 'not-before': HOUR_MS, expires: 2 * HOUR_MS });
    expect(early).toMatchObject({ 'not-before': expect.stringMatching(TIME.source.replace('(Z', '(\\.\\d+)?(Z')) });
    expect(await outcome(group, { token: early.token, username: 'ann' })).toEqual(NOT_AUTHORISED);
    await part(vimes);
  });

  test('18. one that is edited is as it is said from then on', async () => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const { token } = await made(vimes);
    const edit = async (expires: number | string) => {
      vimes.groupAction({ kind: 'edittoken', value: { token, expires } });
      return told(vimes, 'token');
    };
    expect(await edit(-1000)).toMatchObject({ privileged: true, value: { token, group, issuedBy: 'vimes' } });
    expect(await outcome(group, { token, username: 'ann' })).toEqual(NOT_AUTHORISED);
    await edit(HOUR_MS);
    expect(await outcome(group, { token, username: 'ann' })).toMatchObject({ username: 'ann' });
    await part(vimes);
  });

  test('18. they are listed, those of the group', async () => {
    const [group, other] = [installation.plainGroup(), installation.plainGroup()];
    const vimes = await installation.enter(group, 'vimes');
    vimes.groupAction({ kind: 'listtokens' });
    expect(await told(vimes, 'tokenlist')).toMatchObject({ privileged: true, value: [] });
    const tokens = [await made(vimes), await made(vimes, { username: 'carrot' })];
    vimes.groupAction({ kind: 'listtokens' });
    const { value } = await told(vimes, 'tokenlist');
    const byName = (one: Token, two: Token) => (one.token < two.token ? -1 : 1);
    expect([...(value as Token[])].sort(byName)).toEqual([...tokens].sort(byName));
    const colon = await installation.enter(other, 'colon');
    colon.groupAction({ kind: 'listtokens' });
    expect(await told(colon, 'tokenlist')).toMatchObject({ value: [] });
    colon.groupAction({ kind: 'edittoken', value: { token: tokens[0]?.token ?? '', expires: -1000 } });
    expect(await told(colon, 'token')).toMatchObject({ error: expect.any(String) });
    expect(await outcome(group, { token: tokens[0]?.token ?? '', username: 'ann' })).toMatchObject({ username: 'ann' });
    await part(vimes, colon);
  });

  test.each([
    ['a token of one’s own choice', { token: 'sesame' }],
    ['another group', { group: 'g1' }],
    ['no end', { expires: null }],
    ['an end that is no time', { expires: 'tomorrow' }],
    ['the name of a user', { username: 'fred' }],
    ['a permission that its maker lacks', { permissions: ['admin'] }],
    ['permissions that are none', { permissions: 'present' }],
  ])('18. none with %s', async (_what, more) => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const value = { group, expires: HOUR_MS, permissions: PRESENTER, ...more };
    vimes.groupAction({ kind: 'maketoken', value: value as never });
    expect(await told(vimes, 'token')).toMatchObject({
      privileged: true,
      error: expect.stringMatching(/^(not-authorised|error)$/),
      value: expect.stringMatching(/./),
    });
    vimes.groupAction({ kind: 'listtokens' });
    expect(await told(vimes, 'tokenlist')).toMatchObject({ value: [] });
    await part(vimes);
  });

  test('18. who may not make any is told so by an error that programs read', async () => {
    const group = installation.plainGroup();
    const fred = await installation.enter(group, 'fred');
    fred.groupAction({ kind: 'maketoken', value: { group, expires: HOUR_MS, permissions: PRESENTER } });
    expect(await told(fred, 'token')).toMatchObject({ error: 'not-authorised', privileged: true });
    fred.groupAction({ kind: 'edittoken', value: { token: 'x', expires: HOUR_MS } });
    expect(await told(fred, 'token')).toMatchObject({ error: 'not-authorised' });
    fred.groupAction({ kind: 'listtokens' });
    expect(await told(fred, 'tokenlist')).toMatchObject({ error: 'not-authorised' });
    await part(fred);
  });

  test('18. presenters make some where the definition says so, with no more than they have', async () => {
    const group = await installation.group({ 'unrestricted-tokens': true });
    const fred = await installation.enter(group, 'fred');
    const { token } = await made(fred);
    expect(await outcome(group, { token, username: 'ann' })).toEqual({ username: 'ann', permissions: PRESENTER });
    fred.groupAction({ kind: 'maketoken', value: { group, expires: HOUR_MS, permissions: ['op'] } });
    expect(await told(fred, 'token')).toMatchObject({ error: 'not-authorised' });
    await part(fred);
  });

  test('18. they are in the installation’s file, and hold after a restart', async () => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const { token } = await made(vimes);
    await settled(vimes);
    await part(vimes);
    const lines = await readFile(join(installation.folder, 'data', 'var', 'tokens.jsonl'), 'utf8');
    const kept = lines.split('\n').filter((line) => line.includes(token));
    expect(JSON.parse(kept.at(-1) ?? '')).toMatchObject({ token, group, permissions: PRESENTER, issuedBy: 'vimes' });
    await installation.server.restart();
    expect(await outcome(group, { token, username: 'ann' })).toMatchObject({ username: 'ann' });
  });

  test('18. those that somebody wrote into it by hand hold, for subgroups and the whole server as they say', async () => {
    const expires = new Date(Date.now() + HOUR_MS).toISOString();
    const line = (token: string, more: object) =>
      `${JSON.stringify({ token, permissions: ['message'], expires, ...more })}\n`;
    await mkdir(join(installation.folder, 'data', 'var'), { recursive: true });
    await appendFile(
      join(installation.folder, 'data', 'var', 'tokens.jsonl'),
      line('global-token', { group: '', includeSubgroups: true }) +
        line('parent-token', { group: 'parent', includeSubgroups: true }) +
        line('only-parent', { group: 'parent' }) +
        line('endless', { group: 'parent', expires: undefined }),
    );
    const ann = { username: 'ann', permissions: ['message'] };
    const group = installation.plainGroup();
    await expect.poll(() => outcome(group, { token: 'global-token', username: 'ann' })).toEqual(ann);
    expect(await outcome('parent', { token: 'parent-token', username: 'ann' })).toEqual(ann);
    expect(await outcome('parent/below', { token: 'parent-token', username: 'ann' })).toEqual(ann);
    expect(await outcome(group, { token: 'parent-token', username: 'ann' })).toEqual(NOT_AUTHORISED);
    expect(await outcome('parent', { token: 'only-parent', username: 'ann' })).toEqual(ann);
    expect(await outcome('parent/below', { token: 'only-parent', username: 'ann' })).toEqual(NOT_AUTHORISED);
    expect(await outcome('parent', { token: 'endless', username: 'ann' })).toEqual(NOT_AUTHORISED);
  });
});
