import { type FocusEvent, type KeyboardEvent, type PointerEvent, useState } from 'react';

/** The messages that the pointer or the keyboard is on; their tools are shown. `marked`: something is picked for it. */
export function useActiveRow(marked: number | undefined) {
  const [pointed, setPointed] = useState<number>();
  const [focused, setFocused] = useState<number>();
  const onFocus = ({ target }: FocusEvent) => setFocused(countsAsFocus(target) ? idOf(target) : undefined);
  const onBlur = ({ target, relatedTarget }: FocusEvent) => {
    // The button that opened the picker must be there to get the focus back.
    if (marked !== undefined) return;
    // Another window is looked at: the focus comes back to where it was.
    if (document.activeElement === target) return;
    setFocused(idOf(relatedTarget));
  };
  return {
    isActive: (id: number) => id === pointed || id === focused || id === marked,
    handlers: {
      onPointerOver: ({ target }: PointerEvent) => setPointed(idOf(target)),
      onPointerLeave: () => setPointed(undefined),
      onFocus,
      onBlur,
      onKeyDown: moveFocus,
    },
  };
}

/** Where a mouse shows the tools, clicking need not; a finger does not hover. */
function countsAsFocus(target: Element): boolean {
  return target.matches(':focus-visible') || !window.matchMedia('(hover: hover)').matches;
}

function idOf(target: EventTarget | null): number | undefined {
  const row = rowOf(target);
  return row && Number(row.dataset.message);
}

function rowOf(target: EventTarget | null): HTMLElement | undefined {
  return (target instanceof Element && target.closest<HTMLElement>('[data-message]')) || undefined;
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowUp: -1, ArrowDown: 1, Home: 'first', End: 'last' }[event.key];
  if (step === undefined || event.target instanceof HTMLInputElement) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-message]')];
  const current = rowOf(event.target);
  const index = current ? rows.indexOf(current) : rows.length;
  const next = step === 'first' ? rows[0] : step === 'last' ? rows.at(-1) : rows[index + Number(step)];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}
