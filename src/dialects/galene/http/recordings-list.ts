import { escapeHtml } from '../../../markup/escape-html.ts';
import type { Recording, RoomCard } from '../../desk.ts';
import type { RouteResponse } from '../../http.ts';
import { groupOf } from './recording-access.ts';
import type { RecordingSession } from './recording-sessions.ts';
import { lengthText, recordingsPage, sizeText, timeHtml } from './recordings-html.ts';

/** So many on a page. */
const SESSIONS = 50;

interface ListParts {
  readonly room: RoomCard;
  /** How the server calls itself. */
  readonly title: string;
  readonly sessions: readonly RecordingSession[];
  /** From 1. */
  readonly page: number;
  /** The field of forms. */
  readonly token: string;
}

/** All that was recorded in a room, and what can be done with it without any script. */
export function listPage(parts: ListParts, headers: Readonly<Record<string, string>>): RouteResponse {
  const { room, title, sessions, page, token } = parts;
  const shown = sessions.slice((page - 1) * SESSIONS, page * SESSIONS);
  const bytes = sessions.reduce((sum, session) => sum + session.bytes, 0);
  const content =
    sessions.length === 0
      ? '<p class="empty">Nothing was recorded here, or it was deleted.</p>'
      : `<p class="sum">${countText(sessions.length, 'recording')}, ${sizeText(bytes)}</p>
${shown.map((session) => sessionHtml(session, token)).join('\n')}
${pagesHtml(page, Math.ceil(sessions.length / SESSIONS))}`;
  const before = `<p class="place">${escapeHtml(room.title || groupOf(room))}</p>`;
  return recordingsPage(200, { title, heading: 'Recordings', before, content }, headers);
}

function sessionHtml({ id, startedAt, durationMs, files, bytes, isGrowing }: RecordingSession, token: string): string {
  const facts = [
    ...(durationMs > 0 ? [lengthText(durationMs)] : []),
    countText(files.length, 'file'),
    sizeText(bytes),
    ...(isGrowing ? ['being recorded'] : []),
  ].join(' · ');
  const all = files.length > 1 ? deleteForm(files, { token, what: `All ${files.length} files of this recording` }) : '';
  return `<section class="session">
<div class="session-head">
<div><h2>${timeHtml(startedAt)}</h2><p class="facts">${facts}</p></div>
<a class="button" href="?session=${encodeURIComponent(id)}">${files.length > 1 ? 'Play together' : 'Play'}</a>
</div>
<ul class="files">
${files.map((file) => fileHtml(file, { startedAt, token })).join('\n')}
</ul>
${all}</section>`;
}

function fileHtml(file: Recording, session: { readonly startedAt: number; readonly token: string }): string {
  const address = escapeHtml(encodeURIComponent(file.file));
  const after = file.startedAt - session.startedAt;
  const facts = [
    ...(after >= 1000 ? [`${lengthText(after)} later`] : []),
    ...(file.durationMs === undefined ? [] : [lengthText(file.durationMs)]),
    sizeText(file.bytes),
    file.file.endsWith('.mkv') ? 'Matroska' : 'WebM',
    ...(file.isGrowing ? ['being recorded'] : []),
  ].join(' · ');
  const name = escapeHtml(titleOf(file));
  const what = escapeHtml(`${titleOf(file)}, ${lengthText(after)} into the recording`);
  return `<li>
<div class="who"><b>${name}</b><span class="facts">${escapeHtml(facts)}</span></div>
<div class="tools">
<a href="${address}" aria-label="Open ${what}">Open</a>
<a href="${address}" download aria-label="Download ${what}">Download</a>
</div>
${file.isGrowing ? '' : deleteForm([file], { token: session.token, what: titleOf(file) })}
</li>`;
}

/** Two steps, without a script: what is deleted is gone. */
function deleteForm(
  files: readonly Recording[],
  { token, what }: { readonly token: string; readonly what: string },
): string {
  const names = files.map(({ file }) => `<input type="hidden" name="filename" value="${escapeHtml(file)}">`).join('');
  const label = files.length > 1 ? 'Delete all' : 'Delete';
  return `<details class="delete"><summary aria-label="${escapeHtml(`${label}: ${what}`)}">${label}</summary>
<form method="post"><input type="hidden" name="q" value="delete"><input type="hidden" name="token" value="${escapeHtml(token)}">${names}
<p>${escapeHtml(what)} will be gone for good.</p><button>Delete for good</button></form></details>`;
}

function pagesHtml(page: number, pages: number): string {
  if (pages <= 1) return '';
  const link = (to: number, text: string) => (to < 1 || to > pages ? '' : `<a href="?page=${to}">${text}</a>`);
  return `<nav class="pages" aria-label="Pages">${link(page - 1, 'Newer')} <span>Page ${page} of ${pages}</span> ${link(page + 1, 'Older')}</nav>`;
}

/** Whom or what it shows; of a file that does not say, its name. */
export function titleOf({ publisher, label, file }: Recording): string {
  if (publisher === '' && label === '') return file;
  const what = label === 'screenshare' ? 'screen' : label === 'video' ? 'video' : label;
  return [publisher || 'Somebody', what].filter((part) => part !== '').join(', ');
}

function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
