import captured from './captured.json' with { type: 'json' };

/**
 * What Chromium 156 sent of its fake camera (160 by 120) and microphone, with each codec: the first four packets of the
 * picture and four from the next keyframe on, two of sound, and its reports. Extensions: audio level 1, mid 4, rid 10,
 * repaired rid 11, video orientation 13.
 */
export const CAPTURED_CODECS = ['vp8', 'vp9', 'h264', 'av1'] as const;

export function capturedPackets(codec: (typeof CAPTURED_CODECS)[number], kind: 'video' | 'audio' | 'rtcp'): Buffer[] {
  return captured[codec][kind].map((packet) => Buffer.from(packet, 'base64'));
}
