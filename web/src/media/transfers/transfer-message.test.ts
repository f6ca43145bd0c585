import { describe, expect, test } from 'vitest';
import { readTransferMessage, writeTransferMessage } from './transfer-message.ts';

const INVITE = { type: 'invite', version: ['1'], id: 'f1', name: 'a.txt', size: 3, mimetype: 'text/plain' };

describe('what is said on Galène’s wire', () => {
  test('an invitation', () => {
    expect(readTransferMessage(INVITE)).toEqual({
      ...{ type: 'invite', id: 'f1', name: 'a.txt', size: 3, mimetype: 'text/plain', isKnown: true },
    });
  });

  test.each([
    ['a text', ['1'], true],
    ['a number, as the document has it', [1], true],
    ['one of several', ['2', '1'], true],
    ['another', ['2'], false],
    ['none', undefined, false],
  ])('a version that is %s', (_, version, isKnown) => {
    expect(readTransferMessage({ type: 'offer', id: 'f1', sdp: 'v=0', version })).toMatchObject({ isKnown });
    expect(readTransferMessage({ ...INVITE, version })).toMatchObject({ isKnown });
  });

  test('an empty file may have no size, and a candidate may be none', () => {
    expect(readTransferMessage({ ...INVITE, size: undefined })).toMatchObject({ size: 0 });
    expect(readTransferMessage({ type: 'ice', id: 'f1', candidate: null })).toEqual({
      ...{ type: 'ice', id: 'f1', candidate: null },
    });
  });

  test('a word beside a cancellation is one line', () => {
    expect(readTransferMessage({ type: 'cancel', id: 'f1', message: 'no\n\u202ethanks' })).toEqual({
      ...{ type: 'cancel', id: 'f1', message: 'no thanks' },
    });
  });
});

test.each([
  ['nothing', null],
  ['a text', 'invite'],
  ['no id', { ...INVITE, id: undefined }],
  ['a long id', { ...INVITE, id: 'x'.repeat(129) }],
  ['a name that is none', { ...INVITE, name: 7 }],
  ['a size below nothing', { ...INVITE, size: -1 }],
  ['a size that cannot be counted', { ...INVITE, size: 1e300 }],
  ['half a byte', { ...INVITE, size: 1.5 }],
  ['an answer without one', { type: 'answer', id: 'f1' }],
  ['an endless offer', { type: 'offer', version: ['1'], id: 'f1', sdp: 'x'.repeat(60_001) }],
  ['what is not said any more', { type: 'reject', id: 'f1' }],
])('%s is no message', (_, value) => {
  expect(readTransferMessage(value)).toBeUndefined();
});

test('versions are said as texts, and read as they were said', () => {
  const offer = { type: 'offer', id: 'f1', sdp: 'v=0', isKnown: true } as const;
  expect(writeTransferMessage(offer)).toEqual({ type: 'offer', id: 'f1', sdp: 'v=0', version: ['1'] });
  expect(readTransferMessage(writeTransferMessage(offer))).toEqual(offer);
  const cancel = { type: 'cancel', id: 'f1' } as const;
  expect(writeTransferMessage(cancel)).toEqual(cancel);
});
