import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRtcp, type Rtcp, writeRtcp } from './client-rtcp.ts';
import { extensionText, isRtcp, parseRtp, type RtpPacket, unwrap, writeRtp } from './client-rtp.ts';

const block = { ssrc: 7, fractionLost: 64, lost: -3, highest: 70_000, jitter: 5, lastReport: 0xdead, delay: 65_536 };

describe('RTP', () => {
  test('is as RFC 3550 has it', () => {
    const packet: RtpPacket = {
      ...{ payloadType: 96, marker: true, sequenceNumber: 0x0102, timestamp: 0x03040506, ssrc: 0x0708090a },
      extensions: [{ id: 4, value: Buffer.from('1') }],
      payload: Buffer.from([0xaa, 0xbb]),
    };
    expect(writeRtp(packet).toString('hex')).toBe(`90e00102030405060708090abede00014031${'0000'}aabb`);
    expect(extensionText(packet, 4)).toBe('1');
  });

  test('what is written is read', () => {
    const packets = fc.record({
      payloadType: fc.integer({ min: 0, max: 63 }),
      marker: fc.boolean(),
      sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
      timestamp: fc.integer({ min: 0, max: 0xffffffff }),
      ssrc: fc.integer({ min: 0, max: 0xffffffff }),
      extensions: fc.array(
        fc.record({
          id: fc.integer({ min: 1, max: 14 }),
          value: fc.uint8Array({ minLength: 1, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
        }),
        { maxLength: 4 },
      ),
      payload: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(packets, (packet) => {
        expect(parseRtp(writeRtp(packet))).toEqual(packet);
      }),
    );
  });

  test('nothing that comes breaks the readers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const packet = Buffer.from(bytes);
        packet[0] = 0x80 | (packet[0] ?? 0);
        parseRtp(packet);
        parseRtcp(packet);
      }),
    );
  });

  test('padding is no payload', () => {
    const bytes = Buffer.from(`a060${'00'.repeat(10)}aabb0002`, 'hex');
    expect(parseRtp(bytes)?.payload.toString('hex')).toBe('aabb');
  });

  test('the marker makes no RTCP of it', () => {
    expect(isRtcp(Buffer.from([0x80, 0x80 | 96]))).toBe(false);
    expect([200, 201, 205, 206].map((type) => isRtcp(Buffer.from([0x80, type])))).toEqual([true, true, true, true]);
  });

  test.each([
    [0, 65_535, 65_536],
    [65_535, 65_536, 65_535],
    [10, 20, 10],
    [65_530, 3, -6],
  ])('%i near %i is %i', (value, near, expected) => {
    expect(unwrap(value, { near, bits: 16 })).toBe(expected);
  });
});

describe('RTCP', () => {
  test.each<[string, Exclude<Rtcp, { type: 'other' }>]>([
    [
      '81c8000c000000010000000200000003000000040000000500000006',
      {
        ...{ type: 'sender-report', ssrc: 1, ntp: 0x200000003n, rtp: 4, packets: 5, octets: 6 },
        reports: [block],
      },
    ],
    ['81c9000700000001', { type: 'receiver-report', ssrc: 1, reports: [block] }],
    ['81ca000300000001010361626300', { type: 'name', ssrc: 1, cname: 'abc' }],
    [
      '81cd0004000000010000000200640005' + '012c0000',
      { type: 'nack', sender: 1, ssrc: 2, missing: [100, 101, 103, 300] },
    ],
    ['81ce00020000000100000002', { type: 'pli', sender: 1, ssrc: 2 }],
    ['84ce000400000001000000000000000209000000', { type: 'fir', sender: 1, ssrc: 2, number: 9 }],
    // 2.5 Mbit/s: a mantissa of 18 bits and an exponent.
    [
      '8fce00060000000100000000' + '52454d42' + '021262' + '5a',
      { type: 'remb', sender: 1, bitrate: 2_500_000, ssrcs: [2, 3] },
    ],
    ['82cb00020000000100000002', { type: 'bye', ssrcs: [1, 2] }],
  ])('%s…', (hex, part) => {
    const bytes = writeRtcp([part]);
    expect(bytes.toString('hex').slice(0, hex.length)).toBe(hex);
    expect(bytes.length % 4).toBe(0);
    expect(parseRtcp(Buffer.concat([bytes, bytes]))).toEqual([part, part]);
  });

  test('lost packets around the end of the numbers are one item', () => {
    const bytes = writeRtcp([{ type: 'nack', sender: 1, ssrc: 2, missing: [65_535, 0, 15] }]);
    expect(bytes.length).toBe(16);
    expect(parseRtcp(bytes)).toMatchObject([{ missing: [65_535, 0, 15] }]);
  });

  test('what is unknown or cut short is said so, or left out', () => {
    expect(parseRtcp(Buffer.from('80cc0000', 'hex'))).toEqual([{ type: 'other', packetType: 204, format: 0 }]);
    expect(parseRtcp(Buffer.from('81ce0002000000', 'hex'))).toEqual([]);
  });
});
