import { expect, test } from 'vitest';
import { readCommand, splitFirst } from './read-command.ts';

test.each([
  ['hello', { kind: 'text', text: 'hello' }],
  [' /kick  Bob  you know why ', { kind: 'command', name: 'kick', rest: 'Bob  you know why' }],
  ['/MuteAll', { kind: 'command', name: 'muteall', rest: '' }],
  ['/wall two\nlines', { kind: 'command', name: 'wall', rest: 'two\nlines' }],
  ['//shrug', { kind: 'text', text: '/shrug' }],
  ['/usr/bin is full', { kind: 'text', text: '/usr/bin is full' }],
  ['/', { kind: 'text', text: '/' }],
  ['1/2', { kind: 'text', text: '1/2' }],
])('%s', (written, read) => {
  expect(readCommand(written)).toEqual(read);
});

test.each([
  ['Bob go home', 'Bob', 'go home'],
  ['"Bob the Builder" go', 'Bob the Builder', 'go'],
  ["'O\\'Hara' go", "O'Hara", 'go'],
  ['Bob\\ B. go', 'Bob B.', 'go'],
  ['"never closed', '"never', 'closed'],
  ['', '', ''],
])('%s', (text, first, rest) => {
  expect(splitFirst(text)).toEqual({ first, rest });
});
