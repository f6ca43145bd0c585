import { SfuMedia } from '../sfu/sfu-media.ts';

/** A server with two processes that forward, which says who they are and then waits to be killed. */
const log = { info: () => {}, warn: () => {}, error: () => {} };
const media = new SfuMedia({ workers: 2, announced: [], iceServers: () => [], log });
process.send?.(media.pids);
setInterval(() => {}, 1_000);
