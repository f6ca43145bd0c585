import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CodecName } from '../../port.ts';
import { estimatedBitrate, fullIntraRequest, nack, receiverReport, senderReport } from './build-rtcp.ts';
import { planExtensions } from './extension-plan.ts';
import { newHeader, readHeader } from './header.ts';
import { extensionText, findExtension, foundAt, foundLength } from './header-extensions.ts';
import { ntpOf } from './ntp.ts';
import { PacketCache } from './packet-cache.ts';
import { packetInfo } from './packet-info.ts';
import { parseRtcp } from './parse-rtcp.ts';
import { PublisherClock } from './publisher-clock.ts';
import { Reception } from './reception.ts';
import { Rewriter } from './rewriter.ts';
import { Scratch } from './scratch.ts';
import { SourceTable } from './source-table.ts';
import { CAPTURED_CODECS, capturedPackets } from './testing/captured.ts';
import { received, rtp, vp8 } from './testing/packets.ts';

// The same cases each time, unless more are asked for as of the other fuzz tests.
fc.configureGlobal(process.env.FUZZ ? {} : { seed: 20_262 });

const CODECS: readonly CodecName[] = ['vp8', 'vp9', 'h264', 'av1', 'opus'];

const real = CAPTURED_CODECS.flatMap((codec) => [
  ...capturedPackets(codec, 'video').map((packet) => packet.subarray(0, 300)),
  ...capturedPackets(codec, 'audio'),
]);
const realRtcp = [
  ...CAPTURED_CODECS.flatMap((codec) => capturedPackets(codec, 'rtcp')),
  nack(1, [1, 2, 3, 40, 65_535]),
  fullIntraRequest({ media: 1, sequence: 2 }),
  estimatedBitrate(300_000, [1, 2, 3]),
  receiverReport([]),
  senderReport({ ssrc: 1, ntp: ntpOf(0), rtpTimestamp: 1, packetCount: 1, octetCount: 1 }, 'name'),
];

/** Bytes changed here and there (mostly in the first ones, which say what the rest is), and an end cut off. */
function mutated(packets: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.oneof(fc.nat(40), fc.nat(320)), fc.nat(255));
  return fc
    .tuple(fc.constantFrom(...packets), fc.array(change, { maxLength: 8 }), fc.option(fc.nat(320), { freq: 3 }))
    .map(([packet, changes, length]) => {
      const copy = Buffer.from(packet.subarray(0, length ?? packet.length));
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy;
    });
}

const anything = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const anyPacket = fc.oneof({ arbitrary: mutated(real), weight: 5 }, anything);
const anyRtcp = fc.oneof({ arbitrary: mutated(realRtcp), weight: 5 }, anything);

/** The packet within a larger buffer of `filler`: who reads outside reads that. */
function embedded(packet: Buffer, filler: number): Buffer {
  const around = Buffer.alloc(packet.length + 600, filler);
  packet.copy(around, 300);
  return around.subarray(300, 300 + packet.length);
}

it('nothing is read outside of a packet, and nothing throws', () => {
  fc.assert(
    fc.property(anyPacket, fc.constantFrom(...CODECS), (packet, codec) => {
      const readings = [0x00, 0xff].map((filler) => {
        const bytes = embedded(packet, filler);
        const header = newHeader();
        if (!readHeader(bytes, header)) return undefined;
        expect(header.payloadStart).toBeLessThanOrEqual(header.payloadEnd);
        expect(header.payloadEnd).toBeLessThanOrEqual(bytes.length);
        expect(header.extensionEnd).toBeLessThanOrEqual(header.payloadStart);
        const found = Array.from({ length: 256 }, (_, id) => findExtension(bytes, header, id));
        for (const one of found) {
          if (one >= 0) expect(foundAt(one) + foundLength(one)).toBeLessThanOrEqual(header.extensionEnd);
        }
        const table = new SourceTable([
          { mid: '1', payloadTypes: [96], rids: ['h'], ssrcs: [], extensions: { mid: 4, rid: 10, repairedRid: 11 } },
        ]);
        const info = packetInfo(codec, bytes, header);
        return { ...header, found, info, mid: extensionText(bytes, header, 4), source: table.identify(bytes, header) };
      });
      expect(readings[0]).toEqual(readings[1]);
    }),
    { numRuns: 3000 },
  );
});

