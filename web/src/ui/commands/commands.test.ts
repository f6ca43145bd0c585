import { expect, test } from 'vitest';
import type { Ask } from '../../../../src/dialects/parlour/client.ts';
import { reduce, roomFrame, self } from '../../room/fixtures.ts';
import type { SessionScope } from '../session-context.ts';
import { commandsFor, runCommand } from './commands.ts';

const OPERATOR = ['message', 'present', 'op', 'record', 'token'];

function scopeOf(permissions: readonly string[]) {
  const asked: Ask[] = [];
  const posted: unknown[] = [];
  const room = reduce([roomFrame([], ['bob', 'Bob the Builder'])]);
  const session = {
    room: { get: () => ({ ...room, self: { ...self('me'), permissions: [...permissions] } }) },
    server: { tell: async (ask: Ask) => asked.push(ask) > 0 },
    talk: { post: (...post: unknown[]) => posted.push(post) },
  };
  const scope = { session, ui: {} } as unknown as SessionScope;
  return { asked, posted, run: (name: string, rest = '') => runCommand(scope, { name, rest }) };
}

test.each<[string, string, Ask]>([
  ['kick', 'bob', { type: 'kick', name: 'bob' }],
  ['kick', '"bob the builder" You know why.', { type: 'kick', name: 'Bob the Builder', reason: 'You know why.' }],
  ['warn', 'BOB Last time.', { type: 'note', to: 'bob', kind: 'warning', value: 'Last time.' }],
  ['wall', 'Five minutes.', { type: 'note', kind: 'warning', value: 'Five minutes.' }],
  ['muteall', '', { type: 'note', kind: 'mute', value: null }],
  ['lock', '', { type: 'lock', on: true }],
  ['lock', 'A vote.', { type: 'lock', on: true, message: 'A vote.' }],
  ['unop', 'bob', { type: 'grant', name: 'bob', permission: 'op', on: false }],
  ['shutup', 'bob', { type: 'grant', name: 'bob', permission: 'message', on: false }],
  ['unrecord', '', { type: 'record', on: false }],
])('/%s %s', (name, rest, ask) => {
  const { run, asked } = scopeOf(OPERATOR);
  expect(run(name, rest)).toBeUndefined();
  expect(asked).toEqual([ask]);
});

test('a message to one person', () => {
  const { run, posted } = scopeOf(['message']);
  expect(run('msg', 'bob Hi there')).toBeUndefined();
  expect(posted).toEqual([[{ to: 'bob' }, 'Hi there']]);
});

test.each([
  ['nothing', 'frobnicate', '', 'There is no command /frobnicate. To say it, begin with two slashes.'],
  ['nobody', 'kick', 'zoe', 'There is no zoe here.'],
  ['no name', 'kick', '', 'Say whom: a name, in quotes where it has spaces.'],
  ['no text', 'warn', 'bob', 'Say what.'],
])('%s', (_, name, rest, why) => {
  const { run, asked } = scopeOf(OPERATOR);
  expect(run(name, rest)).toBe(why);
  expect(asked).toEqual([]);
});

test('what somebody may not do is neither listed nor asked for', () => {
  const { run, asked } = scopeOf(['message']);
  expect(run('kick', 'bob')).toBe('You are not permitted to do /kick here.');
  expect(asked).toEqual([]);
  const names = commandsFor(['message']).map(({ name }) => name);
  expect(names).toContain('msg');
  expect(names).not.toContain('kick');
});
