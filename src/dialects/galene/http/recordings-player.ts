import { escapeHtml } from '../../../markup/escape-html.ts';
import type { Recording, RoomCard } from '../../desk.ts';
import type { RouteResponse } from '../../http.ts';
import { groupOf } from './recording-access.ts';
import { PLAYED_BYTES } from './recording-response.ts';
import type { RecordingSession } from './recording-sessions.ts';
import { recordingsPage, timeHtml } from './recordings-html.ts';
import { titleOf } from './recordings-list.ts';

interface PlayerParts {
  readonly room: RoomCard;
  /** How the server calls itself. */
  readonly title: string;
  readonly session: RecordingSession;
}

/**
 * All files of a recording, to be played together: the script lays them on one timeline by their `data-` attributes.
 * Without it, each can be played by itself.
 */
export function playerPage(
  { room, title, session }: PlayerParts,
  headers: Readonly<Record<string, string>>,
): RouteResponse {
  const before = `<p class="place"><a href="./">All recordings</a> · ${escapeHtml(room.title || groupOf(room))} · ${timeHtml(session.startedAt)}</p>`;
  const growing =
    '<p class="sum">It is still being recorded, and is played as far as it went when this page was opened.</p>';
  const content = `${session.isGrowing ? growing : ''}<div class="player" data-player>
<div class="stage">
${session.files.map((file) => clipHtml(file, session)).join('\n')}
</div>
</div>
<noscript><p>This page needs scripts to play the files together. Without them, each can be played by itself.</p></noscript>`;
  return recordingsPage(200, { title, heading: 'Recording', before, content }, headers);
}

function clipHtml(file: Recording, session: RecordingSession): string {
  const address = escapeHtml(encodeURIComponent(file.file));
  const played = file.isGrowing ? `${address}?${PLAYED_BYTES}=${file.bytes}` : address;
  const title = escapeHtml(titleOf(file));
  const data = {
    'data-offset': file.startedAt - session.startedAt,
    'data-duration': file.durationMs ?? '',
    'data-track': `${file.publisher}\n${file.label}\n${file.publisher === '' ? file.file : ''}`,
    'data-title': titleOf(file),
  };
  const attributes = Object.entries(data).map(([name, value]) => `${name}="${escapeHtml(String(value))}"`);
  return `<figure class="clip" ${attributes.join(' ')}>
<video src="${played}" controls preload="none" playsinline aria-label="${title}"></video>
<figcaption>${title} <a href="${address}" download>Download</a></figcaption>
</figure>`;
}
