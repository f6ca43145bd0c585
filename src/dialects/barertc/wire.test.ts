import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_FILE_BYTES, parseFrame, parseServerFrame } from './wire.ts';

interface Fixture {
  readonly client: readonly object[];
  readonly server: readonly object[];
}

function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
}

function frameOf(text: string) {
  const parsed = parseFrame(text);
  return parsed?.kind === 'frame' ? parsed.frame : undefined;
}

describe.each(['latest', 'seed-2023-09', 'seed-2023-03'])('frames of %s', (generation) => {
  const { client, server } = fixture(generation);

  test.each(client.map((frame) => JSON.stringify(frame)))('from a client: %s', (text) => {
    const { bytes, ...rest } = JSON.parse(text);
    expect(frameOf(text)).toEqual(bytes ? { ...rest, bytes: Uint8Array.from(bytes) } : rest);
  });

  test.each(server.map((frame) => JSON.stringify(frame)))('from a server: %s', (text) => {
    const { whoList, ...rest } = JSON.parse(text);
    const parsed = parseServerFrame(text);
    expect(parsed).toMatchObject(rest);
    expect(parsed?.whoList?.length).toBe(whoList?.length);
    for (const [index, row] of (whoList ?? []).entries()) expect(parsed?.whoList?.[index]).toMatchObject(row);
  });
});

test('a row of March 2023 gets the five fields that are always said', () => {
  const who = parseServerFrame(JSON.stringify(fixture('seed-2023-03').server[2]))?.whoList;
  expect(who?.[0]).toMatchObject({ username: 'erin', status: 'online', video: 3, loginAt: 0, op: false });
  expect(who?.[1]).toEqual({ username: 'frank', status: 'online', video: 0, loginAt: 0, op: true });
});

describe('what is dropped silently', () => {
  test.each([
    '',
    'hello',
    '{',
    '{"action":"ping"',
    '{"action":"ping"}}',
    'null',
    'true',
    '17',
    '"ping"',
    '[{"action":"ping"}]',
    '{}',
    '{"action":null}',
    '{"action":7}',
    '{"username":"alice"}',
    '{"action":"takeback","msgID":"17"}',
    '{"action":"takeback","msgID":1.5}',
    '{"action":"takeback","msgID":1e400}',
    '{"action":"takeback","msgID":99999999999999999999}',
    '{"action":"takeback","msgID":{}}',
    '{"action":"me","video":true}',
    '{"action":"me","videoActive":1}',
    '{"action":"me","dnd":"yes"}',
    '{"action":"message","message":["a"]}',
    '{"action":"message","message":{"toString":"a"}}',
    '{"action":"blocklist","usernames":"bob"}',
    '{"action":"blocklist","usernames":[1]}',
    '{"action":"blocklist","usernames":{"0":"bob","length":1}}',
    '{"action":"file","bytes":[256]}',
    '{"action":"file","bytes":[1.5]}',
    '{"action":"file","bytes":"%%%%"}',
    '{"action":"who","whoList":[7]}',
    '{"action":"who","whoList":[{"username":7}]}',
    '{"action":"echo","messages":[{"username":"no action"}]}',
    '{"action":"echo","messages":[{"action":"echo","messages":[{"action":"echo"}]}]}',
    '{"action":"ping","jwtRules":{"a":1}}',
    '{"action":"ping","jwtRules":[]}',
  ])('%s', (text) => {
    expect(parseFrame(text)).toBeUndefined();
  });
});

describe('as Go decodes', () => {
  test('null is an absent field', () => {
    expect(frameOf('{"action":"me","video":null,"status":null,"usernames":null,"bytes":null}')).toEqual({
      action: 'me',
    });
    expect(frameOf('{"action":"blocklist","usernames":[null,"bob"]}')?.usernames).toEqual(['', 'bob']);
  });

  test('names of fields are matched whatever their case', () => {
    expect(frameOf('{"ACTION":"takeback","msgid":5}')).toEqual({ action: 'takeback', msgID: 5 });
    expect(frameOf('{"action":"blocklist","uſernameſ":["a"]}')?.usernames).toEqual(['a']);
    expect(frameOf('{"action":"takeback","MSGID":"5"}')).toBeUndefined();
  });

  test('unknown fields are ignored, whatever is in them', () => {
    expect(frameOf('{"action":"ping","extra":{"action":1},"":[],"actions":0}')).toEqual({ action: 'ping' });
  });

  test('half a surrogate pair becomes the replacement character', () => {
    expect(frameOf('{"action":"message","message":"a\\ud800b"}')?.message).toBe('a\ufffdb');
  });

  test('minus zero is zero', () => {
    expect(Object.is(frameOf('{"action":"me","video":-0}')?.video, 0)).toBe(true);
  });
});

