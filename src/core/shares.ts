import type { MemberId } from './ids.ts';

/** Counts what members have, and what all have together who come from one household. */
export class Shares {
  readonly #householdOf: (member: MemberId) => string | undefined;
  /** As it was when they got the first: addresses change. */
  readonly #members = new Map<MemberId, { readonly household: string | undefined; count: number }>();
  readonly #households = new Map<string, number>();

  constructor(householdOf: (member: MemberId) => string | undefined) {
    this.#householdOf = householdOf;
  }

  /** How much the household of somebody has; nothing where their address says nothing of whose it is. */
  of(member: MemberId): number {
    const household = this.#members.get(member)?.household ?? this.#householdOf(member);
    return household === undefined ? 0 : (this.#households.get(household) ?? 0);
  }

  add(member: MemberId): void {
    const share = this.#members.get(member) ?? { household: this.#householdOf(member), count: 0 };
    share.count += 1;
    this.#members.set(member, share);
    this.#change(share.household, 1);
  }

  remove(member: MemberId): void {
    const share = this.#members.get(member);
    if (!share) return;
    share.count -= 1;
    if (share.count === 0) this.#members.delete(member);
    this.#change(share.household, -1);
  }

  clear(): void {
    this.#members.clear();
    this.#households.clear();
  }

  #change(household: string | undefined, by: 1 | -1): void {
    if (household === undefined) return;
    const count = (this.#households.get(household) ?? 0) + by;
    if (count > 0) this.#households.set(household, count);
    else this.#households.delete(household);
  }
}
