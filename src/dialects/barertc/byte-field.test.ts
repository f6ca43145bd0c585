import { describe, expect, test } from 'vitest';
import { decodeBase64, liftBytes } from './byte-field.ts';

const lift = (text: string, max = 1000) => liftBytes(text, max);

describe('taking the bytes out of a frame', () => {
  test('an array, wherever it stands, leaves the rest as JSON', () => {
    const frame = ' {"action" : "file" ,\n"bytes": [ 0, 1 ,255\t] , "message":"a]}\\"bytes\\":[", "channel":"lobby"} ';
    const lifted = lift(frame);
    expect(lifted).toMatchObject({ kind: 'lifted', bytes: Uint8Array.of(0, 1, 255) });
    expect(JSON.parse(lifted.kind === 'lifted' ? lifted.rest : '')).toEqual({
      action: 'file',
      bytes: null,
      message: 'a]}"bytes":[',
      channel: 'lobby',
    });
  });

  test('base64 is read as well, with escaped slashes and line breaks', () => {
    const bytes = Uint8Array.from({ length: 60 }, (_, index) => 255 - index);
    const encoded = Buffer.from(bytes).toString('base64');
    for (const form of [encoded, encoded.replaceAll('/', '\\/'), `${encoded.slice(0, 40)}\\r\\n${encoded.slice(40)}`]) {
      expect(lift(`{"bytes":"${form}","action":"file"}`)).toMatchObject({ kind: 'lifted', bytes: Buffer.from(bytes) });
    }
  });

  test.each([
    ['{"bytes":[]}', 0],
    ['{"bytes":[ ]}', 0],
    ['{"bytes":""}', 0],
    ['{"Bytes":[7]}', 1],
    ['{"\\u0062ytes":[7]}', 1],
    ['{"bytes":null,"bytes":[7]}', 1],
  ])('%s has %i', (text, length) => {
    const lifted = lift(text);
    expect(lifted.kind === 'lifted' && lifted.bytes.length).toBe(length);
  });

  test('bytes inside of other values are not meant', () => {
    expect(lift('{"messages":[{"bytes":[1]}],"x":"\\"bytes\\":[1]"}').kind).toBe('absent');
    expect(lift('{}').kind).toBe('absent');
  });

  test.each([
    '{"bytes":[256]}',
    '{"bytes":[1000000000000000000000]}',
    '{"bytes":[-1]}',
    '{"bytes":[1.5]}',
    '{"bytes":[1e2]}',
    '{"bytes":[01]}',
    '{"bytes":[1,]}',
    '{"bytes":[,1]}',
    '{"bytes":[1 2]}',
    '{"bytes":[null]}',
    '{"bytes":[[1]]}',
    '{"bytes":[1',
    '{"bytes":[',
    '{"bytes":"*"}',
    '{"bytes":"AAA"}',
    '{"bytes":"AA=A"}',
    '{"bytes":"AAAA',
    '{"bytes":{"0":1}}',
    '{"bytes":7}',
    '{"bytes":[1],"bytes":[2]}',
    '{"bytes"',
    '{"bytes',
    '{"x":"\\"',
    '{"x":[[[[',
    '[1]',
    '',
  ])('%s is malformed', (text) => {
    expect(lift(text).kind).toBe('malformed');
  });

  test('the limit is exact, in both forms', () => {
    expect(lift('{"bytes":[1,2,3]}', 3).kind).toBe('lifted');
    expect(lift('{"bytes":[1,2,3,4]}', 3).kind).toBe('too-large');
    expect(lift('{"bytes":"AAAA"}', 3).kind).toBe('lifted');
    expect(lift('{"bytes":"AAAAAA=="}', 3).kind).toBe('too-large');
  });
});

test('base64 is strict, as in Go', () => {
  expect(decodeBase64('aGk=')).toEqual(Buffer.from('hi'));
  expect(decodeBase64('')).toEqual(Buffer.from(''));
  for (const wrong of ['aGk', 'a-_=', '====', 'aGk=aGk=', 'a Gk', 'é===']) expect(decodeBase64(wrong)).toBeUndefined();
});
