import type { AddressRanges } from './address-ranges.ts';
import { type Comer, holdsAgainst, isCalled, type Sanction } from './moderation.ts';
import { nameKey } from './name.ts';

/** The bans of a room. Whoever comes is looked up by name and identity; only bans of addresses are gone through. */
export class Sanctions {
  readonly #ranges: AddressRanges;
  readonly #now: () => number;
  readonly #all = new Map<string, Sanction>();
  readonly #byName = new Map<string, Set<Sanction>>();
  readonly #byIdentity = new Map<string, Set<Sanction>>();
  readonly #byAddress = new Set<Sanction>();

  constructor(options: { readonly ranges: AddressRanges; now(): number }) {
    this.#ranges = options.ranges;
    this.#now = () => options.now();
  }

  impose(sanction: Sanction): void {
    this.#all.set(sanction.id, sanction);
    if (sanction.name !== undefined) put(this.#byName, nameKey(sanction.name), sanction);
    if (sanction.identityId !== undefined) put(this.#byIdentity, sanction.identityId, sanction);
    if (sanction.addresses !== undefined) this.#byAddress.add(sanction);
  }

  lift(id: string): void {
    const sanction = this.#all.get(id);
    if (!sanction) return;
    this.#all.delete(id);
    if (sanction.name !== undefined) take(this.#byName, nameKey(sanction.name), sanction);
    if (sanction.identityId !== undefined) take(this.#byIdentity, sanction.identityId, sanction);
    this.#byAddress.delete(sanction);
  }

  /** Those in force, oldest first. Expired ones are dropped on the way. */
  all(): Sanction[] {
    return this.#inForce(this.#all.values());
  }

  against(comer: Comer): Sanction[] {
    const candidates = new Set([
      ...(this.#byName.get(nameKey(comer.name)) ?? []),
      ...(this.#byIdentity.get(comer.identity.id) ?? []),
      ...this.#byAddress,
    ]);
    return this.#inForce(candidates).filter((sanction) => holdsAgainst(sanction, comer, this.#ranges));
  }

  /** Those that an operator means by a name, or by addresses. */
  called(what: string): Sanction[] {
    const candidates = new Set([...(this.#byName.get(nameKey(what)) ?? []), ...this.#byAddress]);
    return this.#inForce(candidates).filter((sanction) => isCalled(sanction, what, this.#ranges));
  }

  #inForce(sanctions: Iterable<Sanction>): Sanction[] {
    const now = this.#now();
    const inForce: Sanction[] = [];
    for (const sanction of [...sanctions]) {
      if (sanction.expiresAt > now) inForce.push(sanction);
      else this.lift(sanction.id);
    }
    return inForce.sort((one, other) => one.at - other.at);
  }
}

type Index = Map<string, Set<Sanction>>;

function put(index: Index, key: string, sanction: Sanction): void {
  const known = index.get(key);
  if (known) known.add(sanction);
  else index.set(key, new Set([sanction]));
}

function take(index: Index, key: string, sanction: Sanction): void {
  const known = index.get(key);
  known?.delete(sanction);
  if (known?.size === 0) index.delete(key);
}
