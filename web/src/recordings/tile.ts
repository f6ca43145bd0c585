import { endOf } from './clip.ts';
import type { ClipVideo } from './clip-video.ts';
import { element } from './element.ts';
import { clipAt } from './lanes.ts';
import { clockText } from './time-text.ts';

export interface Tile {
  readonly element: HTMLElement;
  /** Shows what is to be seen there at this position, in seconds, or says why there is nothing. */
  show(position: number): void;
}

/** The place on the screen for one person's files, which follow each other. */
export function tileOf(lane: readonly ClipVideo[], { enlarge }: { enlarge(tile: HTMLElement): void }): Tile {
  const title = lane[0]?.title ?? '';
  const words = element('p', { class: 'absent' });
  const large = element('button', { type: 'button', class: 'tile-tool', 'aria-pressed': 'false' }, 'Large');
  large.setAttribute('aria-label', `Show large: ${title}`);
  const name = element('figcaption', {}, element('span', {}, title), large);
  const tile = element('figure', { class: 'tile' }, ...lane.map((clip) => clip.element), words, name);
  large.addEventListener('click', () => enlarge(tile));
  let said = '';
  const show = (position: number): void => {
    const current = clipAt(lane, position);
    for (const clip of lane) clip.element.hidden = clip !== current || clip.hasFailed;
    const text = current?.hasFailed ? `failed ${current.address}` : current ? '' : absenceOf(lane, position);
    if (text === said) return;
    said = text;
    words.hidden = text === '';
    tile.toggleAttribute('data-absent', text !== '');
    words.replaceChildren(...(current?.hasFailed ? failureOf(current) : [text]));
  };
  return { element: tile, show };
}

/** Where somebody is not there, when they are, or were. */
function absenceOf(lane: readonly ClipVideo[], position: number): string {
  const next = lane.find(({ offset }) => offset > position);
  const before = lane.filter(({ offset }) => offset <= position).at(-1);
  const end = before && endOf(before);
  if (next) return before ? `Goes on at ${clockText(next.offset)}` : `Begins at ${clockText(next.offset)}`;
  return end === undefined ? '' : `Ended at ${clockText(end)}`;
}

function failureOf({ address, title }: ClipVideo): readonly Node[] {
  const link = element('a', { href: address, download: '', 'aria-label': `Download ${title}` }, 'Download it');
  const text = 'This browser cannot play this file. ';
  return [document.createTextNode(text), link, document.createTextNode(' for a program such as VLC.')];
}
