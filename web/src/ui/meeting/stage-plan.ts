/** One who may have a tile on the stage. */
export interface Shown {
  readonly key: string;
  readonly kind: 'camera' | 'screen';
  readonly own: boolean;
}

export type View = 'grid' | 'speaker';

export interface StagePlan {
  /** Absent where all are alike. */
  readonly large: string | undefined;
  /** In their order. */
  readonly others: readonly string[];
}

interface Choice {
  readonly view: View;
  readonly pinned: string | undefined;
  /** Who spoke last. */
  readonly speaker: string | undefined;
}

/** Who is large: whom the person keeps there, else a screen that somebody shows, else who speaks where that is wanted. */
export function planStage(shown: readonly Shown[], choice: Choice): StagePlan {
  const large = largeOf(shown, choice);
  return { large, others: shown.filter(({ key }) => key !== large).map(({ key }) => key) };
}

function largeOf(shown: readonly Shown[], { view, pinned, speaker }: Choice): string | undefined {
  if (shown.length < 2) return undefined;
  if (shown.some(({ key }) => key === pinned)) return pinned;
  // Our own screen in the picture of our own screen helps nobody.
  const screen = shown.findLast(({ kind, own }) => kind === 'screen' && !own);
  if (screen) return screen.key;
  if (view === 'grid') return undefined;
  const cameras = shown.filter(({ kind, own }) => kind === 'camera' && !own);
  return (cameras.find(({ key }) => key === speaker) ?? cameras[0])?.key;
}
