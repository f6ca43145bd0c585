import { nameKey } from './name.ts';

/**
 * What one member decided about another (`spec/barertc.md` 1.9.10). Directed: `block` is stored one way and works both.
 */
export type RelationKind = 'mute' | 'block' | 'boot' | 'invite';

export const RELATION_KINDS: readonly RelationKind[] = ['mute', 'block', 'boot', 'invite'];

/** Per kind, the names meant. They need not be present, nor ever have been. */
export type RelationNames = Readonly<Partial<Record<RelationKind, readonly string[]>>>;

/** At most this many names in one relation of one member. */
export const MAX_RELATION_NAMES = 10_000;

/**
 * Who muted, blocked, booted or invited whom, by name, with the reverse index that fan-out asks for: who holds
 * something against this name?
 */
export class Relations {
  readonly #from = new Map<string, Map<RelationKind, Set<string>>>();
  readonly #toward = new Map<string, Map<RelationKind, Set<string>>>();

  /** Returns whether anything changed. */
  set(change: {
    readonly actor: string;
    readonly kind: RelationKind;
    readonly target: string;
    readonly on: boolean;
  }): boolean {
    const actor = nameKey(change.actor);
    const target = nameKey(change.target);
    if (actor === target || target === '') return false;
    if (this.has(actor, change.kind, target) === change.on) return false;
    if (change.on && this.of(actor, change.kind).size >= MAX_RELATION_NAMES) return false;
    put(this.#from, actor, change.kind, target, change.on);
    put(this.#toward, target, change.kind, actor, change.on);
    return true;
  }

  /** Whether `actor` holds this against (or for) `target`. Names in any case. */
  has(actor: string, kind: RelationKind, target: string): boolean {
    return this.#from.get(nameKey(actor))?.get(kind)?.has(nameKey(target)) ?? false;
  }

  /** The name keys that `actor` holds this against. */
  of(actor: string, kind: RelationKind): ReadonlySet<string> {
    return this.#from.get(nameKey(actor))?.get(kind) ?? NOBODY;
  }

  /** The name keys of those who hold this against `target`. */
  toward(target: string, kind: RelationKind): ReadonlySet<string> {
    return this.#toward.get(nameKey(target))?.get(kind) ?? NOBODY;
  }

  /** Whether anybody holds anything against (or for) this name, or blocked by it: a viewer with a view of their own. */
  touches(name: string): boolean {
    const key = nameKey(name);
    return this.#toward.has(key) || this.of(key, 'block').size > 0;
  }

  /** Somebody has another name: what they decided, and what others decided about them, goes with them. */
  rename(from: string, to: string): void {
    const [old, key] = [nameKey(from), nameKey(to)];
    if (old === key) return;
    const decided = entriesOf(this.#from.get(old));
    const suffered = entriesOf(this.#toward.get(old));
    for (const [kind, target] of decided) {
      this.set({ actor: old, kind, target, on: false });
      this.set({ actor: key, kind, target, on: true });
    }
    for (const [kind, actor] of suffered) {
      this.set({ actor, kind, target: old, on: false });
      this.set({ actor, kind, target: key, on: true });
    }
  }

  /** Forgets all that `actor` decided; what others decided about them stays. */
  clear(actor: string): void {
    const key = nameKey(actor);
    for (const [kind, targets] of this.#from.get(key) ?? []) {
      for (const target of targets) put(this.#toward, target, kind, key, false);
    }
    this.#from.delete(key);
  }
}

const NOBODY: ReadonlySet<string> = new Set();

function entriesOf(kinds: Map<RelationKind, Set<string>> | undefined): (readonly [RelationKind, string])[] {
  return [...(kinds ?? [])].flatMap(([kind, names]) => [...names].map((name) => [kind, name] as const));
}

function put(
  index: Map<string, Map<RelationKind, Set<string>>>,
  from: string,
  kind: RelationKind,
  to: string,
  on: boolean,
): void {
  let kinds = index.get(from);
  if (!kinds) {
    if (!on) return;
    kinds = new Map();
    index.set(from, kinds);
  }
  const names = kinds.get(kind) ?? new Set();
  if (on) {
    names.add(to);
    kinds.set(kind, names);
    return;
  }
  names.delete(to);
  if (names.size === 0) kinds.delete(kind);
  if (kinds.size === 0) index.delete(from);
}
