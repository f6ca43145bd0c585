import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDescriptor, readDescriptor } from './dependency-descriptor.ts';
import type { DependencyStructure } from './dependency-structure.ts';
import { planExtensions } from './extension-plan.ts';
import { FrameDependencies } from './frame-dependencies.ts';
import { packetInfo, spatialLayer, temporalLayer, withDescriptor } from './packet-info.ts';
import { PublisherClock } from './publisher-clock.ts';
import { type IncomingPacket, Rewriter } from './rewriter.ts';
import { Scratch } from './scratch.ts';
import { type DescriptorFields, descriptor, L2T2, type StructureFields, templateOf } from './testing/descriptors.ts';
import { headerOf, received, rtp } from './testing/packets.ts';

const THEIRS = 12;
const OURS = 4;
const PLAN = planExtensions({
  from: { dependencyDescriptor: THEIRS },
  to: { dependencyDescriptor: OURS },
  mid: { id: 1, value: 'v' },
});

/** Somebody who sends AV1 in layers. */
class Source {
  readonly clock = new PublisherClock().track(90_000);
  readonly dependencies = new FrameDependencies();
  sequence = 1000;
  frame = 0;
  timestamp = 0;

  packet(fields: DescriptorFields, options: { readonly marker?: boolean; readonly isKey?: boolean } = {}) {
    const { marker = false, isKey = false } = options;
    const bytes = descriptor({ frame: this.frame, ...fields });
    const packet = rtp({
      ...{ sequence: this.sequence, timestamp: this.timestamp, marker, twoByteForm: bytes.length > 16 },
      ...{ extensions: [[THEIRS, [...bytes]]], payload: [isKey ? 0x18 : 0x10, 0x30, 1, 2] },
    });
    this.sequence += 1;
    this.frame += 1;
    const header = headerOf(packet);
    const info = withDescriptor(
      packetInfo('av1', packet, header),
      this.dependencies.info(packet, header, THEIRS) ?? Number.NaN,
    );
    return { packet, header, info } satisfies IncomingPacket;
  }

  /** Both spatial layers of a picture: of a keyframe, or of one of either temporal layer. */
  picture(kind: 'key' | 0 | 1, own: DescriptorFields = {}, structure: StructureFields = L2T2): IncomingPacket[] {
    this.timestamp += 3000;
    const at = (index: number) => ((structure.firstTemplate ?? 0) + index) & 63;
    const [low, high] = kind === 'key' ? [0, 3] : kind === 0 ? [1, 4] : [2, 5];
    const first = kind === 'key' ? { structure } : {};
    return [
      this.packet({ template: at(low), ...first, ...own }, { isKey: kind === 'key' }),
      this.packet({ template: at(high) }, { marker: true }),
    ];
  }
}

/** Somebody who gets it, with the layers that pass to them. */
function receiver() {
  const rewriter = new Rewriter<Source>({
    ...{ ssrc: 5, payloadType: 35, codec: 'av1', firstSequence: 500, firstTimestamp: 0, scratch: new Scratch() },
  });
  let now = 1_000_000;
  let known: DependencyStructure | undefined;
  const got = (source: Source, incoming: IncomingPacket) => {
    now += 10;
    const isAbove =
      spatialLayer(incoming.info) > rewriter.topSpatialLayer ||
      temporalLayer(incoming.info) > rewriter.topTemporalLayer;
    const out = received(isAbove ? rewriter.drop(source, incoming, now) : rewriter.forward(source, incoming, now));
    if (!out) return [];
    const bytes = out.extension(OURS);
    if (!bytes) throw new Error('there is no descriptor');
    const read = newDescriptor();
    const isRead = readDescriptor({ bytes, from: 0, length: bytes.length }, known, read);
    if (!isRead) throw new Error('the descriptor cannot be read');
    known = read.structure ?? known;
    const { spatial, temporal, frame, activeTargets, differences } = read;
    return [{ spatial, temporal, frame, activeTargets, differences, header: out.header, mid: out.text(1), bytes }];
  };
  return {
    rewriter,
    get: (source: Source, packets: readonly IncomingPacket[]) => packets.flatMap((each) => got(source, each)),
  };
}

function numbers(packets: readonly { readonly header: { readonly sequence: number } }[]): readonly number[] {
  return packets.map(({ header }) => header.sequence - (packets[0]?.header.sequence ?? 0));
}

