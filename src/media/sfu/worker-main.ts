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
/** What is recorded has so long to reach the disk, in milliseconds. */
const PATIENCE = 3_000;

// Not by closing everything first: the library's threads may take their time, and there is nobody left to serve.
const end = () => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', () => {
  setTimeout(end, PATIENCE);
  forwarder.finish().then(end, end);
});
// The terminal's Ctrl-C reaches us, too, but the server says when we end: by going away.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
