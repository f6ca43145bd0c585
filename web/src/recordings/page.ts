import './page.css';
import { ClipVideo } from './clip-video.ts';
import { controlsFor } from './controls.ts';
import { listenToKeys } from './keys.ts';
import { lanesOf } from './lanes.ts';
import { Player } from './player.ts';
import { stageOf } from './stage.ts';

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });

/** The server says its own time, which may be another than the reader's. */
for (const time of document.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime));

const place = document.querySelector<HTMLElement>('[data-player]');
if (place) begin(place);

function begin(place: HTMLElement): void {
  const clips = [...place.querySelectorAll<HTMLElement>('.clip')].flatMap((figure) => {
    const video = figure.querySelector('video');
    return video ? [new ClipVideo(figure, video)] : [];
  });
  const lanes = lanesOf(clips);
  const stage = stageOf(lanes);
  const controls = controlsFor(lanes, () => player);
  place.replaceChildren(stage.element, controls.element);
  document.body.classList.add('playing');
  const player: Player = new Player({
    lanes,
    now: () => performance.now(),
    changed: (state) => {
      stage.show(state.position);
      controls.show(state);
    },
  });
  listenToKeys(player);
}
