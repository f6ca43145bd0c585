import type { RoomCommand } from './command.ts';
import type { RoomEvent } from './event.ts';
import type { MediaReport } from './media-report.ts';
import { isOperator, type Member } from './member.ts';
import { accepted, type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';
import type { Stream } from './streams.ts';
import { tellWhoDid } from './telling.ts';
import type { Recording } from './view.ts';

/** Begins to record all streams, those to come among them, or ends that; everybody is told. */
export function record(state: RoomState, member: Member, command: Extract<RoomCommand, { type: 'record' }>): Outcome {
  // Whoever moderates can end what somebody else began.
  const may = member.permissions.has('record') || (!command.on && isOperator(member));
  if (!may) return refused('not-permitted');
  const { recording } = state;
  if (!command.on) return recording ? ended(state, recording, member) : accepted();
  if (recording) return refused('recording-on');
  if (!state.policy.recordings) return refused('recording-off');
  return begun(state, member);
}

function begun(state: RoomState, member: Member): Outcome {
  const recording: Recording = { handle: state.source.memberId(), since: state.source.now(), failed: new Set() };
  state.recording = recording;
  const outcome = new OutcomeBuilder();
  tellWhoDid(state, outcome, { member, event: (by) => changed(recording, { on: true, by }) });
  for (const stream of state.streams.all()) if (stream.isLive) recordStream(state, outcome, stream);
  return outcome.accept();
}

function ended(state: RoomState, recording: Recording, member: Member): Outcome {
  const outcome = new OutcomeBuilder();
  stop(state, outcome);
  return tellWhoDid(state, outcome, { member, event: (by) => changed(recording, { on: false, by }) }).accept();
}

function stop(state: RoomState, outcome: OutcomeBuilder): void {
  state.recording = undefined;
  for (const { id } of state.streams.all()) outcome.media({ call: 'stopRecording', stream: id });
}

function changed({ handle, since }: Recording, how: { readonly on: boolean; readonly by?: string }): RoomEvent {
  return { type: 'recording-changed', handle, since, ...how };
}

/** What a newcomer is told, on every wire: whoever is recorded knows it. */
export function recordingNow({ recording }: RoomState): RoomEvent | undefined {
  return recording && changed(recording, { on: true });
}

/** A stream begins, or is published anew. */
export function recordStream(state: RoomState, outcome: OutcomeBuilder, { id, publisher, label }: Stream): void {
  const { recording } = state;
  if (!recording) return;
  // Published anew, it is tried anew.
  state.recording = { ...recording, failed: new Set([...recording.failed].filter((failed) => failed !== id)) };
  const name = state.member(publisher)?.name ?? '';
  outcome.media({ call: 'record', stream: id, publisher: name, label, since: recording.since });
}

/** Where nobody is left, there is nothing to record, and nobody who would end it. */
export function settleRecording(state: RoomState, outcome: OutcomeBuilder): void {
  if (state.recording && state.size === 0) stop(state, outcome);
}

/** Those who may record hear why something is not; and all, where nothing is any more, that it has ended. */
export function recordingFailed(
  state: RoomState,
  { stream: id, reason, isOver }: Extract<MediaReport, { type: 'recording-failed' }>,
): Outcome {
  const { recording } = state;
  const publisher = state.member(state.streams.get(id)?.publisher ?? '');
  if (!publisher || !recording) return accepted();
  const failed = new Set([...recording.failed, ...(isOver ? [id] : [])].filter((one) => state.streams.get(one)));
  state.recording = { ...recording, failed };
  const isLost = isOver && [...state.streams.all()].every((stream) => !stream.isLive || failed.has(stream.id));
  const outcome = new OutcomeBuilder();
  if (isLost) {
    stop(state, outcome);
    outcome.toAll(changed(recording, { on: false, by: 'The server' }));
  }
  const strangers = state.estrangedFrom(publisher);
  const able = [...state.members()].filter(({ permissions }) => permissions.has('record'));
  for (const { id: to } of able) {
    const name = strangers.has(to) || publisher.hidden ? 'Somebody' : publisher.name;
    outcome.to([to], { type: 'notice', text: `${name} is not recorded: ${reason}.` });
  }
  return outcome.accept();
}
