import { createContext, useContext } from 'react';
import type { WireMessage } from '../../../../src/dialects/parlour/wire.ts';

export interface Anchored<T> {
  readonly value: T;
  readonly anchor: Element;
}

/** What a message asks of the list it stands in. */
export interface ListScope {
  readonly pick: (picking: Anchored<WireMessage>) => void;
  readonly show: (image: WireMessage) => void;
}

export const ListContext = createContext<ListScope>({ pick: () => undefined, show: () => undefined });

export function useList(): ListScope {
  return useContext(ListContext);
}
