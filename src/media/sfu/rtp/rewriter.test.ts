import { describe, expect, it } from 'vitest';
import { planExtensions } from './extension-plan.ts';
import { ntpOf } from './ntp.ts';
import { PublisherClock } from './publisher-clock.ts';
import { Rewriter } from './rewriter.ts';
import { Scratch } from './scratch.ts';
import { incoming, type PacketFields, type Received, received, rtp, type Vp8Fields, vp8 } from './testing/packets.ts';

const plan = planExtensions({ mid: { id: 4, value: 'down' } });
const scratch = new Scratch();

function makeRewriter({ firstSequence = 65_533, codec = 'vp8' as const } = {}) {
  return new Rewriter<TestSource>({ ssrc: 99, payloadType: 120, codec, firstSequence, firstTimestamp: 5000, scratch });
}

interface TestSource {
  readonly name: string;
  readonly clock: ReturnType<PublisherClock['track']>;
}

function source(name: string, clock = new PublisherClock().track(90_000)): TestSource {
  return { name, clock };
}

/** A packet of a picture, both numbered by `at`: pictures have one packet here unless told otherwise. */
function picture(at: number, { key = false, ...fields }: Vp8Fields & PacketFields = {}) {
  const payload = vp8({ key, pictureId: at & 0x7fff, tl0: at & 0xff, temporalLayer: 0, ...fields });
  return incoming(rtp({ sequence: at, timestamp: at * 3000, marker: true, ssrc: 7, ...fields, payload }));
}

function must(packet: Buffer | undefined): Received {
  const read = received(packet);
  if (!read) throw new Error('nothing was sent');
  return read;
}

function sequences(packets: readonly Received[]): number[] {
  return packets.map(({ header }) => header.sequence);
}

describe('a track as its receiver gets it', () => {
  it('begins with a keyframe, at the numbers it was given', () => {
    const rewriter = makeRewriter();
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    expect(rewriter.source).toBeUndefined();
    expect(rewriter.pending).toBe(camera);
    expect(rewriter.forward(camera, picture(100), 0)).toBeUndefined();
    const first = must(rewriter.forward(camera, picture(101, { key: true }), 33));
    expect(first.header).toMatchObject({ sequence: 65_533, timestamp: 5000, ssrc: 99, payloadType: 120, marker: true });
    expect(first.text(4)).toBe('down');
    expect(rewriter.source).toBe(camera);
    expect(rewriter.pending).toBeUndefined();
  });

  it('keeps lost packets their place, and gives it to them when they come', () => {
    const rewriter = makeRewriter();
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    const sent = [10, 11, 14, 13, 12, 15].map((at) =>
      must(rewriter.forward(camera, picture(at, { key: at === 10 }), at * 33)),
    );
    expect(sequences(sent)).toEqual([65_533, 65_534, 1, 0, 65_535, 2]);
    expect(sent.map(({ header }) => header.timestamp - 5000)).toEqual([0, 3000, 12_000, 9000, 6000, 15_000]);
  });

  it('carries the payload unchanged but for what is counted in it, without padding', () => {
    const rewriter = makeRewriter();
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    const packet = picture(3, { key: true, padding: 7, body: 500 });
    const sent = must(rewriter.forward(camera, packet, 0));
    expect(sent.header.payloadEnd).toBe(sent.bytes.length);
    expect(sent.payload).toEqual(packet.packet.subarray(packet.header.payloadStart, packet.header.payloadEnd));
  });

  it('has nothing of what only tries the path, and no gap where that was', () => {
    const rewriter = makeRewriter({ firstSequence: 0 });
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    rewriter.forward(camera, picture(1, { key: true }), 0);
    const padding = incoming(rtp({ sequence: 2, payload: [], padding: 200 }));
    expect(rewriter.forward(camera, padding, 1)).toBeUndefined();
    expect(must(rewriter.forward(camera, picture(3), 33)).header.sequence).toBe(1);
  });

  it('says sound from the first packet on', () => {
    const rewriter = new Rewriter<TestSource>({
      ssrc: 1,
      payloadType: 111,
      codec: 'opus',
      firstSequence: 7,
      firstTimestamp: 0,
      scratch,
    });
    const microphone = source('microphone', new PublisherClock().track(48_000));
    rewriter.switchTo(microphone, plan);
    const packet = incoming(rtp({ sequence: 500 }), 'opus');
    expect(must(rewriter.forward(microphone, packet, 0)).header.sequence).toBe(7);
  });

  it('ends a picture with the highest layer that is sent', () => {
    const rewriter = new Rewriter<TestSource>({
      ssrc: 1,
      payloadType: 98,
      codec: 'vp9',
      firstSequence: 0,
      firstTimestamp: 0,
      scratch,
    });
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    rewriter.topSpatialLayer = 0;
    const base = rtp({ sequence: 1, payload: [0x80 | 0x20 | 0x08 | 0x04, 0x81, 0x01, 0, 7, 9] });
    expect(must(rewriter.forward(camera, incoming(base, 'vp9'), 0)).header.marker).toBe(true);
  });
});

