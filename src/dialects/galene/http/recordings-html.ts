import { escapeHtml } from '../../../markup/escape-html.ts';
import type { RouteResponse } from '../../http.ts';

/** Nothing but our own style sheet and script, and the files. */
const SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For whatever is below `/recordings/`: other people's pages get nothing of it, by whatever element. */
export const OURS_ALONE = { 'cross-origin-resource-policy': 'same-origin' } as const;

interface PageParts {
  /** How the server calls itself. */
  readonly title: string;
  readonly heading: string;
  /** HTML, above the heading. */
  readonly before?: string;
  /** HTML. */
  readonly content: string;
}

export function recordingsPage(
  status: number,
  { title, heading, before = '', content }: PageParts,
  headers: Readonly<Record<string, string>> = {},
): RouteResponse {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/recordings-page.css">
<script type="module" src="/recordings-page.js"></script>
<title>${escapeHtml(heading)} | ${escapeHtml(title)}</title>
</head>
<body>
<header class="top"><a href="/">${escapeHtml(title)}</a></header>
<main>
${before}<h1>${escapeHtml(heading)}</h1>
${content}
</main>
</body>
</html>
`;
  return {
    status,
    headers: {
      ...OURS_ALONE,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': SECURITY_POLICY,
      ...headers,
    },
    body,
  };
}

/** In the server's time; the script says it in the reader's. Files may say a time that there is not. */
export function timeHtml(ms: number): string {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return 'Some time';
  const text = at.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  return `<time datetime="${at.toISOString()}">${escapeHtml(text)}</time>`;
}

export function lengthText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const count = bytes / 1000 ** power;
  return `${count.toFixed(count < 10 ? 1 : 0)} ${['', 'kB', 'MB', 'GB'][power]}`;
}
