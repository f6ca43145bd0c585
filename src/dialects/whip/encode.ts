import { DISCONNECTS, type Disconnect, type Refusal, refusalText } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { Farewell, Frame } from '../dialect.ts';
import type { SessionFrame } from './wire.ts';

/** All that is told is told to one alone, and of what others do nothing is. */
export function encodeKey(event: Event): string | null {
  return frameOf(event) ? null : 'nothing';
}

export function encode(event: Event): readonly Frame[] {
  const frame = frameOf(event);
  return frame ? [asFrame(frame)] : [];
}

export function farewell({ code, reason }: Disconnect): Farewell {
  const text = [DISCONNECTS[code].text, reason ?? ''].join(' ').trim();
  return { frames: [asFrame({ type: 'ended', code, text })], code: 1000, reason: '' };
}

function frameOf(event: Event): SessionFrame | undefined {
  switch (event.type) {
    case 'room-entered':
      return { type: 'entered' };
    case 'stream-answered':
    case 'stream-played':
      return { type: 'answer', stream: event.stream, sdp: event.sdp };
    case 'stream-candidate':
      return { type: 'candidate', candidate: event.candidate };
    case 'stream-flowing':
      return { type: 'flowing' };
    case 'stream-restart':
      return { type: 'lost' };
    case 'stream-ended':
      return ended(event.refusal);
    case 'stream-closed':
      return ended(event.refusal ?? { code: 'stream-unknown' });
    case 'refused':
      return { type: 'refused', code: event.refusal.code, text: refusalText(event.refusal) };
    default:
      return undefined;
  }
}

function ended(refusal: Refusal): SessionFrame {
  return { type: 'ended', code: refusal.code, text: refusalText(refusal) };
}

function asFrame(frame: SessionFrame): Frame {
  return { text: JSON.stringify(frame) };
}
