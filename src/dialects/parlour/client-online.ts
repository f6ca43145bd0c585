/** What browsers have and Node has not. */
interface OnlineEvents {
  addEventListener?(type: 'online', listener: () => void): void;
  removeEventListener?(type: 'online', listener: () => void): void;
}

/** Calls when the browser says that it is online again; never in Node. Returns what ends it. */
export function whenOnline(listener: () => void): () => void {
  const scope = globalThis as OnlineEvents;
  scope.addEventListener?.('online', listener);
  return () => scope.removeEventListener?.('online', listener);
}
