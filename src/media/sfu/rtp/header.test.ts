import { describe, expect, it } from 'vitest';
import { newHeader, readHeader } from './header.ts';
import { packetKind } from './packet-kind.ts';
import { headerOf, rtp } from './testing/packets.ts';

describe('the header of a packet', () => {
  it('is read with its contributors, extensions and padding', () => {
    const packet = rtp({
      payloadType: 111,
      marker: true,
      sequence: 65_535,
      timestamp: 0xfffffff0,
      ssrc: 0xdeadbeef,
      csrcs: [1, 2],
      extensions: [[4, 'ab']],
      payload: [9, 8, 7],
      padding: 5,
    });
    const header = headerOf(packet);
    expect(header).toMatchObject({ payloadType: 111, marker: true, sequence: 65_535, csrcCount: 2 });
    expect(header).toMatchObject({ timestamp: 0xfffffff0, ssrc: 0xdeadbeef, extensionProfile: 0xbede });
    expect([...packet.subarray(header.payloadStart, header.payloadEnd)]).toEqual([9, 8, 7]);
  });

  it('leaves nothing of the packet before', () => {
    const header = newHeader();
    readHeader(rtp({ extensions: [[4, 'a']], marker: true, csrcs: [1] }), header);
    const plain = rtp({ payload: [1] });
    expect(readHeader(plain, header)).toBe(true);
    expect(header).toMatchObject({
      marker: false,
      csrcCount: 0,
      extensionProfile: 0,
      payloadStart: 12,
      payloadEnd: 13,
    });
    expect(header.extensionEnd - header.extensionStart).toBe(0);
  });

  it('is refused where the packet is shorter than it says', () => {
    const header = newHeader();
    const whole = rtp({ csrcs: [1, 2, 3], extensions: [[1, 'abcdefgh']], payload: [] });
    for (let length = 0; length < whole.length; length += 1) {
      expect(readHeader(whole.subarray(0, length), header), `${length} bytes`).toBe(false);
    }
    expect(readHeader(whole, header)).toBe(true);
  });

  it('is refused with padding of nothing, or of more than there is', () => {
    const header = newHeader();
    const packet = rtp({ payload: [1], padding: 4 });
    packet[packet.length - 1] = 0;
    expect(readHeader(packet, header)).toBe(false);
    packet[packet.length - 1] = 6;
    expect(readHeader(packet, header)).toBe(false);
    packet[packet.length - 1] = 5;
    expect(readHeader(packet, header)).toBe(true);
    expect(header.payloadEnd).toBe(header.payloadStart);
  });

  it('is refused in another version', () => {
    const packet = rtp();
    packet[0] = 0x40;
    expect(readHeader(packet, newHeader())).toBe(false);
  });
});

describe('a packet of a shared transport', () => {
  it('is told apart by its second byte', () => {
    expect(packetKind(rtp({ payloadType: 96, marker: true }))).toBe('rtp');
    expect(packetKind(rtp({ payloadType: 0 }))).toBe('rtp');
    for (const type of [200, 201, 202, 203, 205, 206, 207]) {
      expect(packetKind(Buffer.from([0x80, type, 0, 1, 0, 0, 0, 1]))).toBe('rtcp');
    }
  });

  it('is neither where it is too short or of another protocol', () => {
    expect(packetKind(Buffer.alloc(0))).toBeUndefined();
    expect(packetKind(rtp().subarray(0, 11))).toBeUndefined();
    expect(packetKind(Buffer.from([0x16, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeUndefined();
  });
});
