import type { Player } from './player.ts';

const ARROW = 5;
const LETTER = 10;

/** Keys that every player has, wherever the focus is; those that an element itself understands are left to it. */
export function listenToKeys(player: Player): void {
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const action = actionOf(event.key, event.target, player);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function actionOf(key: string, target: EventTarget | null, player: Player): (() => void) | undefined {
  const isPosition = target instanceof HTMLInputElement && target.max !== '1';
  const isOwn = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  const isPressed = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  if (target instanceof HTMLSelectElement) return undefined;
  if (key === ' ') return isPressed ? undefined : () => player.toggle();
  if (isOwn && !isPosition) return undefined;
  return KEYS[key.toLowerCase()]?.(player);
}

const KEYS: Readonly<Record<string, (player: Player) => () => void>> = {
  k: (player) => () => player.toggle(),
  m: (player) => () => player.toggleMute(),
  j: (player) => () => player.seekBy(-LETTER),
  l: (player) => () => player.seekBy(LETTER),
  arrowleft: (player) => () => player.seekBy(-ARROW),
  arrowright: (player) => () => player.seekBy(ARROW),
  home: (player) => () => player.seek(0),
  end: (player) => () => player.seek(Number.MAX_SAFE_INTEGER),
};
