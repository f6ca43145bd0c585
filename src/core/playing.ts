import { broadcastRefusal } from './cameras.ts';
import type { EntryPurpose, RoomCommand } from './command.ts';
import type { Refusal } from './errors.ts';
import type { Identity } from './identity.ts';
import type { Member } from './member.ts';
import { rulesFor } from './membership.ts';
import { nameKey } from './name.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';
import { type StreamChoice, wantsNothing } from './stream.ts';
import { isOneTooMany, mayReceive } from './streaming.ts';
import type { Stream } from './streams.ts';

/** Somebody offers to receive a stream; offering again for one that they have is a new way to it. */
export function playStream(
  state: RoomState,
  member: Member,
  { choice, sdp, wanted }: Extract<RoomCommand, { type: 'play-stream' }>,
): Outcome {
  if (member.rules.has('no-video')) return refused('rule-no-video');
  const stream = chosen(state, choice, (publisher) => mayReceive(state, { publisher, member }));
  if (!stream) return refused('stream-unknown');
  const { id } = stream;
  // There is one connection for each stream, and the one that they have is offered by us.
  if (state.streams.isSent(id, member.id) && !state.streams.isPlayed(id, member.id)) return refused('stream-taken');
  if (isOneTooMany(state, stream, member.id)) return refused('streams-too-many');
  state.streams.play(id, member.id, wanted);
  const due = state.streams.wanted(stream, member.id);
  if (wantsNothing(due)) {
    state.streams.endPlay(id, member.id);
    return refused('stream-unknown');
  }
  state.streams.setSent(id, member.id, due);
  state.streams.noteOffered(id, member.id);
  return new OutcomeBuilder().media({ call: 'play', stream: id, to: member.id, sdp, wanted: due }).accept();
}

/** The newest that is meant, of those that are there to be received. */
function chosen(state: RoomState, choice: StreamChoice, isFor: (publisher: Member) => boolean): Stream | undefined {
  return [...state.streams.all()].findLast((stream) => {
    const publisher = state.member(stream.publisher);
    return publisher && stream.isLive && isMeant(choice, stream, publisher) && isFor(publisher);
  });
}

function isMeant(choice: StreamChoice, { id, label }: Stream, { name }: Member): boolean {
  if (choice.stream !== undefined && choice.stream !== id) return false;
  if (choice.label !== undefined && choice.label !== label) return false;
  return choice.publisher === undefined || nameKey(choice.publisher) === nameKey(name);
}

/**
 * Why somebody who comes for this alone may as well stay outside. What their name and relations make of it is seen when
 * they are there.
 */
export function purposeRefusal(state: RoomState, purpose: EntryPurpose, identity: Identity): Refusal | undefined {
  const rules = rulesFor(state, identity, identity.name);
  if (purpose.kind === 'publish') {
    const code = broadcastRefusal({ rules, permissions: identity.permissions });
    return code && { code };
  }
  if (rules.has('no-video')) return { code: 'rule-no-video' };
  return chosen(state, purpose.choice, ({ hidden }) => !hidden) ? undefined : { code: 'stream-unknown' };
}
