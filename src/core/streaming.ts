import { broadcastRefusal } from './cameras.ts';
import type { RoomCommand } from './command.ts';
import type { RefusalCode } from './errors.ts';
import type { MediaReport } from './media-report.ts';
import { isOperator, type Member } from './member.ts';
import { accepted, type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import { recordingFailed, recordStream } from './recording.ts';
import type { RoomState } from './room-state.ts';
import { NOTHING_WANTED, type StreamId, type Wanted, wantsNothing } from './stream.ts';
import type { Stream } from './streams.ts';
import { canSee, isShutOut } from './view.ts';

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

/** One member's streams at a time: camera, screen, and some that replace others. */
const MAX_STREAMS = 16;
const MAX_STREAM_ID = 128;
/** The label that all clients have for it. */
const SCREEN = 'screenshare';
const MAX_LABEL = 64;
/** Labels in one request. */
const MAX_LABELS = 64;

/** A new stream, or another offer for one of one's own (`spec/galene.md` 1.8). */
export function publish(state: RoomState, member: Member, command: CommandOf<'publish'>): Outcome {
  const { stream: id, label, sdp, replaces, mids } = command;
  const outcome = new OutcomeBuilder();
  const refusal = publishRefusal(state, member, id);
  const existing = state.streams.get(id);
  const replaced = replaces === undefined || existing ? undefined : ownStream(state, member, replaces);
  if (refusal) {
    if (replaced) end(state, outcome, replaced);
    return outcome.refuse({ code: refusal });
  }
  if (!existing) begin(state, outcome, { id, publisher: member, label: label.slice(0, MAX_LABEL), replaced });
  const offer = {
    sdp,
    ...(mids ? { mids } : {}),
    ...(replaced ? { replaces: replaced.id } : {}),
    ...((existing?.label ?? label) === SCREEN ? { isScreen: true as const } : {}),
  };
  outcome.media({ call: 'publish', stream: id, offer });
  // What is replaced is gone here. Media ends it where it takes the offer; where it does not, it would go on for ever.
  if (replaced) outcome.media({ call: 'unpublish', stream: replaced.id });
  return outcome.accept();
}

function publishRefusal(state: RoomState, member: Member, id: StreamId): RefusalCode | undefined {
  const rule = broadcastRefusal(member);
  if (rule) return rule;
  if (id === '' || id.length > MAX_STREAM_ID) return 'stream-invalid';
  const existing = state.streams.get(id);
  if (existing) return existing.publisher === member.id ? undefined : 'stream-taken';
  const { maxStreams = Number.POSITIVE_INFINITY, maxStreamsPerAddress = Number.POSITIVE_INFINITY } = state.policy;
  const isFull = state.streams.size >= maxStreams || state.streams.of(member.id).length >= MAX_STREAMS;
  if (isFull) return 'streams-too-many';
  return state.streams.published.of(member.id) >= maxStreamsPerAddress ? 'streams-too-many-here' : undefined;
}

function ownStream(state: RoomState, member: Member, id: StreamId): Stream | undefined {
  const stream = state.streams.get(id);
  return stream?.publisher === member.id ? stream : undefined;
}

/** Who received what it replaces hears nothing before it is there: their picture stays until then. */
function begin(
  state: RoomState,
  outcome: OutcomeBuilder,
  order: {
    readonly id: StreamId;
    readonly publisher: Member;
    readonly label: string;
    readonly replaced: Stream | undefined;
  },
): void {
  const { id, publisher, label, replaced } = order;
  const exceptions = replaced ? exceptionsOf(state, replaced) : [];
  const replaces = replaced && inheritance(state, outcome, replaced);
  state.streams.put({
    id,
    publisher: publisher.id,
    label,
    tracks: [],
    isLive: false,
    ...(replaces ? { replaces } : {}),
  });
  for (const [member, wanted] of exceptions) state.streams.except(id, member, wanted);
}

/**
 * Who had the sound alone of what it replaces, and would have nothing of it as it has none, gets it as the others: to
 * them it would be gone for ever.
 */
function dropEmptyExceptions({ streams }: RoomState, { id, tracks }: Stream): void {
  if (tracks.some(({ kind }) => kind === 'audio')) return;
  for (const [member, { audio, video }] of [...streams.exceptionsOf(id)]) {
    if (audio && video === 'none' && !streams.isPlayed(id, member)) streams.except(id, member, undefined);
  }
}

/** Who plays it offered for this very stream, and is not offered another. */
function exceptionsOf({ streams }: RoomState, { id }: Stream): readonly (readonly [Member['id'], Wanted])[] {
  return [...streams.exceptionsOf(id)].filter(([member]) => !streams.isPlayed(id, member));
}

/** Of one that was to replace another itself, those who still have that one. */
function inheritance(state: RoomState, outcome: OutcomeBuilder, replaced: Stream): NonNullable<Stream['replaces']> {
  const receivers = state.streams.remove(replaced.id);
  const { replaces } = replaced;
  if (!replaces || replaces.receivers.size === 0) return { id: replaced.id, receivers: new Set(receivers) };
  closeFor(
    outcome,
    replaced.id,
    receivers.filter((id) => !replaces.receivers.has(id)),
  );
  return replaces;
}

export function unpublish(state: RoomState, member: Member, command: CommandOf<'unpublish'>): Outcome {
  const stream = ownStream(state, member, command.stream);
  const outcome = new OutcomeBuilder();
  if (stream) end(state, outcome, stream);
  return outcome.accept();
}

/** To whichever side of the stream they are on; candidates of what is not (or no longer) there are nothing. */
export function trickle(state: RoomState, member: Member, command: CommandOf<'trickle'>): Outcome {
  const { stream, candidate } = command;
  if (candidate.candidate.length > MAX_CANDIDATE) return accepted();
  const outcome = new OutcomeBuilder();
  if (ownStream(state, member, stream)) outcome.media({ call: 'publisherCandidate', stream, candidate });
  else if (state.streams.isSent(stream, member.id)) {
    outcome.media({ call: 'receiverCandidate', stream, to: member.id, candidate });
  }
  return outcome.accept();
}

const MAX_CANDIDATE = 2000;

/** What somebody wants to receive, in the place of what they wanted before. */
export function requestStreams(state: RoomState, member: Member, command: CommandOf<'request-streams'>): Outcome {
  if (member.rules.has('no-video')) return refused('rule-no-video');
  const { otherwise } = command;
  const byLabel = new Map(command.byLabel.slice(0, MAX_LABELS));
  state.streams.request(member.id, { byLabel, otherwise });
  return reconciled(state);
}

/** Something else of one stream; `undefined` is as of the others. Of one that is gone, nothing. */
export function requestStream(state: RoomState, member: Member, command: CommandOf<'request-stream'>): Outcome {
  if (member.rules.has('no-video')) return refused('rule-no-video');
  const stream = state.streams.get(command.stream);
  if (!stream) return accepted();
  state.streams.except(stream.id, member.id, command.wanted);
  return reconciled(state);
}

export function answerStream(state: RoomState, member: Member, command: CommandOf<'answer-stream'>): Outcome {
  const { stream, sdp } = command;
  const outcome = new OutcomeBuilder();
  if (!state.streams.isSent(stream, member.id)) outcome.to([member.id], { type: 'stream-closed', stream });
  else outcome.media({ call: 'answer', stream, to: member.id, sdp });
  return outcome.accept();
}

export function restartStream(state: RoomState, member: Member, command: CommandOf<'restart-stream'>): Outcome {
  const { stream } = command;
  const outcome = new OutcomeBuilder();
  if (state.streams.isSent(stream, member.id)) outcome.media({ call: 'restart', stream, to: member.id });
  return outcome.accept();
}

/** They do not want it; confirmed, also where there is nothing to refuse (1.8). */
export function refuseStream(state: RoomState, member: Member, command: CommandOf<'refuse-stream'>): Outcome {
  const { stream } = command;
  const outcome = new OutcomeBuilder();
  if (ownStream(state, member, stream)) return outcome.accept();
  dropFor(state, outcome, stream, member.id);
  return outcome.to([member.id], { type: 'stream-closed', stream }).accept();
}

/** Nothing of it any more, until they ask anew. */
function dropFor(state: RoomState, outcome: OutcomeBuilder, stream: StreamId, member: Member['id']): void {
  if (state.streams.get(stream)) state.streams.except(stream, member, NOTHING_WANTED);
  state.streams.endPlay(stream, member);
  state.streams.takeOffered(stream, member);
  if (state.streams.setSent(stream, member, NOTHING_WANTED)) outcome.media({ call: 'stop', stream, to: member });
}

// --- what becomes of it ---------------------------------------------------------------------------------------------

/** Media says what came of it. */
export function hearMedia(state: RoomState, report: MediaReport): Outcome {
  if (report.type === 'died') return mediaDied(state);
  const stream = state.streams.get(report.stream);
  if (!stream) return accepted();
  if ('to' in report && !state.streams.isSent(report.stream, report.to)) return accepted();
  const outcome = new OutcomeBuilder();
  switch (report.type) {
    case 'answered':
      return answered(state, stream, report);
    case 'rejected':
      end(state, outcome, stream);
      return outcome
        .to([stream.publisher], {
          type: 'stream-ended',
          stream: stream.id,
          refusal: report.isOff ? { code: 'media-off' } : { code: 'stream-unfit', detail: report.reason },
        })
        .accept();
    case 'publisher-candidate':
      return outcome
        .to([stream.publisher], { type: 'stream-candidate', stream: stream.id, candidate: report.candidate })
        .accept();
    case 'publisher-lost':
      return outcome.to([stream.publisher], { type: 'stream-restart', stream: stream.id }).accept();
    case 'receiver-candidate':
      return outcome
        .to([report.to], { type: 'stream-candidate', stream: stream.id, candidate: report.candidate })
        .accept();
    case 'offered':
      return offered(state, stream, report);
    case 'flowing':
      return outcome.to([stream.publisher], { type: 'stream-flowing', stream: stream.id }).accept();
    case 'played':
      return outcome.to([report.to], { type: 'stream-played', stream: stream.id, sdp: report.sdp }).accept();
    case 'recording-failed':
      return recordingFailed(state, report);
    case 'undeliverable':
      return undeliverable(state, stream, report);
    default:
      return report satisfies never;
  }
}

type ReportOf<T extends MediaReport['type']> = Extract<MediaReport, { type: T }>;

function answered(state: RoomState, stream: Stream, { sdp, tracks }: ReportOf<'answered'>): Outcome {
  const next: Stream = { ...stream, tracks, isLive: true };
  state.streams.put(next);
  if (!stream.isLive) dropEmptyExceptions(state, next);
  const outcome = new OutcomeBuilder().to([stream.publisher], { type: 'stream-answered', stream: stream.id, sdp });
  reconcile(state, outcome, [next]);
  if (!stream.isLive) recordStream(state, outcome, next);
  for (const id of next.replaces?.receivers ?? []) {
    if (!state.streams.isSent(next.id, id)) closeFor(outcome, oldIdOf(state, next, id), [id]);
  }
  return outcome.accept();
}

/** The id by which somebody has a stream: until they are offered it, that of the one it replaces. */
function oldIdOf(state: RoomState, { id }: Stream, member: Member['id']): StreamId {
  const stream = state.streams.get(id);
  if (!stream?.replaces?.receivers.has(member)) return id;
  const { replaces, ...rest } = stream;
  const receivers = new Set(replaces.receivers);
  receivers.delete(member);
  state.streams.put(receivers.size > 0 ? { ...rest, replaces: { id: replaces.id, receivers } } : rest);
  return replaces.id;
}

function offered(state: RoomState, stream: Stream, report: ReportOf<'offered'>): Outcome {
  const publisher = state.member(stream.publisher);
  if (!publisher) return accepted();
  const { to, sdp, tracks } = report;
  const replaces = oldIdOf(state, stream, to);
  state.streams.noteOffered(stream.id, to);
  return new OutcomeBuilder()
    .to([to], {
      type: 'stream-offered',
      stream: stream.id,
      label: stream.label,
      publisher: { id: publisher.id, handle: publisher.handle, name: publisher.name },
      sdp,
      tracks,
      ...(replaces === stream.id ? {} : { replaces }),
    })
    .accept();
}

function undeliverable(state: RoomState, stream: Stream, { to, reason }: ReportOf<'undeliverable'>): Outcome {
  state.streams.except(stream.id, to, NOTHING_WANTED);
  state.streams.endPlay(stream.id, to);
  state.streams.setSent(stream.id, to, NOTHING_WANTED);
  state.streams.takeOffered(stream.id, to);
  return new OutcomeBuilder()
    .to([to], { type: 'stream-closed', stream: stream.id, refusal: { code: 'stream-unfit', detail: reason } })
    .accept();
}

/** All streams are to be published anew; who received them is told that they are gone, and gets them as new ones. */
function mediaDied(state: RoomState): Outcome {
  const outcome = new OutcomeBuilder();
  const sent = state.streams.clearSent();
  for (const stream of [...state.streams.all()]) {
    const heirs = stream.replaces?.receivers;
    closeFor(
      outcome,
      stream.id,
      (sent.get(stream.id) ?? []).filter((id) => !heirs?.has(id)),
    );
    if (stream.replaces) closeFor(outcome, stream.replaces.id, [...stream.replaces.receivers]);
    const { replaces: _, ...rest } = stream;
    state.streams.put({ ...rest, isLive: false, tracks: [] });
    outcome.to([stream.publisher], { type: 'stream-restart', stream: stream.id });
  }
  return outcome.accept();
}

/** Takes a stream away from all who have it. Its publisher is told by whoever knows why. */
export function end(state: RoomState, outcome: OutcomeBuilder, stream: Stream): void {
  const heirs = stream.replaces?.receivers;
  const receivers = state.streams.remove(stream.id);
  closeFor(
    outcome,
    stream.id,
    receivers.filter((id) => !heirs?.has(id)),
  );
  if (stream.replaces) closeFor(outcome, stream.replaces.id, [...stream.replaces.receivers]);
  outcome.media({ call: 'unpublish', stream: stream.id });
}

/**
 * They enter anew, as who they were: their client has none of the connections of before, and says once more what it
 * sends and wants. It is told of no end: it knows of nothing that could.
 */
export function beginAnew(state: RoomState, outcome: OutcomeBuilder, member: Member['id']): void {
  receiveNothing(state, outcome, member);
  for (const stream of state.streams.of(member)) end(state, outcome, stream);
}

/** Of somebody who is gone, or begins anew. */
export function receiveNothing(state: RoomState, outcome: OutcomeBuilder, member: Member['id']): void {
  for (const stream of [...state.streams.all()]) {
    if (state.streams.drop(stream.id, member)) outcome.media({ call: 'stop', stream: stream.id, to: member });
    oldIdOf(state, stream, member);
  }
  state.streams.forget(member);
}

function closeFor(outcome: OutcomeBuilder, stream: StreamId, receivers: readonly Member['id'][]): void {
  outcome.to(receivers, { type: 'stream-closed', stream });
}

function reconciled(state: RoomState): Outcome {
  const outcome = new OutcomeBuilder();
  reconcile(state, outcome, [...state.streams.all()]);
  return outcome.accept();
}

/** Sends everybody what they want and may have of these streams, and no more. */
export function reconcile(state: RoomState, outcome: OutcomeBuilder, streams: readonly Stream[]): void {
  for (const stream of streams) {
    if (!stream.isLive) continue;
    const publisher = state.member(stream.publisher);
    for (const id of state.streams.requesters()) {
      const member = state.member(id);
      const wanted = publisher && member ? due(state, { stream, publisher, member }) : NOTHING_WANTED;
      if (isOneTooMany(state, stream, id) || !state.streams.setSent(stream.id, id, wanted)) continue;
      if (wantsNothing(wanted)) {
        outcome.media({ call: 'stop', stream: stream.id, to: id });
        state.streams.endPlay(stream.id, id);
        const held = oldIdOf(state, stream, id);
        // To whom it was never offered, its end is nothing (7.1, 12).
        if (state.streams.takeOffered(stream.id, id) || held !== stream.id) closeFor(outcome, held, [id]);
      } else outcome.media({ call: 'forward', stream: stream.id, to: id, wanted });
    }
  }
}

/** Each is a connection of its own: who comes when there are too many has what there is room for. */
export function isOneTooMany({ policy, streams }: RoomState, stream: Stream, member: Member['id']): boolean {
  const { maxForwards = Number.POSITIVE_INFINITY, maxForwardsPerAddress = Number.POSITIVE_INFINITY } = policy;
  if (streams.isSent(stream.id, member)) return false;
  return streams.sentCount >= maxForwards || streams.received.of(member) >= maxForwardsPerAddress;
}

function due(
  state: RoomState,
  { stream, ...pair }: { readonly stream: Stream; readonly publisher: Member; readonly member: Member },
): Wanted {
  return mayReceive(state, pair) ? state.streams.wanted(stream, pair.member.id) : NOTHING_WANTED;
}

/** Cameras that somebody must not see are off to them, on every wire. */
export function mayReceive(
  state: RoomState,
  { publisher, member }: { readonly publisher: Member; readonly member: Member },
): boolean {
  if (member.id === publisher.id || !canSee(state, member, publisher)) return false;
  if (!isOperator(member) && isShutOut(state, { viewer: member, broadcaster: publisher })) return false;
  return !member.rules.has('no-video');
}
