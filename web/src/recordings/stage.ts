import type { ClipVideo } from './clip-video.ts';
import { type Tile, tileOf } from './tile.ts';

export interface Stage {
  readonly element: HTMLElement;
  show(position: number): void;
}

/** All who are seen, alike, or one of them large. */
export function stageOf(lanes: readonly (readonly ClipVideo[])[]): Stage {
  const stage = document.createElement('div');
  stage.className = 'stage';
  const enlarge = (wanted: HTMLElement): void => {
    const isLarge = wanted.hasAttribute('data-large');
    for (const { element } of tiles) mark(element, element === wanted && !isLarge);
    stage.toggleAttribute('data-focused', !isLarge);
  };
  const tiles: readonly Tile[] = lanes.map((lane) => tileOf(lane, { enlarge }));
  stage.append(...tiles.map(({ element }) => element));
  stage.style.setProperty('--columns', String(Math.ceil(Math.sqrt(lanes.length))));
  return {
    element: stage,
    show: (position) => {
      for (const tile of tiles) tile.show(position);
    },
  };
}

function mark(tile: HTMLElement, isLarge: boolean): void {
  tile.toggleAttribute('data-large', isLarge);
  tile.querySelector('button')?.setAttribute('aria-pressed', String(isLarge));
}
