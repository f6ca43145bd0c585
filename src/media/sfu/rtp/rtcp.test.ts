import { describe, expect, it } from 'vitest';
import {
  estimatedBitrate,
  fullIntraRequest,
  goodbye,
  nack,
  pictureLoss,
  receiverReport,
  senderReport,
} from './build-rtcp.ts';
import { parseRtcp } from './parse-rtcp.ts';

const block = {
  ssrc: 0xcafe0001,
  fractionLost: 26,
  cumulativeLost: -3,
  highestSequence: 0x0001ffff,
  jitter: 77,
  lastSr: 0x12345678,
  delaySinceLastSr: 65_536,
};

const sent = {
  ssrc: 9,
  ntp: { seconds: 0xe0000001, fraction: 0x80000000 },
  rtpTimestamp: 0xfffffffe,
  packetCount: 5,
  octetCount: 6,
};

describe('what we say', () => {
  it('is read again: reports', () => {
    expect(parseRtcp(receiverReport([block, { ...block, ssrc: 2 }]))).toEqual([
      { kind: 'receiver-report', sender: 0, blocks: [block, { ...block, ssrc: 2 }] },
    ]);
    for (const cname of ['', 'a', 'ab', 'abc', 'abcd', 'Zoë', 'x'.repeat(255)]) {
      expect(parseRtcp(senderReport(sent, cname))).toEqual([
        { kind: 'sender-report', ...sent, blocks: [] },
        { kind: 'source-description', sources: [{ ssrc: 9, cname }] },
      ]);
    }
  });

  it('is read again: requests', () => {
    expect(parseRtcp(pictureLoss(4, 5))).toEqual([{ kind: 'picture-loss', sender: 5, media: 4 }]);
    expect(parseRtcp(fullIntraRequest({ media: 4, sequence: 255 }))).toEqual([
      { kind: 'full-intra-request', sender: 0, requests: [{ media: 4, sequence: 255 }] },
    ]);
    expect(parseRtcp(goodbye([1, 0xffffffff]))).toEqual([{ kind: 'goodbye', ssrcs: [1, 0xffffffff] }]);
  });

  it('is read again: packets to be sent again, over the end of the circle', () => {
    const sequences = [65_530, 65_531, 65_535, 0, 10, 11, 27, 28, 500];
    const packet = nack(3, sequences);
    expect(parseRtcp(packet)).toEqual([{ kind: 'nack', sender: 0, media: 3, sequences }]);
    expect(packet.length).toBe(12 + 4 * 4);
  });

  it('is read again: a rate, in 18 bits of precision', () => {
    for (const bitrate of [0, 1, 9_600, 204_800, 262_143, 262_144, 512_000, 1_234_567, 2 ** 30]) {
      const [read] = parseRtcp(estimatedBitrate(bitrate, [1, 2, 3]));
      expect(read).toMatchObject({ kind: 'estimated-bitrate', media: [1, 2, 3] });
      const told = read?.kind === 'estimated-bitrate' ? read.bitrate : -1;
      expect(told).toBeLessThanOrEqual(bitrate);
      expect(told).toBeGreaterThanOrEqual(bitrate * (1 - 2 ** -17));
    }
  });

  it('says no more blocks than the count can', () => {
    const [report] = parseRtcp(receiverReport(Array.from({ length: 40 }, (_, ssrc) => ({ ...block, ssrc }))));
    expect(report).toMatchObject({ kind: 'receiver-report' });
    expect(report?.kind === 'receiver-report' && report.blocks).toHaveLength(31);
  });
});

describe('what we hear', () => {
  it('is several things in one packet, with what we do not know passed over', () => {
    const unknown = Buffer.from([0x80, 207, 0, 2, 0, 0, 0, 1, 4, 0, 0, 0]);
    const transport = Buffer.from([0x8f, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
    const compound = Buffer.concat([receiverReport([]), unknown, transport, pictureLoss(8), nack(8, [1])]);
    expect(parseRtcp(compound).map(({ kind }) => kind)).toEqual(['receiver-report', 'picture-loss', 'nack']);
  });

  it('may be a request without a report before it', () => {
    expect(parseRtcp(pictureLoss(8))).toHaveLength(1);
  });

  it('may be a rate as a browser says it', () => {
    // One SSRC, no exponent, and 0x186a0 bits per second.
    const packet = Buffer.from('8fce000500000001000000005245 4d42010186a01234 5678'.replaceAll(' ', ''), 'hex');
    expect(parseRtcp(packet)).toEqual([
      { kind: 'estimated-bitrate', sender: 1, bitrate: 100_000, media: [0x12345678] },
    ]);
  });

  it('may be padded', () => {
    const padded = Buffer.concat([nack(8, [1]), Buffer.from([0, 0, 0, 4])]);
    padded[0] = 0xa1;
    padded.writeUInt16BE(4, 2);
    expect(parseRtcp(padded)).toEqual([{ kind: 'nack', sender: 0, media: 8, sequences: [1] }]);
  });

  it('ends at the first part that is longer than what is there', () => {
    const compound = Buffer.concat([pictureLoss(1), pictureLoss(2)]);
    expect(parseRtcp(compound.subarray(0, compound.length - 1))).toEqual([
      { kind: 'picture-loss', sender: 0, media: 1 },
    ]);
    expect(parseRtcp(Buffer.from([0x80]))).toEqual([]);
    expect(parseRtcp(Buffer.alloc(0))).toEqual([]);
  });

  it('has fewer blocks, SSRCs and requests than it claims where they are not there', () => {
    const report = receiverReport([block]);
    report[0] = 0x9f;
    expect(parseRtcp(report)).toEqual([{ kind: 'receiver-report', sender: 0, blocks: [block] }]);
    const rate = estimatedBitrate(1000, [1]);
    rate[16] = 255;
    expect(parseRtcp(rate)).toMatchObject([{ media: [1] }]);
    const bye = goodbye([1]);
    bye[0] = 0x9f;
    expect(parseRtcp(bye)).toEqual([{ kind: 'goodbye', ssrcs: [1] }]);
  });

  it('asks for no more than 512 packets at once', () => {
    const packet = Buffer.alloc(12 + 4 * 300, 0xff);
    packet.set([0x81, 205]);
    packet.writeUInt16BE(packet.length / 4 - 1, 2);
    const [request] = parseRtcp(packet);
    expect(request?.kind === 'nack' && request.sequences).toHaveLength(512);
  });

  it('has names of several sources', () => {
    const chunk = (ssrc: number) => Buffer.from([0, 0, 0, ssrc, 2, 1, 65, 1, 2, 66, 67, 0]);
    const packet = Buffer.concat([Buffer.from([0x82, 202, 0, 6]), chunk(1), chunk(2)]);
    expect(parseRtcp(packet)).toEqual([
      {
        kind: 'source-description',
        sources: [
          { ssrc: 1, cname: 'BC' },
          { ssrc: 2, cname: 'BC' },
        ],
      },
    ]);
  });
});
