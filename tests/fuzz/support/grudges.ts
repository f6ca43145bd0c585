import { nameKey } from '../../../src/core/name.ts';
import { RELATION_KINDS, type RelationKind } from '../../../src/core/relation.ts';

type Held = ReadonlyMap<RelationKind, Set<string>>;

/**
 * Who muted, blocked, booted and invited whom, written down from what people did: the tests' own memory, to hold the
 * server's against. By name while somebody is in the room, by identity for those who come again.
 */
export class Grudges {
  readonly #byName = new Map<string, Held>();
  readonly #byIdentity = new Map<string, Held>();

  /** As they are now. */
  copy(): Grudges {
    const copy = new Grudges();
    for (const [name, held] of this.#byName) {
      copy.#byName.set(name, new Map([...held].map(([kind, names]) => [kind, new Set(names)])));
    }
    return copy;
  }

  has(actor: string, kind: RelationKind, target: string): boolean {
    return this.#byName.get(nameKey(actor))?.get(kind)?.has(nameKey(target)) ?? false;
  }

  blocked(one: string, other: string): boolean {
    return this.has(one, 'block', other) || this.has(other, 'block', one);
  }

  /** `broadcaster`'s camera is off to `viewer`, whatever it is. */
  shutOut(viewer: string, broadcaster: string): boolean {
    return this.has(broadcaster, 'boot', viewer) || this.has(broadcaster, 'mute', viewer);
  }

  /** What `hearer` must not hear from `speaker`. */
  deaf(hearer: string, speaker: string): boolean {
    return this.has(hearer, 'mute', speaker) || this.blocked(hearer, speaker);
  }

  held(actor: string, kind: RelationKind): readonly string[] {
    return [...(this.#byName.get(nameKey(actor))?.get(kind) ?? [])];
  }

  set(change: {
    readonly actor: string;
    /** Of somebody who will be known again. */
    readonly identity: string | undefined;
    readonly kind: RelationKind;
    readonly target: string;
    readonly on: boolean;
  }): void {
    const { actor, identity, kind, target, on } = change;
    if (nameKey(actor) === nameKey(target) || nameKey(target) === '') return;
    if (this.has(actor, kind, target) === on) return;
    put(this.#byName, nameKey(actor), change);
    if (identity !== undefined) put(this.#byIdentity, identity, change);
  }

  /** What they hold, and what others hold against them, goes with them. `identityOf` those who will be known again. */
  renamed(from: string, to: string, identityOf: (actor: string) => string | undefined): void {
    const [old, key] = [nameKey(from), nameKey(to)];
    if (old === key) return;
    const held = this.#byName.get(old);
    this.#byName.delete(old);
    for (const [kind, targets] of held ?? []) {
      for (const target of targets) this.set({ actor: key, identity: undefined, kind, target, on: true });
    }
    for (const [actor, kinds] of this.#byName) {
      for (const [kind, targets] of kinds) {
        if (targets.delete(old)) this.set({ actor, identity: identityOf(actor), kind, target: key, on: true });
      }
    }
  }

  /** They left the room: what they held is forgotten, what others hold against their name is not. */
  left(actor: string): void {
    this.#byName.delete(nameKey(actor));
  }

  /** They came (again): what their identity held before holds under the name of today. */
  came(actor: string, options: { readonly identity: string; mayBlock(name: string): boolean }): void {
    for (const kind of RELATION_KINDS) {
      for (const target of this.#byIdentity.get(options.identity)?.get(kind) ?? []) {
        if (kind === 'block' && !options.mayBlock(target)) continue;
        this.set({ actor, identity: undefined, kind, target, on: true });
      }
    }
  }
}

function put(
  held: Map<string, Held>,
  key: string,
  change: { readonly kind: RelationKind; readonly target: string; readonly on: boolean },
): void {
  const kinds = held.get(key) ?? new Map(RELATION_KINDS.map((kind) => [kind, new Set<string>()]));
  held.set(key, kinds);
  const names = kinds.get(change.kind);
  if (change.on) names?.add(nameKey(change.target));
  else names?.delete(nameKey(change.target));
}
