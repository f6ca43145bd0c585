import { describe, expect, it } from 'vitest';
import { audioLevel } from './rtp/audio-level.ts';
import { newHeader, readHeader } from './rtp/header.ts';
import { rtp } from './rtp/testing/packets.ts';
import { Voice } from './voice.ts';

/** Ten packets for each fifth of a second. */
function hear(
  voice: Voice,
  { bytes = 80, level = -1, seconds = 2 }: { bytes?: number; level?: number; seconds?: number },
) {
  for (let look = 0; look < seconds * 5; look += 1) {
    for (let packet = 0; packet < 10; packet += 1) voice.heard(bytes + (packet % 3), level);
    voice.look();
  }
}

describe('how much somebody speaks', () => {
  it('is told by the level of their sound, whatever its size', () => {
    const voice = new Voice();
    hear(voice, { level: 127 });
    expect(voice.activity).toBeLessThan(0.01);
    hear(voice, { level: 30 });
    expect(voice.activity).toBeGreaterThan(0.9);
    hear(voice, { level: 70, bytes: 300 });
    expect(voice.activity).toBeLessThan(0.1);
  });

  it('is told by sizes where there is no level', () => {
    const voice = new Voice();
    hear(voice, { bytes: 12, seconds: 3 });
    expect(voice.activity).toBe(0);
    hear(voice, { bytes: 90 });
    expect(voice.activity).toBeGreaterThan(0.9);
    hear(voice, { bytes: 12 });
    expect(voice.activity).toBeLessThan(0.1);
  });

  it('is not told by sizes that are always the same', () => {
    const voice = new Voice();
    hear(voice, { bytes: 160, seconds: 10 });
    expect(voice.activity).toBe(0);
  });

  it('is nothing while nothing is sent', () => {
    const voice = new Voice();
    hear(voice, { level: 30 });
    for (let look = 0; look < 10; look += 1) voice.look();
    expect(voice.activity).toBeLessThan(0.01);
  });
});

describe('the level of a packet', () => {
  it('is what it says, without the sign of a voice', () => {
    const header = newHeader();
    const packet = rtp({ extensions: [[3, [0x80 | 42]]] });
    readHeader(packet, header);
    expect(audioLevel(packet, header, 3)).toBe(42);
    expect(audioLevel(packet, header, 4)).toBe(-1);
  });
});
