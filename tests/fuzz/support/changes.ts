import type { RelationKind } from '../../../src/core/relation.ts';
import type { Action, Wire } from './script.ts';

export interface Change {
  readonly kind: RelationKind;
  readonly names: readonly string[];
  readonly on: boolean;
}

/** What an action makes its actor hold against others, or not any more, in the way their wire says it. */
export function changesOf(wire: Wire, action: Action): readonly Change[] {
  // On these wires nobody holds anything against anybody.
  if (wire === 'camus' || wire === 'rwci' || wire === 'galene') return [];
  if (action.do === 'block-all') {
    const { names } = action;
    const block: Change = { kind: 'block', names, on: true };
    return wire === 'parlour' ? [block] : [{ kind: 'mute', names, on: true }, block];
  }
  if (action.do !== 'relate') return [];
  const { kind, names, on } = action;
  if (wire === 'parlour') return [{ kind, names, on }];
  // There is no word for taking back a block or an invitation, and one name to most words.
  if (!on && (kind === 'block' || kind === 'invite')) return [];
  return [{ kind, names: kind === 'invite' ? names : names.slice(0, 1), on }];
}
