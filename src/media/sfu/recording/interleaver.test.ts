import { describe, expect, it } from 'vitest';
import { Interleaver } from './interleaver.ts';
import type { RecordedFrame } from './recorded-frame.ts';

function frame(kind: 'audio' | 'video', at: number, bytes = 1): RecordedFrame {
  return { kind, at, data: Buffer.alloc(bytes), durationMs: 20, format: undefined, isJump: false };
}

function taken(interleaver: Interleaver, now: number): readonly string[] {
  return interleaver.take(now).map(({ kind, at }) => `${kind} ${at}`);
}

describe('Interleaver', () => {
  it('gives both tracks in the order of time, as far as both have come', () => {
    const interleaver = new Interleaver(['video', 'audio']);
    for (const at of [0, 40, 80]) interleaver.put(frame('video', at));
    expect(taken(interleaver, 100)).toEqual([]);
    for (const at of [10, 30, 50]) interleaver.put(frame('audio', at));
    expect(taken(interleaver, 100)).toEqual(['video 0', 'audio 10', 'audio 30', 'video 40', 'audio 50']);
    expect(taken(interleaver, 100)).toEqual([]);
  });

  it('does not wait for long for one that is silent', () => {
    const interleaver = new Interleaver(['video', 'audio']);
    interleaver.put(frame('video', 1_000));
    expect(taken(interleaver, 2_400)).toEqual([]);
    expect(taken(interleaver, 2_500)).toEqual(['video 1000']);
  });

  it('keeps the frames of a track in their order where its clock is put back', () => {
    const interleaver = new Interleaver(['video']);
    for (const at of [100, 140, 90, 130, 170]) interleaver.put(frame('video', at));
    expect(taken(interleaver, 200)).toEqual(['video 100', 'video 140', 'video 141', 'video 142', 'video 170']);
  });

  it('holds no more than a bound', () => {
    const interleaver = new Interleaver(['video', 'audio']);
    for (let i = 0; i < 20; i += 1) interleaver.put(frame('video', i * 40, 1024 * 1024));
    expect(interleaver.isFull).toBe(true);
    expect(interleaver.take(0)).toHaveLength(20);
    expect(interleaver.isFull).toBe(false);
  });

  it('holds no more of the smallest frames, either', () => {
    const interleaver = new Interleaver(['video', 'audio']);
    for (let i = 0; i < 40_000; i += 1) interleaver.put(frame('audio', 0));
    expect(interleaver.isFull).toBe(true);
    expect(interleaver.take(0)).toHaveLength(40_000);
  });

  it('gives everything at the end', () => {
    const interleaver = new Interleaver(['video', 'audio']);
    interleaver.put(frame('video', 5_000));
    expect(interleaver.take(0, { all: true })).toHaveLength(1);
  });
});
