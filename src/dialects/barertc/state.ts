import { nameKey } from '../../core/name.ts';
import { MAX_RELATION_NAMES, RELATION_KINDS, type RelationKind, type RelationNames } from '../../core/relation.ts';
import type { SessionContext } from '../dialect.ts';

/** What a connection said before its login: clients say again then whom they had muted, booted, blocked, invited. */
export class BareState {
  readonly context: SessionContext;
  readonly #remembered = new Map<RelationKind, Map<string, string>>();

  constructor(context: SessionContext) {
    this.context = context;
  }

  remember(kind: RelationKind, names: readonly string[], change: { readonly on: boolean }): void {
    const known = this.#remembered.get(kind) ?? new Map<string, string>();
    this.#remembered.set(kind, known);
    for (const name of names) {
      if (!change.on) known.delete(nameKey(name));
      else if (known.size < MAX_RELATION_NAMES) known.set(nameKey(name), name);
    }
  }

  /** All of it, once. */
  takeRelations(): RelationNames {
    const relations = Object.fromEntries(
      RELATION_KINDS.map((kind) => [kind, [...(this.#remembered.get(kind)?.values() ?? [])]]),
    );
    this.#remembered.clear();
    return relations;
  }
}
