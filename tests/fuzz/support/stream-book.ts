import { isOperator, type Member } from '../../../src/core/member.ts';
import { NOTHING_WANTED, type Wanted, wantsNothing } from '../../../src/core/stream.ts';
import type { RoomView } from '../../../src/core/view.ts';
import type { Forward } from './fake-media.ts';
import type { Grudges } from './grudges.ts';

export interface BookedStream {
  readonly id: string;
  /** A member's id. */
  readonly publisher: string;
  readonly label: string;
  readonly kinds: readonly string[];
  readonly isLive: boolean;
}

export interface Wants {
  readonly byLabel: Readonly<Record<string, Wanted>>;
  readonly otherwise: Wanted;
}

/** Which streams there are and who wants what of them, written down from what people did, beside the server's own book. */
export class StreamBook {
  readonly #streams = new Map<string, BookedStream>();
  readonly #wants = new Map<string, Wants>();
  /** By stream and member: something else than what they want of the others. */
  readonly #exceptions = new Map<string, Map<string, Wanted>>();

  get(id: string): BookedStream | undefined {
    return this.#streams.get(id);
  }

  put(stream: BookedStream): void {
    this.#streams.set(stream.id, stream);
  }

  end(id: string): void {
    this.#streams.delete(id);
    this.#exceptions.delete(id);
  }

  /** Another one takes its place, to those who wanted something else of it, too. */
  replace(id: string, by: string): void {
    const exceptions = this.#exceptions.get(id);
    this.end(id);
    if (exceptions) this.#exceptions.set(by, exceptions);
  }

  want(member: string, wants: Wants): void {
    this.#wants.set(member, wants);
  }

  except(id: string, member: string, wanted: Wanted | undefined): void {
    if (!this.#streams.has(id)) return;
    const exceptions = this.#exceptions.get(id) ?? new Map<string, Wanted>();
    this.#exceptions.set(id, exceptions);
    if (wanted) exceptions.set(member, wanted);
    else exceptions.delete(member);
  }

  /** Nothing is received any more; what is published anew goes on. */
  died(): void {
    for (const stream of this.#streams.values()) this.#streams.set(stream.id, { ...stream, isLive: false });
  }

  /** They are gone, or begin anew with nothing. */
  forget(member: string): void {
    this.#wants.delete(member);
    for (const stream of this.#streams.values()) if (stream.publisher === member) this.end(stream.id);
    for (const exceptions of this.#exceptions.values()) exceptions.delete(member);
  }

  /** Who is gone sends and receives nothing; who must not present sends nothing. */
  prune(room: RoomView): void {
    for (const { id, publisher } of this.#streams.values()) {
      if (room.member(publisher)?.permissions.has('present') !== true) this.end(id);
    }
    const everybody = [...this.#wants.keys(), ...[...this.#exceptions.values()].flatMap((each) => [...each.keys()])];
    for (const member of everybody) if (!room.member(member)) this.forget(member);
  }

  /** What is to be sent to whom now, and nothing beside. */
  expected(room: RoomView, grudges: Grudges): readonly Forward[] {
    const forwards: Forward[] = [];
    for (const stream of this.#streams.values()) {
      const publisher = room.member(stream.publisher);
      if (!stream.isLive || !publisher) continue;
      for (const [to, wants] of this.#wants) {
        const viewer = room.member(to);
        if (!viewer || to === stream.publisher || !mayWatch(viewer, publisher, grudges)) continue;
        const wanted = this.#wanted(stream, to, wants);
        if (!wantsNothing(wanted)) forwards.push({ stream: stream.id, to, wanted });
      }
    }
    return forwards;
  }

  #wanted({ id, label, kinds }: BookedStream, member: string, wants: Wants): Wanted {
    const byLabel = Object.hasOwn(wants.byLabel, label) ? wants.byLabel[label] : undefined;
    const wanted = this.#exceptions.get(id)?.get(member) ?? byLabel ?? wants.otherwise ?? NOTHING_WANTED;
    return {
      audio: wanted.audio && kinds.includes('audio'),
      video: kinds.includes('video') ? wanted.video : 'none',
    };
  }
}

/** Of somebody hidden, of either side of a block, and of who muted or booted them, nobody receives a stream. */
export function mayWatch(viewer: Member, publisher: Member, grudges: Grudges): boolean {
  if (publisher.hidden || grudges.blocked(viewer.name, publisher.name)) return false;
  return isOperator(viewer) || !grudges.shutOut(viewer.name, publisher.name);
}
