import { describe, expect, it } from 'vitest';
import { FlowWindow, newFlowCounts } from './flow-window.ts';

describe('what was sent within the last second', () => {
  it('is unknown at first, then what there was, then a second of it', () => {
    const window = new FlowWindow();
    const counts = newFlowCounts();
    expect(window.look(counts, 0)).toBeUndefined();
    counts.bytes = 1_000;
    counts.packets = 1;
    expect(window.look(counts, 200)).toMatchObject({ bitrate: 40_000, packets: 1, missing: 0, lost: 0 });
    for (let now = 400; now <= 5_000; now += 200) {
      counts.bytes += 500;
      counts.packets += 2;
      counts.missing += 1;
      const flow = window.look(counts, now);
      if (now >= 1_400) expect(flow).toMatchObject({ bitrate: 20_000, packets: 10, missing: 5 });
    }
  });

  it('has a mean in which a burst counts for little', () => {
    const window = new FlowWindow();
    const counts = newFlowCounts();
    for (let now = 0; now <= 4_000; now += 200) {
      counts.bytes += now === 3_800 ? 10_500 : 500;
      window.look(counts, now);
    }
    const flow = window.look(counts, 4_000);
    expect(flow?.bitrate).toBeGreaterThan(90_000);
    expect(flow?.meanBitrate).toBeLessThan(45_000);
  });

  it('keeps only so much, however often it is looked at', () => {
    const window = new FlowWindow();
    const counts = newFlowCounts();
    for (let now = 0; now < 1_000; now += 1) {
      counts.packets += 1;
      window.look(counts, now);
    }
    expect(window.look(counts, 1_150)?.packets).toBeLessThanOrEqual(32);
  });
});