describe('a switch of source', () => {
  function switched({ clocks = false } = {}) {
    const publisher = new PublisherClock();
    const high = source('h', publisher.track(90_000));
    const low = source('l', publisher.track(90_000));
    if (clocks) {
      high.clock.senderReport({ ntp: ntpOf(1_000_000), rtpTimestamp: 10 * 3000 }, 1_000_000);
      low.clock.senderReport({ ntp: ntpOf(1_000_000), rtpTimestamp: 777_000 }, 1_000_000);
    }
    const rewriter = makeRewriter({ firstSequence: 100 });
    rewriter.switchTo(high, plan);
    rewriter.forward(high, picture(10, { key: true }), 1_000_000);
    rewriter.forward(high, picture(11), 1_000_033);
    return { rewriter, high, low };
  }

  it('waits for a keyframe of the new one, and the old one goes on until then', () => {
    const { rewriter, high, low } = switched();
    rewriter.switchTo(low, plan);
    expect(rewriter.forward(low, picture(4000), 1_000_040)).toBeUndefined();
    expect(must(rewriter.forward(high, picture(12), 1_000_066)).header.sequence).toBe(102);
    expect(rewriter.source).toBe(high);
    expect(must(rewriter.forward(low, picture(4001, { key: true }), 1_000_099)).header.sequence).toBe(103);
    expect(rewriter.source).toBe(low);
    expect(rewriter.forward(high, picture(13), 1_000_100)).toBeUndefined();
    expect(must(rewriter.forward(low, picture(4002), 1_000_132)).header.sequence).toBe(104);
  });

  it('breaks neither picture ids nor the count of base layers', () => {
    const { rewriter, low } = switched();
    rewriter.switchTo(low, plan);
    const first = must(rewriter.forward(low, picture(4001, { key: true }), 1_000_066)).vp8;
    const second = must(rewriter.forward(low, picture(4002), 1_000_099)).vp8;
    expect([first?.pictureId, second?.pictureId]).toEqual([12, 13]);
    expect([first?.tl0, second?.tl0]).toEqual([12, 13]);
  });

  it.each([
    { shortId: true, wraps: 128 },
    { shortId: false, wraps: 32_768 },
  ])('counts picture ids around their circle of $wraps', ({ shortId, wraps }) => {
    const rewriter = makeRewriter();
    const [one, two] = [source('one'), source('two')];
    rewriter.switchTo(one, plan);
    rewriter.forward(one, picture(1, { key: true, pictureId: wraps - 1, shortId }), 0);
    rewriter.switchTo(two, plan);
    const first = must(rewriter.forward(two, picture(500, { key: true, pictureId: 55, shortId }), 33));
    const second = must(rewriter.forward(two, picture(501, { pictureId: 56, shortId }), 66));
    expect([first.vp8?.pictureId, second.vp8?.pictureId]).toEqual([0, 1]);
    expect(first.vp8?.pictureIdBits).toBe(shortId ? 7 : 15);
  });

  it('goes on in time by the clock on the wall before there are reports', () => {
    const { rewriter, low } = switched();
    rewriter.switchTo(low, plan);
    const sent = must(rewriter.forward(low, picture(4001, { key: true, timestamp: 42 }), 1_000_133));
    expect(sent.header.timestamp).toBe(5000 + 3000 + 9000);
  });

  it('goes on in time as the sender reports of both say', () => {
    const { rewriter, low } = switched({ clocks: true });
    rewriter.switchTo(low, plan);
    // Taken 66 ms after the report, and on its way for 40 ms.
    const sent = must(rewriter.forward(low, picture(4001, { key: true, timestamp: 777_000 + 5940 }), 1_000_106));
    expect(sent.header.timestamp).toBe(5000 + 5940);
  });

  it('never stands still in time: two pictures of one moment stay two', () => {
    const { rewriter, low } = switched({ clocks: true });
    rewriter.switchTo(low, plan);
    const sent = must(rewriter.forward(low, picture(4001, { key: true, timestamp: 777_000 + 3000 }), 1_000_040));
    expect(sent.header.timestamp).toBeGreaterThan(5000 + 3000);
    expect(sent.header.timestamp).toBeLessThan(5000 + 3000 + 900);
  });

  it('does not believe a report that is seconds off', () => {
    const { rewriter, low } = switched({ clocks: true });
    low.clock.senderReport({ ntp: ntpOf(1_000_000), rtpTimestamp: 1 }, 1_000_050);
    rewriter.switchTo(low, plan);
    const sent = must(rewriter.forward(low, picture(4001, { key: true, timestamp: 777_000 }), 1_000_066));
    expect(sent.header.timestamp).toBe(8000 + 2970);
  });

  it('is taken back by switching to what is sent', () => {
    const { rewriter, high, low } = switched();
    rewriter.switchTo(low, plan);
    rewriter.switchTo(high, plan);
    expect(rewriter.pending).toBeUndefined();
    expect(rewriter.forward(low, picture(4001, { key: true }), 1_000_066)).toBeUndefined();
    expect(must(rewriter.forward(high, picture(12), 1_000_066)).header.sequence).toBe(102);
  });

  it('lets what is late of the old one take its place, for a while', () => {
    const { rewriter, high, low } = switched();
    rewriter.forward(high, picture(13), 1_000_070);
    rewriter.switchTo(low, plan);
    rewriter.forward(low, picture(4001, { key: true }), 1_000_099);
    const late = must(rewriter.forward(high, picture(12), 1_000_110));
    expect(late.header.sequence).toBe(102);
    expect(late.vp8?.pictureId).toBe(12);
    // Much later the same number is of another packet: it has come round.
    expect(rewriter.forward(high, picture(12), 1_900_000)).toBeUndefined();
  });

  it('does not confuse sources that count alike', () => {
    const { rewriter, high, low } = switched();
    rewriter.forward(high, picture(13), 1_000_070);
    rewriter.switchTo(low, plan);
    expect(must(rewriter.forward(low, picture(12, { key: true }), 1_000_099)).header.sequence).toBe(104);
    expect(must(rewriter.forward(high, picture(12), 1_000_110)).header.sequence).toBe(102);
    expect(received(rewriter.again(low, picture(12, { key: true })))?.header.sequence).toBe(104);
  });

  it('has nothing of what came before the keyframe, however late', () => {
    const { rewriter, low } = switched();
    rewriter.switchTo(low, plan);
    rewriter.forward(low, picture(4001, { key: true }), 1_000_066);
    expect(rewriter.forward(low, picture(4000), 1_000_067)).toBeUndefined();
  });

  it('gives each source the extensions of its own publisher', () => {
    const { rewriter, low } = switched();
    const level = planExtensions({ from: { videoOrientation: 3 }, to: { videoOrientation: 5 } });
    rewriter.switchTo(low, level);
    const extensions = [[3, [2]]] as const;
    const sent = must(rewriter.forward(low, picture(4001, { key: true, extensions }), 1_000_066));
    expect(sent.extension(5)).toEqual(Buffer.from([2]));
    expect(sent.text(4)).toBeUndefined();
  });

  it('may come after a pause, in which nothing is sent', () => {
    const { rewriter, high } = switched();
    rewriter.pause();
    expect(rewriter.source).toBeUndefined();
    expect(rewriter.forward(high, picture(12, { key: true }), 1_000_066)).toBeUndefined();
    rewriter.switchTo(high, plan);
    expect(rewriter.pending).toBe(high);
    expect(rewriter.forward(high, picture(312), 1_010_000)).toBeUndefined();
    const again = must(rewriter.forward(high, picture(313, { key: true }), 1_010_033));
    expect(again.header.sequence).toBe(102);
    expect(again.header.timestamp).toBe(5000 + 303 * 3000);
    expect(again.vp8?.pictureId).toBe(12);
  });
});

