import { describe, expect, it } from 'vitest';
import { Shaper } from '../testing/shaper.ts';
import type { DownTrack } from './down-track.ts';
import { Downlink } from './downlink.ts';
import { receiverStatistics } from './statistics.ts';
import { MadeUpTrack, madeUpReceiver, type SentPacket } from './testing/made-up-track.ts';

const FRAME = 40;
const SIZES = [{ bytes: 3_500 }, { bytes: 500 }];
/** Reports come once a second, as a browser's do. */
const REPORT = 1_000;

interface Watched {
  readonly source: MadeUpTrack;
  readonly down: DownTrack;
  readonly isScreen: boolean;
  readonly packets: SentPacket[];
  /** When a picture began to be sent that way, by the share's words. */
  readonly history: { readonly at: number; readonly place: number }[];
  speaks: boolean;
  counts: { sent: number; lost: number; highest: number };
}

/** A member behind a way of so many bits per second, who is sent some cameras of 100 and 700 kbit/s. */
class Scene {
  readonly shaper: Shaper;
  readonly watched: Watched[] = [];
  readonly #downlink = new Downlink();
  now = 0;

  constructor(bitrate: number) {
    this.shaper = new Shaper({ bitrate, queueBytes: Math.max(bitrate / 20, 12_000) });
  }

  add(options: { readonly sizes?: typeof SIZES; readonly isScreen?: boolean } = {}): Watched {
    const source = new MadeUpTrack(options.sizes ?? SIZES);
    const counts = { sent: 0, lost: 0, highest: 0 };
    const packets: SentPacket[] = [];
    const onSent = (packet: SentPacket): void => {
      counts.sent += 1;
      counts.highest = packet.header.sequence;
      if (this.shaper.take(packet.payload.length + 12, this.now) === false) counts.lost += 1;
      else packets.push(packet);
    };
    const down = madeUpReceiver(source.track, { now: () => this.now, onSent });
    const isScreen = options.isScreen ?? false;
    const watched = { source, down, isScreen, packets, history: [], speaks: false, counts };
    this.watched.push(watched);
    return watched;
  }

  run(milliseconds: number): void {
    for (const end = this.now + milliseconds; this.now < end; this.now += FRAME) {
      for (const { source } of this.watched) source.picture(this.now);
      if (this.now % REPORT === 0) for (const each of this.watched) this.#report(each);
      if (this.now % 200 !== 0) continue;
      for (const { source } of this.watched) source.track.measure(this.now);
      const incoming = this.watched.map(({ down, isScreen, speaks }) => ({ tracks: [down], isScreen, speaks }));
      this.#downlink.adapt(incoming, this.now);
      for (const { down, history } of this.watched) history.push({ at: this.now, place: placeOf(down) });
      for (const { down } of this.watched) down.remind(this.now);
    }
  }

  #report({ down, counts }: Watched): void {
    // Of what does not come there are no reports.
    if (counts.sent === 0) return;
    const fractionLost = Math.floor((counts.lost * 256) / counts.sent);
    counts.sent = 0;
    counts.lost = 0;
    const block = { ssrc: 5, cumulativeLost: 0, highestSequence: counts.highest, jitter: 0, lastSr: 0 };
    down.reported({ ...block, fractionLost: Math.min(255, fractionLost), delaySinceLastSr: 0 }, this.now);
  }
}

/** -1 while it is paused, 0 for the small one, 1 for the large one. */
function placeOf(down: DownTrack): number {
  return down.share.placeIn(down.track.ladders[down.quality]);
}

function last(watched: Watched): number | undefined {
  return watched.history.at(-1)?.place;
}

function changes({ history }: Watched, since: number): number {
  return history.filter(({ at, place }, i) => at > since && place !== history[i - 1]?.place).length;
}

