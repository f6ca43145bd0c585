import { describe, expect, test } from 'vitest';
import { parseRtcp, type Rtcp, writeRtcp } from './client-rtcp.ts';
import { isRtcp, parseRtp, type RtpPacket } from './client-rtp.ts';
import { FakeTiming } from './client-server.fixture.ts';
import { SyntheticPublisher, type SyntheticPublisherOptions } from './client-synthetic-publisher.ts';
import { SyntheticReceiver, type SyntheticReceiverOptions } from './client-synthetic-receiver.ts';
import { parseVp8Descriptor, parseVp8FrameHeader } from './client-video-payload.ts';

const AUDIO = { kind: 'audio', ssrc: 1, payloadType: 111 } as const;
const mid = { id: 4, value: Buffer.from('1') };
const VIDEO = { kind: 'video', payloadType: 96, layers: [{ ssrc: 10, extensions: [mid] }, { ssrc: 20 }] } as const;
/** Wraps within the first second, both of them. */
const late = () => 0.9999;

function publisher(options: Partial<SyntheticPublisherOptions> = {}) {
  const timing = new FakeTiming();
  const sent: Buffer[] = [];
  const made = new SyntheticPublisher({
    ...{ tracks: [AUDIO, VIDEO], cname: 'me', timing, random: late },
    send: (packet) => sent.push(packet) > 0,
    ...options,
  });
  const packets = (ssrc: number): RtpPacket[] =>
    sent.flatMap((bytes) => parseRtp(bytes) ?? []).filter((packet) => packet.ssrc === ssrc);
  const says = (...parts: Exclude<Rtcp, { type: 'other' }>[]) => made.receiveRtcp(writeRtcp(parts));
  return { made, timing, sent, packets, says };
}

const about = (ssrc: number) => ({ sender: 99, ssrc });
const of = (made: SyntheticPublisher, ssrc: number) => made.statistics.find((each) => each.ssrc === ssrc);