it('nothing is read outside of an RTCP packet, and nothing throws', () => {
  fc.assert(
    fc.property(anyRtcp, (packet) => {
      const parts = parseRtcp(embedded(packet, 0));
      expect(parseRtcp(embedded(packet, 0xff))).toEqual(parts);
      expect(JSON.stringify(parts).length).toBeLessThan(200 * packet.length + 100);
    }),
    { numRuns: 3000 },
  );
});

const plan = planExtensions({
  from: { audioLevel: 1, videoOrientation: 13 },
  to: { audioLevel: 2, videoOrientation: 3 },
  mid: { id: 9, value: 'ours' },
});

it('whatever comes in, what goes out is a whole packet of the receiver, and tells no more than it may', () => {
  const scratch = new Scratch();
  fc.assert(
    fc.property(fc.array(anyPacket, { minLength: 1, maxLength: 12 }), fc.constantFrom(...CODECS), (packets, codec) => {
      const rewriter = new Rewriter({
        ssrc: 77,
        payloadType: 120,
        codec,
        firstSequence: 9,
        firstTimestamp: 9,
        scratch,
      });
      const camera = { clock: new PublisherClock().track(90_000) };
      const cache = new PacketCache({ minimum: 24 });
      const reception = new Reception({ ssrc: 1, clockRate: 90_000 });
      rewriter.switchTo(camera, plan);
      for (const [now, packet] of packets.entries()) {
        const header = newHeader();
        if (!readHeader(packet, header)) continue;
        const info = packetInfo(codec, packet, header);
        reception.receive(header.sequence, header.timestamp, now);
        cache.store(packet, header.sequence, info);
        const sent = received(rewriter.forward(camera, { packet, header, info }, now));
        if (sent === undefined) continue;
        expect(sent.header).toMatchObject({ ssrc: 77, payloadType: 120, csrcCount: 0, payloadEnd: sent.bytes.length });
        expect(sent.text(9)).toBe('ours');
        for (const id of [1, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14]) expect(sent.extension(id)).toBeUndefined();
        expect(sent.payload).toHaveLength(header.payloadEnd - header.payloadStart);
      }
      expect(reception.report(100)?.fractionLost ?? 0).toBeLessThan(256);
    }),
    { numRuns: 2000 },
  );
});

interface Step {
  readonly source: 0 | 1;
  readonly action: 'forward' | 'drop' | 'lose' | 'switch' | 'pause';
  readonly isKey: boolean;
  /** How many packets later it arrives. */
  readonly late: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  source: fc.constantFrom(0 as const, 1 as const),
  action: fc.oneof(
    { arbitrary: fc.constant('forward' as const), weight: 12 },
    { arbitrary: fc.constantFrom('drop' as const, 'lose' as const), weight: 4 },
    { arbitrary: fc.constantFrom('switch' as const, 'pause' as const), weight: 1 },
  ),
  isKey: fc.boolean(),
  late: fc.oneof({ arbitrary: fc.constant(0), weight: 5 }, fc.nat(4)),
});

/**
 * Two sources with losses, drops, delays and switches. Whatever happens, the receiver sees each number used for one
 * packet only, none beyond the next, and can ask for each of them again.
 */
