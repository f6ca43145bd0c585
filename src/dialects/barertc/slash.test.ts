import { describe, expect, test } from 'vitest';
import { helpMarkdown, parseSlash } from './slash.ts';

const commandOf = (text: string) => {
  const parsed = parseSlash(text);
  return parsed?.kind === 'command' ? parsed.command : parsed;
};

describe('commands', () => {
  test.each([
    ['/kick bob', { type: 'kick', name: 'bob', reason: '' }],
    ['/kick @bob', { type: 'kick', name: 'bob', reason: '' }],
    ['/kick "Big Bob"', { type: 'kick', name: 'Big Bob', reason: '' }],
    ["/kick '@Big Bob'  for  that ", { type: 'kick', name: 'Big Bob', reason: 'for  that' }],
    ['/kick Big\\ Bob', { type: 'kick', name: 'Big Bob', reason: '' }],
    ['/kick bob "all of it"', { type: 'kick', name: 'bob', reason: 'all of it' }],
    ["/kick bob that wasn't nice", { type: 'kick', name: 'bob', reason: "that wasn't nice" }],
    ['/kick "say \\"hi\\""', { type: 'kick', name: 'say "hi"', reason: '' }],
    ['/ban bob', { type: 'ban', name: 'bob', hours: 24, reason: '' }],
    ['/ban bob 48', { type: 'ban', name: 'bob', hours: 48, reason: '' }],
    ['/ban "a b" 1 said it again', { type: 'ban', name: 'a b', hours: 1, reason: 'said it again' }],
    ['/unban bob', { type: 'unban', name: 'bob' }],
    ['/bans', { type: 'list-bans' }],
    ['/nsfw @bob', { type: 'mark-explicit', name: 'bob' }],
    ['/cut bob', { type: 'cut-camera', name: 'bob' }],
    ['/unmute-all', { type: 'unmute-all' }],
    ['/op bob', { type: 'set-operator', name: 'bob', on: true }],
    ['/deop bob', { type: 'set-operator', name: 'bob', on: false }],
    ['/kickall', { type: 'kick-all', reason: '' }],
    ['/kickall closing time', { type: 'kick-all', reason: 'closing time' }],
    ['/kick __proto__', { type: 'kick', name: '__proto__', reason: '' }],
    ['/kick bob\nsecond line', { type: 'kick', name: 'bob', reason: 'second line' }],
  ])('%s', (text, command) => {
    expect(commandOf(text)).toEqual(command);
  });

  test.each([
    ...['/kick', '/kick ', '/kick ""', '/kick @', '/ban', '/ban bob soon', '/ban bob 0', '/ban bob -1', '/ban bob 1.5'],
    ...['/ban bob 999999', '/ban Big Bob', '/unban', '/nsfw', '/cut', '/op', '/deop ', '/op Big Bob', '/unban a b c'],
  ])('%s tells how it is used', (text) => {
    const parsed = parseSlash(text);
    expect(parsed?.kind).toBe('usage');
    expect(parsed?.kind === 'usage' && parsed.text).toContain(`Usage: ${text.split(' ')[0]} NAME`);
  });

  test.each([
    ...[
      'hello',
      ' /kick bob',
      '',
      '/',
      '//kick bob',
      '/shrug',
      '/KICK bob',
      '/kickbob',
      '/constructor',
      '/__proto__ x',
    ],
    ...['/kick "bob', "/kick o'brien", '/kick bob\\', '/ban "a b 24', '/ban bob "24', "/op 'bob"],
  ])('%s is an ordinary message', (text) => {
    expect(parseSlash(text)).toBeUndefined();
  });

  test.each([
    ['/shutdown', { type: 'shut-down' }],
    ['/reconfigure', { type: 'reconfigure' }],
    ['/ban-range 192.0.2.0/24', { type: 'ban-addresses', addresses: '192.0.2.0/24', hours: 24, reason: '' }],
    [
      '/ban-range 2001:db8::/32 5 a flood',
      { type: 'ban-addresses', addresses: '2001:db8::/32', hours: 5, reason: 'a flood' },
    ],
  ])('%s', (text, command) => {
    expect(commandOf(text)).toEqual(command);
  });

  test('a very long argument is no hardship', () => {
    expect(commandOf(`/kick ${'"a" '.repeat(4000)}`)).toMatchObject({ type: 'kick', name: 'a' });
    expect(parseSlash(`/kick ${"'".repeat(15_999)}`)).toBeUndefined();
  });
});

describe('help', () => {
  test('is HTML that names the commands', () => {
    const help = parseSlash('/help');
    expect(help?.kind === 'help' && help.html).toContain('<code>/kick NAME [REASON]</code>');
    const all = parseSlash('/help-advanced');
    expect(all?.kind === 'help' && all.html).toContain('<code>/deop NAME</code>');
  });

  test('each command in it is one', () => {
    const words = [...helpMarkdown('all').matchAll(/^\* `(\/[a-z-]+)/gm)].map(([, word = '']) => word);
    expect(words.length).toBeGreaterThan(10);
    for (const word of words) expect(parseSlash(`${word} bob`)?.kind, word).toMatch(/command|help/);
  });
});