describe('hostile frames', () => {
  test('nothing reaches a prototype', () => {
    const hostile = '{"action":"ping","__proto__":{"dnd":true},"constructor":{"prototype":{"dnd":true}},"toString":1}';
    const frame = frameOf(hostile);
    expect(frame).toEqual({ action: 'ping' });
    expect(frame?.dnd).toBeUndefined();
    expect(Object.getPrototypeOf(frame)).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, 'dnd')).toBe(false);
    const rules = frameOf('{"action":"ping","jwtRules":{"__proto__":true}}')?.jwtRules;
    expect(Object.getPrototypeOf(rules)).toBe(Object.prototype);
  });

  test('deep nesting neither throws nor passes', () => {
    const deep = (open: string, close: string) => open.repeat(30_000) + close.repeat(30_000);
    expect(frameOf(`{"action":"ping","x":${deep('[', ']')}}`)).toEqual({ action: 'ping' });
    expect(frameOf(`{"action":"ping","usernames":${deep('[', ']')}}`)).toBeUndefined();
    expect(parseFrame(deep('[', ']'))).toBeUndefined();
    expect(parseFrame('{"messages":['.repeat(4000))).toBeUndefined();
  });

  test('a frame far longer than any client sends is dropped', () => {
    expect(frameOf(`{"action":"message","message":"${'a'.repeat(900_000)}"}`)?.action).toBe('message');
    expect(parseFrame(`{"action":"message","message":"${'a'.repeat(1_100_000)}"}`)).toBeUndefined();
    expect(parseFrame(`{"action":"file","bytes":[1],"x":"${'a'.repeat(1_100_000)}"}`)).toBeUndefined();
  });

  test('whatever the text, the answer is a frame or nothing', () => {
    const json = fc.json({ maxDepth: 4 });
    const frame = fc.record({
      action: fc.string(),
      video: fc.jsonValue(),
      usernames: fc.jsonValue(),
      messages: fc.jsonValue(),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          fc.string(),
          frame.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const parsed = parseFrame(text);
          if (parsed?.kind !== 'frame') return parsed === undefined;
          const { action, video, usernames } = parsed.frame;
          return (
            typeof action === 'string' &&
            (video === undefined || Number.isSafeInteger(video)) &&
            (usernames ?? []).every((name) => typeof name === 'string')
          );
        },
      ),
    );
  });
});

describe('pictures', () => {
  const picture = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 256);
  const array = `[${picture.join(',')}]`;
  const base64 = `"${Buffer.from(picture).toString('base64')}"`;

  test('array and base64 are the same picture', () => {
    for (const bytes of [array, base64]) {
      const frame = frameOf(`{"action":"file","channel":"lobby","message":"ü.png","bytes":${bytes}}`);
      expect(frame).toMatchObject({ action: 'file', channel: 'lobby', message: 'ü.png' });
      expect(Buffer.from(frame?.bytes ?? []).equals(picture)).toBe(true);
    }
  });

  test('the rest of a large frame is checked like any other', () => {
    expect(parseFrame(`{"bytes":${array}}`)).toBeUndefined();
    expect(parseFrame(`{"bytes":${array},"action":7}`)).toBeUndefined();
    expect(parseFrame(`{"bytes":${array},"action":"file",}`)).toBeUndefined();
    expect(parseFrame(`{"bytes":${array},"action":"file"`)).toBeUndefined();
    expect(parseFrame(`{"action":"file","bytes":${array.slice(0, -1)},256]}`)).toBeUndefined();
    expect(frameOf(`{"bytes":${array},"action":"file"}`)?.bytes?.length).toBe(picture.length);
  });

  test('8 MiB is read, one byte more is too large', () => {
    const largest = '255,'.repeat(MAX_FILE_BYTES).slice(0, -1);
    expect(frameOf(`{"action":"file","bytes":[${largest}]}`)?.bytes?.length).toBe(MAX_FILE_BYTES);
    expect(parseFrame(`{"action":"file","bytes":[${largest},255]}`)).toEqual({ kind: 'too-large' });
    const encoded = Buffer.alloc(MAX_FILE_BYTES + 1).toString('base64');
    expect(parseFrame(`{"action":"file","bytes":"${encoded}"}`)).toEqual({ kind: 'too-large' });
  });
});
