import { escapeHtml } from '../../../markup/escape-html.ts';
import type { RoomCard } from '../../desk.ts';
import type { RouteResponse } from '../../http.ts';

const SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self' ws: wss:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ');

const MINUTE = 60_000;

interface PageParts {
  /** How the server calls itself. */
  readonly title: string;
  readonly heading: string;
  /** HTML. */
  readonly content?: string;
}

/** One of our own pages. */
export function page(
  status: number,
  { title, heading, content = '' }: PageParts,
  headers: Readonly<Record<string, string>> = {},
): RouteResponse {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<title>${escapeHtml(heading)} | ${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><a href="/">${escapeHtml(title)}</a><nav><a href="/rooms">Make a room</a> <a href="/public">Public rooms</a></nav></header>
<main>
<h1>${escapeHtml(heading)}</h1>
${content}
</main>
</body>
</html>
`;
  return html(status, body, headers);
}

function html(status: number, body: string, headers: Readonly<Record<string, string>>): RouteResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': SECURITY_POLICY,
      'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self), fullscreen=(self)',
      ...headers,
    },
    body,
  };
}

interface FormParts {
  /** The field that tells the form for ours. */
  readonly token: string;
  readonly action: string;
  readonly alert?: string;
  readonly name?: string;
}

export function createForm({ token, action, alert, name = '' }: FormParts): string {
  return `${alertOf(alert)}<form id="create-room-form" method="post" action="${escapeHtml(action)}">
<input type="hidden" name="csrf_token" value="${escapeHtml(token)}">
<label>Name <input name="room_name" required maxlength="64" value="${escapeHtml(name)}" autocomplete="off"></label>
<label>Password, if there shall be one <input name="password" type="password" maxlength="256" autocomplete="new-password"></label>
<label>In the list of public rooms <select name="public"><option>No</option><option>Yes</option></select></label>
<label>At most <select name="guest_limit"><option value="0">as many as come</option><option>2</option><option>3</option><option>5</option><option>10</option></select></label>
<button name="submit" value="Create">Make the room</button>
</form>`;
}

export function joinForm({ token, action, alert }: FormParts): string {
  return `${alertOf(alert)}<form id="join-room-form" method="post" action="${escapeHtml(action)}">
<input type="hidden" name="csrf_token" value="${escapeHtml(token)}">
<label>Password <input name="password" type="password" required maxlength="256" autocomplete="off" autofocus></label>
<button name="submit" value="Join">Enter</button>
</form>`;
}

function alertOf(alert: string | undefined): string {
  return alert === undefined ? '' : `<p class="alert" role="alert">${escapeHtml(alert)}</p>`;
}

export function roomTable(rooms: readonly RoomCard[], now: number): string {
  if (rooms.length === 0) return '<p>No rooms are available</p>';
  const rows = rooms.map(
    (room) => `<tr><td><a id="room-link-${room.name}" href="/room/${room.name}">${escapeHtml(room.title)}</a>${
      room.hasPassword ? ' <span title="It asks for a password">(password)</span>' : ''
    }</td><td>${room.members}${room.guestLimit > 0 ? ` / ${room.guestLimit}` : ''}</td><td>${agoOf(now - room.activeAt)}</td>
<td><a href="/r/${room.name}">Open in Parlour</a></td></tr>`,
  );
  return `<table><thead><tr><th>Room</th><th>People</th><th>Last active</th><th>Our client</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function agoOf(milliseconds: number): string {
  const minutes = Math.floor(Math.max(0, milliseconds) / MINUTE);
  return minutes === 0 ? 'now' : `${minutes} min ago`;
}

/**
 * The page that the original's bundle runs in (`spec/camus.md` 8): its place, its style sheets and, at the end, the
 * script. Without one, it leads to our own client; programs that speak the wire may connect beside it.
 */
export function clientPage(
  { room, title, script }: { readonly room: RoomCard; readonly title: string; readonly script?: string },
  headers: Readonly<Record<string, string>>,
): RouteResponse {
  if (script === undefined) {
    const content = `<div id="react-root" class="react-root"></div>
<p>This room is open. Come in with your camera, or for the chat alone.</p>
<p><a class="button" href="/r/${room.name}">Open in Parlour</a></p>`;
    return page(200, { title, heading: room.title, content }, headers);
  }
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} | ${escapeHtml(room.title)}</title>
<link rel="stylesheet" href="/bootstrap/bootstrap.min.css">
<link rel="stylesheet" href="/static/css/app.css">
<link rel="stylesheet" href="/static/css/icons.css">
<link rel="alternate" title="Open in Parlour" href="/r/${room.name}">
</head>
<body>
<div id="react-root" class="react-root"></div>
<script src="${escapeHtml(script)}"></script>
</body>
</html>
`;
  return html(200, body, headers);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #2a2522; --paper: #faf8f5; --card: #fff; --line: #d9d2c9; --accent: #8a3b12; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f1ece6; --paper: #1c1917; --card: #292524; --line: #4a443f; --accent: #f0a878; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; justify-content: space-between; padding: 1rem 1.5rem; border-bottom: 1px solid var(--line); }
header > a { font-weight: 700; text-decoration: none; color: inherit; }
nav { display: flex; gap: 1rem; }
a { color: var(--accent); }
main { max-width: 40rem; margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.2; }
form { display: grid; gap: 1rem; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
label { display: grid; gap: .3rem; }
input, select, button { font: inherit; color: inherit; padding: .55rem .7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); width: 100%; }
button, .button { cursor: pointer; background: var(--accent); color: var(--paper); border-color: transparent; font-weight: 600; }
.button { display: inline-block; padding: .6rem 1rem; border-radius: 8px; text-decoration: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alert { padding: .7rem 1rem; border: 1px solid var(--accent); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
`;
