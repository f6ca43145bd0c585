import { broadcastRefusal } from './cameras.ts';
import { isOperator } from './member.ts';
import { type Outcome, OutcomeBuilder } from './outcome.ts';
import { settleRecording } from './recording.ts';
import type { RoomState } from './room-state.ts';
import { end, receiveNothing, reconcile } from './streaming.ts';

/**
 * What follows where somebody went, or may other things than before: their streams end or are sent to others, and a
 * room that must not be without operators is not. Asked after each command, as people go for many reasons.
 */
export function settle(state: RoomState, outcome: Outcome): Outcome {
  if (!state.streams.isStale) return outcome;
  state.streams.isStale = false;
  const builder = OutcomeBuilder.after(outcome);
  settleStreams(state, builder);
  settleAttendance(state, builder);
  settleRecording(state, builder);
  return builder.reply(outcome.reply);
}

function settleStreams(state: RoomState, outcome: OutcomeBuilder): void {
  for (const stream of [...state.streams.all()]) {
    const publisher = state.member(stream.publisher);
    const refusal = publisher && broadcastRefusal(publisher);
    if (publisher && !refusal) continue;
    end(state, outcome, stream);
    if (refusal)
      outcome.to([stream.publisher], { type: 'stream-ended', stream: stream.id, refusal: { code: refusal } });
  }
  for (const id of [...state.streams.requesters()]) {
    if (!state.member(id)) receiveNothing(state, outcome, id);
  }
  reconcile(state, outcome, [...state.streams.all()]);
}

/** `autolock` and `autokick` (`spec/galene.md` 4.2). */
function settleAttendance(state: RoomState, outcome: OutcomeBuilder): void {
  const { autolock, autokick } = state.terms;
  if ((!autolock && !autokick) || [...state.members()].some(isOperator)) return;
  if (autolock && state.lock === undefined) {
    state.lock = '';
    outcome.toAll({ type: 'room-changed', what: 'lock', locked: true });
  }
  if (!autokick) return;
  for (const member of [...state.members()]) {
    state.remove(member);
    outcome.disconnect(member.id, { code: 'unattended' });
  }
}
