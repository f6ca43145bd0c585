import { expect, test } from 'vitest';
import { Measuring } from './measuring.ts';
import type { Expected, StatsSample } from './stats-sample.ts';

/** A clock that goes by `pass` alone, and a stream of which every second as many packets are lost as one says. */
function measure() {
  const world = { lost: 0, keys: ['bob'], seen: true, looks: 0, expects: undefined as Expected | undefined, frames: 0 };
  let now = 0;
  let due: { at: number; run: () => void } | undefined;
  let [packets, lost] = [0, 0];
  const measuring = new Measuring({
    samples: async () => {
      world.looks++;
      const track = { bytes: packets * 100, packets, lost };
      const video = { ...track, frames: world.frames, width: 640, height: 360 };
      const { expects } = world;
      const pictures = expects ? { expects, video } : {};
      const sample: StatsSample = { at: now, direction: 'in', isConnected: true, audio: track, ...pictures };
      return new Map(world.keys.map((key) => [key, sample]));
    },
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      due = timer;
      return () => {
        if (due === timer) due = undefined;
      };
    },
    isSeen: () => world.seen,
  });
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      now += 1000;
      packets += 100 - world.lost;
      lost += world.lost;
      const timer = due;
      if (timer && timer.at <= now) {
        due = undefined;
        timer.run();
      }
      for (let turns = 0; turns < 10; turns++) await Promise.resolve();
    }
  };
  const quality = () => measuring.state.get().get('bob')?.quality;
  return { measuring, world, pass, quality, isWaiting: () => due !== undefined };
}

test('what gets worse is shown, and nothing is looked at while nothing is measured', async () => {
  const { measuring, world, pass, quality, isWaiting } = measure();
  await pass(4);
  expect(world.looks).toBe(0);
  measuring.set({ on: true });
  await pass(4);
  expect(quality()).toBe('good');
  world.lost = 20;
  await pass(4);
  expect(quality()).toBe('bad');
  measuring.set({ on: false });
  expect(measuring.state.get().size).toBe(0);
  expect(isWaiting()).toBe(false);
});

test('figures come each second, while they are shown', async () => {
  const { measuring, world, pass, quality } = measure();
  measuring.set({ on: true });
  await pass(4);
  expect(measuring.state.get().get('bob')?.figures).toBeUndefined();
  measuring.show({ on: true });
  const before = world.looks;
  await pass(3);
  expect(world.looks - before).toBe(3);
  expect(measuring.state.get().get('bob')?.figures?.bitrate).toBeCloseTo(80_000);
  // Judged as slowly as ever.
  world.lost = 20;
  await pass(1);
  expect(quality()).toBe('good');
  measuring.show({ on: false });
  expect(measuring.state.get().get('bob')).toEqual({ quality: 'good', standsStill: false });
});

test('a picture that does not go on is bad, and said to stand, until it goes on', async () => {
  const { measuring, world, pass, quality } = measure();
  const isStill = () => measuring.state.get().get('bob')?.standsStill;
  world.expects = 'camera';
  world.frames = 1;
  measuring.set({ on: true });
  await pass(2);
  world.frames = 2;
  await pass(2);
  expect([quality(), isStill()]).toEqual(['good', false]);
  await pass(4);
  expect([quality(), isStill()]).toEqual(['bad', true]);
  world.frames = 3;
  await pass(2);
  expect([quality(), isStill()]).toEqual(['bad', false]);
});

test('who left is not measured any more', async () => {
  const { measuring, world, pass } = measure();
  measuring.set({ on: true });
  await pass(4);
  world.keys = [];
  await pass(2);
  expect(measuring.state.get().size).toBe(0);
});

test('nothing is measured for nobody', async () => {
  const { measuring, world, pass } = measure();
  world.seen = false;
  measuring.set({ on: true });
  await pass(10);
  expect(world.looks).toBe(0);
  world.seen = true;
  await pass(2);
  expect(world.looks).toBe(1);
});