describe('SyntheticPublisher', () => {
  test('sends sound every 20 ms, numbered and timed without a gap', () => {
    const { timing, packets } = publisher();
    timing.pass(1_000);
    const sound = packets(1);
    expect(sound).toHaveLength(50);
    for (const [index, { sequenceNumber, timestamp }] of sound.entries()) {
      const first = sound[0];
      expect((sequenceNumber - (first?.sequenceNumber ?? 0) + 0x10000) & 0xffff).toBe(index);
      expect((timestamp - (first?.timestamp ?? 0) + 2 ** 32) % 2 ** 32).toBe(index * 960);
    }
  });

  test('sends frames of several packets, the first of them a keyframe with its size', () => {
    const { timing, packets } = publisher();
    timing.pass(500);
    const frames = Map.groupBy(packets(10), ({ timestamp }) => timestamp);
    expect(frames.size).toBeGreaterThan(13);
    const ids: (number | undefined)[] = [];
    for (const frame of frames.values()) {
      expect(frame.map(({ marker }) => marker)).toEqual([...frame.slice(1).map(() => false), true]);
      const descriptors = frame.map(({ payload }) => parseVp8Descriptor(payload));
      expect(descriptors.map((each) => each?.isStart)).toEqual([true, ...frame.slice(1).map(() => false)]);
      expect(new Set(descriptors.map((each) => each?.pictureId)).size).toBe(1);
      ids.push(descriptors[0]?.pictureId);
    }
    expect(ids.slice(1)).toEqual(ids.slice(0, -1).map((id) => ((id ?? 0) + 1) & 0x7fff));
    const [first] = packets(20);
    expect(first && parseVp8FrameHeader(first.payload.subarray(4))).toEqual({
      isKeyframe: true,
      width: 640,
      height: 360,
    });
  });

  test('says which track it is until the other end has reported of it', () => {
    const { timing, packets, says } = publisher();
    timing.pass(100);
    expect(packets(10).every(({ extensions }) => extensions.length === 1)).toBe(true);
    const report = { fractionLost: 0, lost: 0, highest: 0, jitter: 0, lastReport: 0, delay: 0 };
    says({ type: 'receiver-report', ssrc: 99, reports: [{ ssrc: 10, ...report }] });
    timing.pass(100);
    expect(packets(10).at(-1)?.extensions).toEqual([]);
  });

  test('sends keyframes when asked, of that size alone, and for a FIR said twice once', () => {
    const { made, timing, says } = publisher({ keyframeEveryMs: 0 });
    timing.pass(1_000);
    says({ type: 'pli', ...about(10) });
    timing.pass(1_000);
    says({ type: 'fir', ...about(10), number: 1 });
    timing.pass(1_000);
    says({ type: 'fir', ...about(10), number: 1 });
    timing.pass(1_000);
    expect([of(made, 10)?.keyframes, of(made, 20)?.keyframes]).toEqual([3, 1]);
    expect(of(made, 10)).toMatchObject({ plis: 1, firs: 2 });
  });

  test('sends keyframes now and then', () => {
    const { made, timing } = publisher({ keyframeEveryMs: 1_000 });
    timing.pass(5_000);
    expect(of(made, 10)?.keyframes).toBe(5);
  });

  test('sends again what is asked for, bit by bit the same', () => {
    const { made, timing, sent, packets, says } = publisher();
    timing.pass(200);
    const missing = packets(10)
      .slice(0, 2)
      .map(({ sequenceNumber }) => sequenceNumber);
    const before = sent.length;
    says({ type: 'nack', ...about(10), missing: [...missing, 5_000] });
    const originals = sent.filter((bytes) => missing.includes(bytes.readUInt16BE(2)) && bytes.readUInt32BE(8) === 10);
    expect(sent.slice(before)).toEqual(originals.slice(0, 2));
    expect(of(made, 10)).toMatchObject({ resent: 2, forgotten: 1, nacked: 3 });
  });

  test('sends less where it is told to: the smallest size last', () => {
    const { made, timing, packets, says } = publisher();
    timing.pass(500);
    const full = packets(10).length;
    says({ type: 'remb', sender: 99, bitrate: 300_000, ssrcs: [10, 20] });
    expect(made.remb).toMatchObject({ bitrate: 300_000, ssrcs: [10, 20] });
    const small = packets(20).length;
    timing.pass(500);
    expect(packets(10)).toHaveLength(full);
    expect(packets(20).length).toBeGreaterThan(small);
    says({ type: 'remb', sender: 99, bitrate: 5_000_000, ssrcs: [10, 20] });
    timing.pass(500);
    const [resumed] = packets(10).slice(full);
    expect(resumed && parseVp8FrameHeader(resumed.payload.subarray(4))?.isKeyframe).toBe(true);
  });

  test('reports each second, under its name', () => {
    const { timing, sent } = publisher();
    timing.pass(1_000);
    const parts = sent.filter(isRtcp).flatMap(parseRtcp);
    expect(parts.map((part) => ('ssrc' in part ? [part.type, part.ssrc] : part))).toEqual([
      ...[1, 10, 20].flatMap((ssrc) => [
        ['sender-report', ssrc],
        ['name', ssrc],
      ]),
    ]);
  });

  test('numbers nothing before the way is open, and begins with a keyframe then', () => {
    let isOpen = false;
    const sent: Buffer[] = [];
    const { made, timing } = publisher({ send: (packet) => isOpen && sent.push(packet) > 0 });
    timing.pass(500);
    expect(of(made, 10)?.packets).toBe(0);
    isOpen = true;
    timing.pass(100);
    const first = sent.map(parseRtp).find((packet) => packet?.ssrc === 10);
    expect(first && parseVp8FrameHeader(first.payload.subarray(4))?.isKeyframe).toBe(true);
    made.close();
    expect(timing.waiting).toBe(0);
  });

  test('has temporal layers where it is wanted', () => {
    const { timing, packets } = publisher({ temporalLayers: 3 });
    timing.pass(300);
    const starts = packets(10)
      .flatMap(({ payload }) => parseVp8Descriptor(payload) ?? [])
      .filter(({ isStart }) => isStart);
    expect(starts.slice(0, 5).map(({ temporalLayer }) => temporalLayer)).toEqual([0, 2, 1, 2, 0]);
    expect(starts.slice(0, 5).map(({ tl0 }) => tl0)).toEqual([1, 1, 1, 1, 2]);
  });
});