describe('all that a member receives', () => {
  it('is all of it where there is room', () => {
    const scene = new Scene(10_000_000);
    const all = [scene.add(), scene.add(), scene.add()];
    scene.run(20_000);
    expect(all.map(last)).toEqual([1, 1, 1]);
    for (const each of all) expect(changes(each, 2_000)).toBe(0);
  });

  it('is small where there is not room for large, and stays so but for tries that grow rarer', () => {
    const scene = new Scene(320_000);
    const only = scene.add();
    scene.run(120_000);
    const small = only.history.filter(({ at, place }) => at > 5_000 && place === 0);
    expect(small.length).toBeGreaterThan(only.history.length * 0.85);
    expect(changes(only, 5_000)).toBeLessThanOrEqual(8);
    expect(only.history.every(({ place }) => place >= 0)).toBe(true);
  });

  it('gives the large one to who speaks, and to a screen before that', () => {
    const scene = new Scene(1_500_000);
    const [ann, bob, screen] = [scene.add(), scene.add(), scene.add({ isScreen: true })];
    bob.speaks = true;
    scene.run(9_000);
    expect([ann, bob, screen].map(last)).toEqual([0, 0, 1]);
    scene.run(4_000);
    expect([ann, bob, screen].map(last)).toEqual([0, 1, 1]);
    // The other one speaks, and there is no more room than before.
    ann.speaks = true;
    bob.speaks = false;
    scene.run(600);
    expect([ann, bob, screen].map(last)).toEqual([1, 0, 1]);
  });

  it('pauses who comes last where not even the small ones fit, and does not flap', () => {
    const scene = new Scene(260_000);
    const all = [scene.add(), scene.add(), scene.add()];
    scene.run(90_000);
    const [ann, bob, carol] = all;
    if (!ann || !bob || !carol) throw new Error('somebody is missing');
    expect(last(ann)).toBe(0);
    const pauses = carol.history.filter(
      ({ at, place }, i) => at > 0 && place < 0 && carol.history[i - 1]?.place !== -1,
    );
    expect(pauses.length).toBeGreaterThan(0);
    expect(pauses.length).toBeLessThan(6);
    // Paused, nothing is sent.
    expect(ann.history.every(({ at, place }) => at < 8_000 || place >= 0)).toBe(true);
  });

  it('goes on with a keyframe, in one unbroken sequence, when there is room again', () => {
    const scene = new Scene(110_000);
    const [ann, bob] = [scene.add(), scene.add()];
    scene.run(20_000);
    expect(last(bob)).toBe(-1);
    const before = bob.packets.length;
    scene.run(400);
    if (last(bob) === -1) expect(bob.packets.length).toBe(before);
    scene.shaper.bitrate = 5_000_000;
    scene.run(200_000);
    expect([ann, bob].map(last)).toEqual([1, 1]);
    const after = bob.packets.slice(before);
    // Bit 0 of a keyframe's first byte is 0, after a descriptor of six bytes.
    expect(after[0]?.payload[6]).toBe(0x10);
  });

  it('is told to operators: which size of how many, and how much there may be of it', () => {
    const scene = new Scene(320_000);
    const only = scene.add();
    const told = () => receiverStatistics({ stream: 's', to: 'bob' }, { tracks: [only.down] }, scene.now);
    scene.run(1_000);
    expect(told().tracks[0]?.layers).toEqual({ spatial: 1, maxSpatial: 1, temporal: 0, maxTemporal: 0 });
    scene.run(6_000);
    expect(told().tracks[0]?.layers).toEqual({ spatial: 0, maxSpatial: 1, temporal: 0, maxTemporal: 0 });
    expect(told().maxBitrate).toBeGreaterThan(100_000);
    expect(told().maxBitrate).toBeLessThan(715_000);
  });

  it('is told to operators as it flows: nothing is said of what is paused but that it is nothing', () => {
    const scene = new Scene(110_000);
    const [ann, bob] = [scene.add(), scene.add()];
    const told = ({ down }: Watched) =>
      receiverStatistics({ stream: 's', to: 'bob' }, { tracks: [down] }, scene.now).tracks[0];
    scene.run(1_400);
    expect(told(bob)?.bitrate).toBeGreaterThan(50_000);
    expect(told(bob)?.loss).toBeGreaterThan(0.1);
    scene.run(18_000);
    expect(last(bob)).toBe(-1);
    scene.run(1_200);
    expect(told(bob)).toMatchObject({ bitrate: 0, loss: 0 });
    expect(told(ann)?.bitrate).toBeGreaterThan(50_000);
  });

  it('is as large as it was wanted, however much there is', () => {
    const scene = new Scene(10_000_000);
    const only = scene.add();
    only.down.choose(only.source.track, 'low');
    scene.run(5_000);
    expect(only.down.source?.layer).toBe(1);
    only.down.choose(only.source.track, 'high');
    scene.run(1_000);
    expect(only.down.source?.layer).toBe(0);
  });
});
