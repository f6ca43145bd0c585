import { endOf } from './clip.ts';
import type { ClipVideo } from './clip-video.ts';
import { element, icon } from './element.ts';
import type { Player, PlayerState } from './player.ts';
import { clockText, spokenTime } from './time-text.ts';

export interface Controls {
  readonly element: HTMLElement;
  show(state: PlayerState): void;
}

const SKIP = 10;
const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

const PLAY = icon('M7 4.5v15l12-7.5z');
const PAUSE = icon('M8 5v14', 'M16 5v14');
const BACK = icon('M4 12a8 8 0 1 0 2.6-5.9', 'M4 4v4h4');
const ON = icon('M20 12a8 8 0 1 1-2.6-5.9', 'M20 4v4h-4');
const SOUND = icon('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z', 'M15.5 9a4 4 0 0 1 0 6', 'M18 6.5a7.5 7.5 0 0 1 0 11');
const SILENCE = icon('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z', 'M16 9.5l5 5', 'M21 9.5l-5 5');

/** One set of controls for all that is played together. */
export function controlsFor(lanes: readonly (readonly ClipVideo[])[], player: () => Player): Controls {
  const bars = lanesElement(lanes);
  const scrub = range('Position', { max: 0, step: 'any', value: 0 });
  scrub.addEventListener('input', () => player().seek(scrub.valueAsNumber));
  const play = button('Play', PLAY, () => player().toggle());
  play.classList.add('play');
  const back = button(`Back ${SKIP} seconds`, BACK, () => player().seekBy(-SKIP));
  const on = button(`Forward ${SKIP} seconds`, ON, () => player().seekBy(SKIP));
  const mute = button('Mute', SOUND, () => player().toggleMute());
  const volume = range('Volume', { max: 1, step: 0.05, value: 1 });
  volume.classList.add('volume');
  volume.addEventListener('input', () => player().setVolume(volume.valueAsNumber));
  const speed = speedSelect((rate) => player().setRate(rate));
  const time = element('span', { class: 'time' });
  const news = element('p', { role: 'status', class: 'news' });
  const row = element('div', { class: 'row' }, back, play, on, time, news, mute, volume, speed);
  const made = element('div', { class: 'controls', role: 'group', 'aria-label': 'Playback' });
  made.append(element('div', { class: 'scrub' }, bars.element, scrub), row);
  return {
    element: made,
    show: (state) => {
      bars.show(state.total);
      scrub.max = String(state.total);
      scrub.value = String(state.position);
      scrub.setAttribute('aria-valuetext', `${spokenTime(state.position)} of ${spokenTime(state.total)}`);
      set(time, `${clockText(state.position)} / ${clockText(state.total)}`);
      set(news, state.isWaiting ? 'Loading…' : '');
      dress(play, state.isPlaying ? ['Pause', PAUSE] : ['Play', PLAY]);
      const isSilent = state.isMuted || state.volume === 0;
      dress(mute, isSilent ? ['Unmute', SILENCE] : ['Mute', SOUND]);
      volume.value = String(isSilent ? 0 : state.volume);
      speed.value = String(state.rate);
    },
  };
}

/** Who is there when. */
function lanesElement(lanes: readonly (readonly ClipVideo[])[]) {
  const bars = lanes.flat().map((clip) => ({ clip, bar: element('span', { class: 'bar' }) }));
  const rows = lanes.map((lane) =>
    element('span', { class: 'lane' }, ...bars.filter(({ clip }) => lane.includes(clip)).map(({ bar }) => bar)),
  );
  const show = (total: number): void => {
    for (const { clip, bar } of bars) {
      const end = endOf(clip) ?? total;
      bar.style.left = `${(clip.offset / Math.max(total, 0.1)) * 100}%`;
      bar.style.width = `${(Math.max(0, end - clip.offset) / Math.max(total, 0.1)) * 100}%`;
    }
  };
  return { element: element('div', { class: 'lanes', 'aria-hidden': 'true' }, ...rows), show };
}

function button(label: string, drawing: SVGElement, run: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', 'aria-label': label, title: label }, drawing.cloneNode(true));
  made.addEventListener('click', run);
  return made;
}

/** Only what is another: whoever has it under their finger keeps it. */
function dress(made: HTMLButtonElement, [label, drawing]: readonly [string, SVGElement]): void {
  if (made.title === label) return;
  made.title = label;
  made.setAttribute('aria-label', label);
  made.replaceChildren(drawing.cloneNode(true));
}

function range(label: string, attributes: Readonly<Record<string, string | number>>): HTMLInputElement {
  return element('input', { type: 'range', min: 0, 'aria-label': label, ...attributes });
}

function speedSelect(chosen: (rate: number) => void): HTMLSelectElement {
  const options = RATES.map((rate) => element('option', { value: rate }, `${rate}×`));
  const made = element('select', { class: 'speed', 'aria-label': 'Speed' }, ...options);
  made.addEventListener('change', () => chosen(Number(made.value)));
  return made;
}

function set(made: HTMLElement, text: string): void {
  if (made.textContent !== text) made.textContent = text;
}
