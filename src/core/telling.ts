import type { RoomEvent } from './event.ts';
import type { Member } from './member.ts';
import { UNNAMED } from './notices.ts';
import type { OutcomeBuilder } from './outcome.ts';
import type { RoomState } from './room-state.ts';

/** Tells all what a member did. Who must not know of them hears that it was done, and not by whom. */
export function tellWhoDid(
  state: RoomState,
  outcome: OutcomeBuilder,
  { member, event }: { readonly member: Member; event(by: string): RoomEvent },
): OutcomeBuilder {
  if (member.hidden) return outcome.toAll(event(UNNAMED));
  const strangers = state.estrangedFrom(member);
  return outcome.toAll(event(member.name), strangers).to([...strangers], event(UNNAMED));
}
