import type { IncomingMessage } from 'node:http';

/**
 * Whose request it is: the peer's address, or, where a proxy is trusted to say so, the last one in X-Forwarded-For. What
 * stands before it was said by whoever asked the proxy, and may be anything.
 */
export function clientAddress(request: IncomingMessage, { trustProxy }: { readonly trustProxy: boolean }): string {
  const own = request.socket.remoteAddress ?? 'unknown';
  if (!trustProxy) return own;
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
  return forwarded.split(',').at(-1)?.trim() || own;
}