describe('SyntheticReceiver', () => {
  /** A publisher and a receiver on one way, of which the test loses, repeats and delays packets. */
  function pair(options: Partial<SyntheticReceiverOptions> = {}, published: Partial<SyntheticPublisherOptions> = {}) {
    const timing = new FakeTiming();
    const way: { carry: (packet: Buffer) => readonly Buffer[] } = { carry: (packet) => [packet] };
    const said: Rtcp[] = [];
    const receiver = new SyntheticReceiver({
      ...{ timing, random: () => 0.5 },
      send: (packet) => {
        said.push(...parseRtcp(packet));
        sender.receiveRtcp(packet);
        return true;
      },
      ...options,
    });
    const deliver = (packet: Buffer) => {
      if (isRtcp(packet)) receiver.receiveRtcp(packet);
      else receiver.receive(packet, { mid: '1', kind: 'video', clockRate: 90_000, codec: 'vp8' });
    };
    const sender: SyntheticPublisher = new SyntheticPublisher({
      ...{ tracks: [{ ...VIDEO, layers: [{ ssrc: 10 }] }], cname: 'me', timing, random: late, keyframeEveryMs: 0 },
      send: (packet) => {
        for (const each of isRtcp(packet) ? [packet] : way.carry(packet)) deliver(each);
        return true;
      },
      ...published,
    });
    return { timing, way, said, receiver, sender, got: () => receiver.latest('video') };
  }

  const CLEAN = {
    lost: 0,
    missing: 0,
    duplicates: 0,
    broken: 0,
    sequenceBreaks: 0,
    timestampBreaks: 0,
    pictureIdBreaks: 0,
  };

  test('finds nothing wrong where nothing is, over the end of the numbers', () => {
    const { timing, got, said } = pair();
    timing.pass(2_000);
    expect(got()).toMatchObject({ ...CLEAN, keyframes: 1, width: 1280, cname: 'me', recovered: 0 });
    expect(got()?.decodable).toBe(got()?.frames);
    expect(said.map(({ type }) => type)).toEqual(['receiver-report', 'receiver-report']);
  });

  test('asks for what is missing, and gets it', () => {
    let count = 0;
    const { timing, way, got, sender } = pair();
    way.carry = (packet) => (++count % 7 === 0 ? [] : [packet]);
    timing.pass(3_000);
    expect(got()).toMatchObject({ ...CLEAN, missing: expect.any(Number), keyframes: 1 });
    expect(got()?.recovered).toBeGreaterThan(30);
    expect(got()?.frames).toBeGreaterThan(80);
    expect(of(sender, 10)?.resent).toBeGreaterThanOrEqual(got()?.recovered ?? 0);
  });

  test('counts what comes twice, and puts in order what does not come in order', () => {
    const { timing, way, got } = pair({ nack: 'never' });
    let held: Buffer | undefined;
    let count = 0;
    way.carry = (packet) => {
      if (++count % 20 === 0) return [packet, packet];
      if (count % 20 === 10) {
        held = packet;
        return [];
      }
      const both = held ? [packet, held] : [packet];
      held = undefined;
      return both;
    };
    timing.pass(2_000);
    expect(got()).toMatchObject({ lost: 0, broken: 0, keyframes: 1, recovered: 0 });
    expect(got()?.duplicates).toBeGreaterThan(3);
    expect(got()?.reordered).toBeGreaterThan(3);
  });

  test('gives up what never comes, and shows nothing before the next keyframe', () => {
    const { timing, way, got, said } = pair({ nack: 'never', giveUpMs: 100 });
    timing.pass(500);
    way.carry = () => [];
    timing.pass(34);
    way.carry = (packet) => [packet];
    const shown = got()?.decodable;
    for (let step = 0; said.length === 0 && step < 20; step++) {
      timing.pass(10);
      if (said.length === 0) expect(got()).toMatchObject({ keyframes: 1, decodable: shown, lost: 0 });
    }
    expect(said.map(({ type }) => type)).toEqual(['pli']);
    timing.pass(100);
    expect(got()).toMatchObject({ keyframes: 2, missing: 0 });
    expect(got()?.lost).toBeGreaterThan(2);
    expect(got()?.decodable).toBeGreaterThan(shown ?? 0);
  });

  test('asks for no keyframe where it is not to, and says what may be sent', () => {
    const { timing, way, receiver, said } = pair({ keyframes: 'never', bitrate: 300_000 });
    let count = 0;
    way.carry = (packet) => (++count === 1 ? [] : [packet]);
    timing.pass(1_000);
    expect(said.map(({ type }) => type)).toEqual(['receiver-report', 'remb']);
    receiver.limit(100_000);
    expect(said.at(-1)).toMatchObject({ type: 'remb', bitrate: expect.closeTo(100_000, -2), ssrcs: [10] });
    receiver.askForKeyframe('fir');
    receiver.askForKeyframe('fir');
    expect(said.slice(-2).map((part) => 'number' in part && part.number)).toEqual([1, 2]);
  });

  test('reports what part was lost', () => {
    const { timing, way, said } = pair({ nack: 'never', keyframes: 'never' });
    let count = 0;
    way.carry = (packet) => (++count % 2 === 0 ? [] : [packet]);
    timing.pass(1_000);
    const report = said.find((part) => part.type === 'receiver-report');
    const [block] = report?.reports ?? [];
    expect(block?.fractionLost).toBeGreaterThan(110);
    expect(block?.fractionLost).toBeLessThan(140);
    expect(block?.lost).toBeGreaterThan(30);
  });

  test('sees numbers and times that jump', () => {
    const { timing, way, got } = pair({ maxTimestampStepMs: 100 });
    timing.pass(500);
    const moved = (packet: Buffer, by: { readonly number: number; readonly time: number }) => {
      const copy = Buffer.from(packet);
      copy.writeUInt16BE((copy.readUInt16BE(2) + by.number) & 0xffff, 2);
      copy.writeUInt32BE((copy.readUInt32BE(4) + by.time) % 2 ** 32, 4);
      return [copy];
    };
    way.carry = (packet) => moved(packet, { number: 0, time: 90_000 });
    timing.pass(100);
    expect(got()).toMatchObject({ timestampBreaks: 1, sequenceBreaks: 0 });
    way.carry = (packet) => moved(packet, { number: 20_000, time: 90_000 });
    timing.pass(100);
    expect(got()).toMatchObject({ timestampBreaks: 1, sequenceBreaks: 1 });
  });

  test('sees pictures that were left out without a trace in the numbers', () => {
    const { timing, way, got } = pair({ keyframes: 'never' });
    timing.pass(300);
    let skipped = 0;
    let id: number | undefined;
    way.carry = (packet) => {
      const parsed = parseRtp(packet);
      const picture = parsed && parseVp8Descriptor(parsed.payload)?.pictureId;
      id ??= picture;
      if (picture === id) {
        skipped += 1;
        return [];
      }
      const copy = Buffer.from(packet);
      copy.writeUInt16BE((copy.readUInt16BE(2) - skipped) & 0xffff, 2);
      return [copy];
    };
    timing.pass(300);
    expect(got()).toMatchObject({ ...CLEAN, pictureIdBreaks: 1 });
  });
});
