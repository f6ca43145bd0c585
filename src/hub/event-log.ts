import type { Audience, RoomEvent } from '../core/event.ts';
import type { MemberId, Seq } from '../core/ids.ts';

export interface LoggedEvent {
  readonly seq: Seq;
  readonly event: RoomEvent;
  readonly audience: Audience;
}

interface Entry extends LoggedEvent {
  readonly at: number;
  readonly weight: number;
}

export interface EventLogBounds {
  readonly entries: number;
  /** Approximate characters. */
  readonly weight: number;
  readonly ageMs: number;
}

/** Numbers a room's events, and keeps the latest so that a session that was cut off can have what it missed. */
export class EventLog {
  readonly #bounds: EventLogBounds;
  readonly #entries: Entry[] = [];
  #first = 0;
  #weight = 0;
  #seq: Seq = 0;

  constructor(bounds: EventLogBounds) {
    this.#bounds = bounds;
  }

  get seq(): Seq {
    return this.#seq;
  }

  append(event: RoomEvent, audience: Audience, now: number): Seq {
    const seq = ++this.#seq;
    const entry: Entry = { seq, event: withoutBytes(event), audience, at: now, weight: weigh(event, audience) };
    this.#entries.push(entry);
    this.#weight += entry.weight;
    this.trim(now);
    return seq;
  }

  /** What `memberId` missed after `seq`, oldest first; `undefined` where the log does not reach back that far. */
  after(seq: Seq, memberId: MemberId): LoggedEvent[] | undefined {
    const oldest = this.#entries[this.#first];
    const firstKept = oldest ? oldest.seq : this.#seq + 1;
    if (seq > this.#seq || seq < firstKept - 1) return undefined;
    return this.#entries.slice(this.#first + (seq - firstKept + 1)).filter((entry) => isFor(entry.audience, memberId));
  }

  /** Drops what is too much or too old. */
  trim(now: number): void {
    const { entries, weight, ageMs } = this.#bounds;
    for (let entry = this.#entries[this.#first]; entry; entry = this.#entries[this.#first]) {
      const kept = this.#entries.length - this.#first;
      if (kept <= entries && this.#weight <= weight && now - entry.at <= ageMs) break;
      this.#weight -= entry.weight;
      this.#first++;
    }
    // Moving the rest costs as much as what was dropped, so it is done when half is.
    if (this.#first > 64 && this.#first * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#first);
      this.#first = 0;
    } else if (this.#first === this.#entries.length) {
      this.#entries.length = 0;
      this.#first = 0;
    }
  }
}

export function isFor(audience: Audience, memberId: MemberId): boolean {
  return audience.kind === 'room' ? !audience.except.has(memberId) : audience.members.includes(memberId);
}

/** An image's bytes are in storage; the log must not keep megabytes of them. */
function withoutBytes(event: RoomEvent): RoomEvent {
  if ((event.type === 'message-posted' || event.type === 'message-undelivered') && event.image) {
    const { image: _, ...rest } = event;
    return rest;
  }
  return event;
}

const CHARACTERS_PER_MEMBER = 24;

function weigh(event: RoomEvent, audience: Audience): number {
  const named = audience.kind === 'room' ? audience.except.size : audience.members.length;
  return weighEvent(event) + named * CHARACTERS_PER_MEMBER;
}

function weighEvent(event: RoomEvent): number {
  if (event.type === 'message-posted')
    return 300 + (event.message.body.kind === 'text' ? event.message.body.text.length : 0);
  if (event.type === 'signalled') return 200 + event.payload.length;
  if (event.type === 'room-entered') return 200 + event.recent.length * 8;
  return 200;
}
