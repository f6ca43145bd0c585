import { getRandomValues } from 'node:crypto';
import { Forwarder } from './forwarder.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** A process that forwards. It does what its parent says, and ends with it. */
const forwarder = new Forwarder({
  tell: (message: FromWorker) => {
    if (process.connected) process.send?.(message);
  },
  // Unlike the time of day it never goes back.
  now: () => performance.timeOrigin + performance.now(),
  random: () => getRandomValues(new Uint32Array(1))[0] ?? 0,
});

process.on('message', (message: ToWorker) => forwarder.take(message));
// Not by closing everything first: the library's threads may take their time, and there is nobody left to serve.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// The terminal's Ctrl-C reaches us, too, but the server says when we end: by going away.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
