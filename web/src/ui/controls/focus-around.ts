/**
 * For what is about to go while it has the focus: the nearest around it that can have it takes it. Else it would fall
 * to the page, where Escape closes no dialog and arrow keys move nothing.
 */
export function focusAround(going: Element): void {
  going.parentElement?.closest<HTMLElement>('[tabindex]')?.focus({ preventScroll: true });
}