describe('a source that begins anew under its old name', () => {
  it.each([40_000, 60_500])('is followed from its next keyframe on (%i)', (elsewhere) => {
    const rewriter = makeRewriter({ firstSequence: 0 });
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    rewriter.forward(camera, picture(10, { key: true }), 0);
    expect(rewriter.forward(camera, picture(elsewhere), 33)).toBeUndefined();
    expect(rewriter.forward(camera, picture(elsewhere + 1), 66)).toBeUndefined();
    expect(rewriter.pending).toBe(camera);
    const sent = must(rewriter.forward(camera, picture(elsewhere + 2, { key: true, timestamp: 1 }), 99));
    expect(sent.header).toMatchObject({ sequence: 1, timestamp: 5000 + 99 * 90 });
    expect(rewriter.pending).toBeUndefined();
  });

  it('is not taken for one because of a single stray packet', () => {
    const rewriter = makeRewriter({ firstSequence: 0 });
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    rewriter.forward(camera, picture(10, { key: true }), 0);
    expect(rewriter.forward(camera, picture(40_000, { key: true }), 33)).toBeUndefined();
    expect(must(rewriter.forward(camera, picture(11), 33)).header.sequence).toBe(1);
  });
});

describe('dropped packets', () => {
  function layered() {
    const rewriter = makeRewriter({ firstSequence: 0 });
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    rewriter.forward(camera, picture(10, { key: true }), 0);
    return { rewriter, camera };
  }

  it('leave no gap in sequence numbers and picture ids', () => {
    const { rewriter, camera } = layered();
    const sent: Received[] = [];
    for (let at = 11; at < 31; at += 1) {
      const packet = picture(at, { temporalLayer: at % 2, tl0: at >> 1 });
      if (at % 2) expect(rewriter.drop(camera, packet, at * 33)).toBeUndefined();
      else sent.push(must(rewriter.forward(camera, packet, at * 33)));
    }
    expect(sequences(sent)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(sent.map((packet) => packet.vp8?.pictureId)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    // In time they stay where they were.
    expect(sent[0]?.header.timestamp).toBe(5000 + 2 * 3000);
  });

  it('count as one picture where they are several packets of it', () => {
    const { rewriter, camera } = layered();
    for (const at of [11, 12, 13]) rewriter.drop(camera, picture(at, { pictureId: 11, start: at === 11 }), 33);
    const next = must(rewriter.forward(camera, picture(14, { pictureId: 12 }), 66));
    expect(next.header.sequence).toBe(1);
    expect(next.vp8?.pictureId).toBe(11);
  });

  it('may be the rest of a picture that was begun', () => {
    const { rewriter, camera } = layered();
    rewriter.forward(camera, picture(11, { pictureId: 11, marker: false }), 33);
    rewriter.drop(camera, picture(12, { pictureId: 11, start: false }), 33);
    const next = must(rewriter.forward(camera, picture(13, { pictureId: 12 }), 66));
    expect(next.header.sequence).toBe(2);
    expect(next.vp8?.pictureId).toBe(12);
  });

  it('may be many without what was sent before being forgotten', () => {
    const { rewriter, camera } = layered();
    for (let at = 11; at < 400; at += 1) rewriter.drop(camera, picture(at), at);
    expect(must(rewriter.forward(camera, picture(400), 400)).header.sequence).toBe(1);
    expect(rewriter.originOf(0)?.sequence).toBe(10);
  });

  it('that come late are empty where a gap was already shown', () => {
    const { rewriter, camera } = layered();
    rewriter.forward(camera, picture(13), 99);
    const filler = must(rewriter.drop(camera, picture(12), 100));
    expect(filler.header).toMatchObject({ sequence: 2, marker: false });
    expect(filler.payload).toHaveLength(0);
    expect(must(rewriter.forward(camera, picture(14), 132)).header.sequence).toBe(4);
  });

  it('keep what is missing before them its place', () => {
    const { rewriter, camera } = layered();
    rewriter.drop(camera, picture(13), 99);
    expect(must(rewriter.forward(camera, picture(14), 132)).header.sequence).toBe(3);
    expect(must(rewriter.forward(camera, picture(12), 140)).header.sequence).toBe(2);
    expect(must(rewriter.forward(camera, picture(11), 141)).header.sequence).toBe(1);
  });

  it('are nothing of what the receiver gets of other sources', () => {
    const { rewriter, camera } = layered();
    rewriter.drop(source('other'), picture(500), 33);
    expect(must(rewriter.forward(camera, picture(11), 33)).header.sequence).toBe(1);
  });
});

describe('a packet that the receiver asks for again', () => {
  it('is told by its source and number, and is the same again', () => {
    const rewriter = makeRewriter();
    const [high, low] = [source('h'), source('l')];
    const packets = new Map<string, ReturnType<typeof picture>>();
    const sent: Received[] = [];
    const send = (from: TestSource, at: number, key = false) => {
      const packet = picture(at, { key });
      packets.set(`${from.name}/${at & 0xffff}`, packet);
      sent.push(must(rewriter.forward(from, packet, at)));
    };
    rewriter.switchTo(high, plan);
    for (let at = 65_530; at < 65_540; at += 1) send(high, at, at === 65_530);
    rewriter.switchTo(low, plan);
    for (let at = 900; at < 910; at += 1) send(low, at, at === 900);
    rewriter.drop(low, picture(910), 910);
    rewriter.switchTo(high, plan);
    for (let at = 65_700; at < 65_710; at += 1) send(high, at, at === 65_700);

    for (const { header, bytes } of sent) {
      const origin = rewriter.originOf(header.sequence);
      const packet = packets.get(`${origin?.source.name}/${origin?.sequence}`);
      if (!origin || !packet) throw new Error(`${header.sequence} is not known any more`);
      expect(received(rewriter.again(origin.source, packet))?.bytes).toEqual(bytes);
    }
  });

  it('is unknown before the first, after the last and long ago', () => {
    const rewriter = makeRewriter({ firstSequence: 1000 });
    const camera = source('camera');
    expect(rewriter.originOf(1000)).toBeUndefined();
    rewriter.switchTo(camera, plan);
    for (let at = 0; at < 70_000; at += 1) rewriter.forward(camera, picture(at & 0xffff, { key: at === 0 }), at);
    const last = (1000 + 69_999) & 0xffff;
    expect(rewriter.originOf(last)?.sequence).toBe(69_999 & 0xffff);
    expect(rewriter.originOf((last - 1000) & 0xffff)).toBeDefined();
    expect(rewriter.originOf((last + 1) & 0xffff)).toBeUndefined();
    expect(rewriter.originOf((last - 20_000) & 0xffff)).toBeUndefined();
  });

  it('does not take the track on', () => {
    const rewriter = makeRewriter({ firstSequence: 0 });
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    const first = picture(10, { key: true });
    rewriter.forward(camera, first, 0);
    rewriter.forward(camera, picture(11), 33);
    rewriter.again(camera, first);
    expect(must(rewriter.forward(camera, picture(12), 66)).header.sequence).toBe(2);
  });
});

describe('the sender report for a receiver', () => {
  it('is none before something was sent and the publisher reported', () => {
    const rewriter = makeRewriter();
    const camera = source('camera');
    expect(rewriter.senderReport(0)).toBeUndefined();
    rewriter.switchTo(camera, plan);
    rewriter.forward(camera, picture(10, { key: true }), 0);
    expect(rewriter.senderReport(0)).toBeUndefined();
  });

  it('counts what was sent, and says the time of the track that the receiver knows', () => {
    const rewriter = makeRewriter();
    const camera = source('camera');
    rewriter.switchTo(camera, plan);
    camera.clock.senderReport({ ntp: ntpOf(500_000), rtpTimestamp: 30_000 }, 1_000_000);
    const packet = picture(10, { key: true });
    rewriter.forward(camera, packet, 1_000_000);
    const report = rewriter.senderReport(1_000_100);
    expect(report).toMatchObject({ ssrc: 99, packetCount: 1, rtpTimestamp: 5000 + 9000, ntp: ntpOf(1_000_100) });
    expect(report?.octetCount).toBe(packet.header.payloadEnd - packet.header.payloadStart);
  });

  it('keeps sound with picture over a switch of source', () => {
    const publisher = new PublisherClock();
    const [high, low] = [source('h', publisher.track(90_000)), source('l', publisher.track(90_000))];
    const theirs = 77_000;
    high.clock.senderReport({ ntp: ntpOf(theirs), rtpTimestamp: 1_000_000 }, 200_030);
    low.clock.senderReport({ ntp: ntpOf(theirs), rtpTimestamp: 9_000_000 }, 200_050);
    const rewriter = makeRewriter();
    rewriter.switchTo(high, plan);
    rewriter.forward(high, picture(1, { key: true, timestamp: 1_000_000 }), 200_030);
    rewriter.switchTo(low, plan);
    // Taken one second after their reports.
    const sent = must(rewriter.forward(low, picture(2, { key: true, timestamp: 9_090_000 }), 201_070));
    const report = rewriter.senderReport(202_030);
    if (!report) throw new Error('no report');
    // By the report the picture was taken at 201,030 of our time, as by those of the publisher.
    expect((report.rtpTimestamp - sent.header.timestamp) / 90).toBeCloseTo(202_030 - 201_030, 5);
  });
});