describe('AV1 in layers', () => {
  it('goes as it is to who gets all of it, under their id, in the long form where that is needed', () => {
    const [source, { rewriter, get }] = [new Source(), receiver()];
    rewriter.switchTo(source, PLAN);
    const got = [...get(source, source.picture('key')), ...get(source, source.picture(1))];
    expect(got.map(({ spatial, temporal, mid }) => [spatial, temporal, mid])).toEqual([
      [0, 0, 'v'],
      [1, 0, 'v'],
      [0, 1, 'v'],
      [1, 1, 'v'],
    ]);
    expect(got[0]?.bytes).toEqual(descriptor({ template: templateOf(0), structure: L2T2 }));
    expect(got.map(({ header }) => header.extensionProfile)).toEqual([0x1000, 0xbede, 0xbede, 0xbede]);
    expect(got.every(({ activeTargets }) => activeTargets === undefined)).toBe(true);
  });

  it('goes in part, in one unbroken sequence, and says what can be decoded of it', () => {
    const [source, { rewriter, get }] = [new Source(), receiver()];
    rewriter.switchTo(source, PLAN);
    rewriter.topSpatialLayer = 0;
    const all = (['key', 1, 0, 1] as const).flatMap((kind) => source.picture(kind));
    const got = get(source, all);
    expect(got.map(({ spatial, temporal, header }) => [spatial, temporal, header.marker])).toEqual([
      [0, 0, true],
      [0, 1, true],
      [0, 0, true],
      [0, 1, true],
    ]);
    expect(numbers(got)).toEqual([0, 1, 2, 3]);
    expect(got.map(({ activeTargets }) => activeTargets)).toEqual([3, 3, 3, 3]);
    // Frames keep their numbers: what they refer to is so many before them.
    expect(got.map(({ frame, differences }) => [frame, differences])).toEqual([
      [0, []],
      [2, [2]],
      [4, [4]],
      [6, [2]],
    ]);

    rewriter.topTemporalLayer = 0;
    const less = get(source, [...source.picture(0), ...source.picture(1), ...source.picture(0)]);
    expect(less.map(({ temporal, activeTargets }) => [temporal, activeTargets])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    rewriter.topSpatialLayer = 7;
    rewriter.topTemporalLayer = 7;
    // They remember what they were told until a structure comes.
    expect(get(source, source.picture(1)).map(({ activeTargets }) => activeTargets)).toEqual([15, 15]);
    const whole = [...get(source, source.picture('key')), ...get(source, source.picture(0))];
    expect(whole.every(({ activeTargets }) => activeTargets === undefined)).toBe(true);
    expect(numbers([...got, ...less, ...whole])).toEqual([0, 1, 2, 3, 4, 5, 8, 9, 10, 11]);
  });

  it('leaves out what the publisher does not send either', () => {
    const [source, { rewriter, get }] = [new Source(), receiver()];
    rewriter.switchTo(source, PLAN);
    get(source, source.picture('key'));
    rewriter.topSpatialLayer = 0;
    const own = { active: '0101', ownDifferences: [2], ownTargets: 'SSRR', ownChains: [4, 3] };
    const [first, second] = get(source, [...source.picture(0, own), ...source.picture(0)]);
    expect([first?.activeTargets, second?.activeTargets]).toEqual([1, 1]);
    expect(first?.differences).toEqual([2]);
    const expected = descriptor({ ...own, template: templateOf(1), frame: 2, active: '0001' });
    expect(first?.bytes.subarray(0, expected.length)).toEqual(expected);
  });

  it('with a descriptor of any bytes goes on, whatever is sent of it', () => {
    const [source, { rewriter }] = [new Source(), receiver()];
    rewriter.switchTo(source, PLAN);
    rewriter.topSpatialLayer = 0;
    const [first] = source.picture('key');
    if (first) rewriter.forward(source, first, 1);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 255 }), (bytes) => {
        const sequence = source.sequence++;
        const packet = rtp({ sequence, extensions: [[THEIRS, [...bytes]]], twoByteForm: true, payload: [0x10, 0x30] });
        const header = headerOf(packet);
        const described = source.dependencies.info(packet, header, THEIRS);
        const info = packetInfo('av1', packet, header);
        const incoming = { packet, header, info: described === undefined ? info : withDescriptor(info, described) };
        const out = received(rewriter.forward(source, incoming, 2));
        expect(out?.payload).toEqual(Buffer.of(0x10, 0x30));
        expect(out?.extension(OURS)?.length ?? 0).toBeLessThanOrEqual(255);
      }),
    );
  });

  it('counts its frames on where another source takes over', () => {
    const [first, second, { rewriter, get }] = [new Source(), new Source(), receiver()];
    first.frame = 65_533;
    second.frame = 40_000;
    rewriter.switchTo(first, PLAN);
    const before = get(first, [...first.picture('key'), ...first.picture(0)]);
    rewriter.switchTo(second, PLAN);
    const other = { ...L2T2, firstTemplate: 3 };
    const after = get(second, [...second.picture('key', {}, other), ...second.picture(0, {}, other)]);
    const frames = [...before, ...after].map(({ frame }) => frame);
    expect(frames).toEqual([65_533, 65_534, 65_535, 0, 1, 2, 3, 4]);
  });
});
