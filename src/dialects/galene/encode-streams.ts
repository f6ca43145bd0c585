import { refusalText } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/event.ts';
import type { Frame } from '../dialect.ts';
import { errorFrame, frame } from './frames.ts';
import type { GaleneState } from './state.ts';

/** `spec/galene.md` 1.8. */
export function streamEvent(event: StreamEvent, state: GaleneState): readonly Frame[] {
  const { stream: id } = event;
  switch (event.type) {
    case 'stream-answered':
      return [frame({ type: 'answer', id, sdp: event.sdp })];
    case 'stream-ended':
      return [frame({ type: 'abort', id }), errorFrame(state, endText(event))];
    case 'stream-restart':
      return [frame({ type: 'renegotiate', id })];
    case 'stream-candidate':
      return [frame({ type: 'ice', id, candidate: { sdpMid: '', sdpMLineIndex: 0, ...event.candidate } })];
    case 'stream-offered':
      return [offer(event, state)];
    case 'stream-closed':
      return [frame({ type: 'close', id }), ...(event.refusal ? [errorFrame(state, refusalText(event.refusal))] : [])];
    // Its clients receive by our offers, and see for themselves whether they are heard.
    case 'stream-flowing':
    case 'stream-played':
      return [];
    default:
      return event satisfies never;
  }
}

function endText({ refusal }: Extract<StreamEvent, { type: 'stream-ended' }>): string {
  return refusal.code === 'rule-no-broadcast' ? 'permission denied' : refusalText(refusal);
}

function offer(event: Extract<StreamEvent, { type: 'stream-offered' }>, { variant }: GaleneState): Frame {
  const { stream: id, label, publisher, sdp, tracks, replaces } = event;
  const video = label === 'screenshare' ? 'screenshare' : 'video';
  const labels = Object.fromEntries(tracks.map(({ mid, kind }) => [mid, kind === 'audio' ? 'audio' : video]));
  return frame({
    type: 'offer',
    id,
    label,
    replace: replaces,
    source: publisher.handle,
    username: publisher.name,
    sdp,
    ...(variant.trackLabels ? { labels } : {}),
  });
}
