import type { Disconnect, Refusal, RefusalCode } from './errors.ts';
import type { Audience, Delivery, Result, RoomEvent } from './event.ts';
import type { MemberId } from './ids.ts';
import type { MediaAction } from './media-report.ts';
import type { StoredRecord } from './record.ts';
import type { Report } from './report.ts';

/** What a command did: whom to tell what, what to store first, who must go. Nothing has left the room yet. */
export interface Outcome {
  readonly deliveries: readonly Delivery[];
  readonly records: readonly StoredRecord[];
  readonly disconnects: readonly { readonly memberId: MemberId; readonly disconnect: Disconnect }[];
  readonly reports: readonly Report[];
  /** What to do with streams. */
  readonly media: readonly MediaAction[];
  readonly reply: { readonly accepted: Result } | { readonly refused: Refusal };
}

const NOBODY: ReadonlySet<MemberId> = new Set();

/** Collects an outcome. */
export class OutcomeBuilder {
  readonly #deliveries: Delivery[] = [];
  readonly #records: StoredRecord[] = [];
  readonly #reports: Report[] = [];
  readonly #media: MediaAction[] = [];
  readonly #disconnects: { memberId: MemberId; disconnect: Disconnect }[] = [];

  toAll(event: RoomEvent, except: ReadonlySet<MemberId> = NOBODY): this {
    return this.#deliver(event, { kind: 'room', except });
  }

  to(members: readonly MemberId[], event: RoomEvent): this {
    return members.length === 0 ? this : this.#deliver(event, { kind: 'members', members });
  }

  store(record: StoredRecord): this {
    this.#records.push(record);
    return this;
  }

  disconnect(memberId: MemberId, disconnect: Disconnect): this {
    this.#disconnects.push({ memberId, disconnect });
    return this;
  }

  report(report: Report): this {
    this.#reports.push(report);
    return this;
  }

  media(action: MediaAction): this {
    this.#media.push(action);
    return this;
  }

  /** What was decided before, and then what follows of it. */
  static after(outcome: Outcome): OutcomeBuilder {
    const builder = new OutcomeBuilder();
    builder.#deliveries.push(...outcome.deliveries);
    builder.#records.push(...outcome.records);
    builder.#disconnects.push(...outcome.disconnects);
    builder.#reports.push(...outcome.reports);
    builder.#media.push(...outcome.media);
    return builder;
  }

  /** Wires that send whole rosters send them again, to all or to these. */
  rosterChanged(
    audience?: { readonly except: ReadonlySet<MemberId> } | { readonly members: readonly MemberId[] },
  ): this {
    const event: RoomEvent = { type: 'roster-changed' };
    if (audience && 'members' in audience) return this.to(audience.members, event);
    return this.toAll(event, audience?.except);
  }

  accept(result: Result = { kind: 'done' }): Outcome {
    return this.#finish({ accepted: result });
  }

  refuse(refusal: Refusal): Outcome {
    return this.#finish({ refused: refusal });
  }

  reply(reply: Outcome['reply']): Outcome {
    return this.#finish(reply);
  }

  #deliver(event: RoomEvent, audience: Audience): this {
    this.#deliveries.push({ event, audience });
    return this;
  }

  #finish(reply: Outcome['reply']): Outcome {
    return {
      deliveries: this.#deliveries,
      records: this.#records,
      disconnects: this.#disconnects,
      reports: this.#reports,
      media: this.#media,
      reply,
    };
  }
}

export function refused(
  code: RefusalCode,
  about: { readonly subject?: string; readonly detail?: string } = {},
): Outcome {
  return new OutcomeBuilder().refuse({ code, ...about });
}

export function accepted(result?: Result): Outcome {
  return new OutcomeBuilder().accept(result);
}