it('numbers of a receiver are never used twice, never jump, and lead back to their packets', () => {
  const scratch = new Scratch();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.constantFrom(0, 65_480), (steps, firstSequence) => {
      const sources = [0, 1].map((name) => ({ name, clock: new PublisherClock().track(90_000) })) as [Named, Named];
      const rewriter = new Rewriter<Named>({
        ssrc: 1,
        payloadType: 96,
        codec: 'vp8',
        firstSequence,
        firstTimestamp: 0,
        scratch,
      });
      // Both count in the same region: what tells them apart is whose packets they are.
      const next = [65_500, 65_510];
      const seen = new Map<number, string>();
      const inFlight: { at: number; source: Named; packet: Buffer; action: Step['action'] }[] = [];
      let highest = firstSequence - 1;
      let lost = 0;
      for (const [now, { source, action, isKey, late }] of steps.entries()) {
        const from = sources[source];
        if (action === 'switch') rewriter.switchTo(from, plan);
        if (action === 'pause') rewriter.pause();
        if (action === 'switch' || action === 'pause') continue;
        const at = next[source] ?? 0;
        next[source] = at + 1;
        const payload = vp8({ key: isKey, pictureId: at & 0x7fff, tl0: at & 255, temporalLayer: 0 });
        const packet = rtp({ sequence: at, timestamp: at * 3000, payload, marker: true });
        if (action !== 'lose') inFlight.push({ at: now + late, source: from, packet, action });
        else lost += 1;
        for (const one of inFlight.filter((sent) => sent.at <= now)) {
          inFlight.splice(inFlight.indexOf(one), 1);
          const header = newHeader();
          readHeader(one.packet, header);
          const incoming = { packet: one.packet, header, info: packetInfo('vp8', one.packet, header) };
          const out =
            one.action === 'drop'
              ? rewriter.drop(one.source, incoming, now)
              : rewriter.forward(one.source, incoming, now);
          const sent = received(out);
          // What came before the keyframe that begins is asked for when its gap is seen.
          if (!sent) lost += 1;
          if (!sent) continue;
          const name = `${one.source.name}/${header.sequence}`;
          expect(seen.get(sent.header.sequence) ?? name).toBe(name);
          seen.set(sent.header.sequence, name);
          const ahead = ((sent.header.sequence - highest) << 16) >> 16;
          if (ahead > 0) highest = sent.header.sequence;
          // Beyond the next only by what may still come.
          expect(ahead).toBeLessThanOrEqual(1 + lost + inFlight.length);
          const origin = rewriter.originOf(sent.header.sequence);
          expect(`${origin?.source.name}/${origin?.sequence}`).toBe(name);
          const again = rewriter.again(one.source, incoming);
          if (one.action === 'forward') expect(received(again)?.bytes).toEqual(sent.bytes);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

interface Named {
  readonly name: number;
  readonly clock: ReturnType<PublisherClock['track']>;
}

it('a receiver of a source without losses has no gap, whatever is left out for it', () => {
  const scratch = new Scratch();
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (kept) => {
      const camera = { clock: new PublisherClock().track(90_000) };
      const rewriter = new Rewriter<typeof camera>({
        ssrc: 1,
        payloadType: 96,
        codec: 'vp8',
        firstSequence: 65_500,
        firstTimestamp: 0,
        scratch,
      });
      rewriter.switchTo(camera, plan);
      let count = 0;
      for (const [i, isKept] of [true, ...kept].entries()) {
        const payload = vp8({ key: i === 0, pictureId: (32_700 + i) & 0x7fff });
        const packet = rtp({ sequence: 65_400 + i, timestamp: i * 3000, payload });
        const header = newHeader();
        readHeader(packet, header);
        const incoming = { packet, header, info: packetInfo('vp8', packet, header) };
        const sent = received(isKept ? rewriter.forward(camera, incoming, i) : rewriter.drop(camera, incoming, i));
        if (!isKept) expect(sent).toBeUndefined();
        if (!sent) continue;
        expect(sent.header.sequence).toBe((65_500 + count) & 0xffff);
        expect(sent.vp8?.pictureId).toBe((32_700 + count) & 0x7fff);
        count += 1;
      }
      expect(count).toBe(1 + kept.filter(Boolean).length);
    }),
    { numRuns: 300 },
  );
});
