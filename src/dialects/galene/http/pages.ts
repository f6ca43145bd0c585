import type { Desk, RoomCard } from '../../desk.ts';
import { type RouteRequest, type RouteResponse, withQuery } from '../../http.ts';

/** The page of an original front end where the operator has one, and else our own client. */
export function groupPage({ query }: RouteRequest, desk: Desk, card: RoomCard): RouteResponse {
  const { html } = desk.settings.galene;
  if (html === undefined) {
    const location = withQuery(`/r/${encodeURIComponent(card.name)}`, query);
    return { status: 302, headers: { location, 'cache-control': 'no-cache' } };
  }
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': contentPolicy(card.terms?.authServer),
      'referrer-policy': 'no-referrer',
      'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self), fullscreen=(self)',
    },
    body: html,
  };
}

/** `spec/galene.md` 3.4: `unsafe-eval` is for the WebAssembly of its filters. */
function contentPolicy(authServer: string | undefined): string {
  const origin = URL.parse(authServer ?? '')?.origin;
  return [
    `connect-src ${origin === undefined ? '' : `${origin} `}ws: wss: 'self'`,
    "img-src 'self'",
    "media-src blob: 'self'",
    "script-src 'unsafe-eval' 'self'",
    "default-src 'self'",
  ].join('; ');
}

export function notFound(): RouteResponse {
  const text = 'There is no such group here.';
  return {
    status: 404,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Not found</title><h1>${text}</h1><p><a href="/">To the start</a></p></html>`,
  };
}
