import { GaleneClient } from '../../src/dialects/galene/client.ts';
import { DatachannelPeer } from '../../src/dialects/galene/client-datachannel-peer.ts';
import type { DownStream } from '../../src/dialects/galene/client-down-stream.ts';
import { EVERYTHING } from '../../src/dialects/galene/client-frames.ts';
import {
  publishSynthetic,
  receiveSynthetic,
  syntheticTracks,
} from '../../src/dialects/galene/client-synthetic-media.ts';

/*
 * People of one group on Galène's wire, with real packets. Arguments: address, group, and what they do:
 * - `audience COUNT`: one of them has a camera, the others watch it. Prints `ready` when all see it.
 * - `newcomers`: prints `ready`; each message `next` lets one come, watch and go, and is answered by `seen`.
 */
const [url = '', group = '', part = '', count = '1'] = process.argv.slice(2);

/** What one newcomer waited for the first picture, in milliseconds. */
export interface Seen {
  readonly type: 'seen';
  readonly sinceRequest: number;
  readonly sinceOffer: number;
}

function enter(username: string): Promise<GaleneClient> {
  return GaleneClient.enter({
    url,
    group,
    username,
    peerConnection: (configuration) => new DatachannelPeer({ bindAddress: '127.0.0.1', configuration }),
  });
}

function peerOf({ connection }: { readonly connection: unknown }): DatachannelPeer {
  if (!(connection instanceof DatachannelPeer)) throw new TypeError('the stream has another kind of connection');
  return connection;
}

/** As browsers send it: no keyframes but those that are asked for. */
async function publish(): Promise<void> {
  const client = await enter('publisher');
  const stream = client.publish({ tracks: syntheticTracks({ audio: true, video: true }) });
  await stream.answered;
  publishSynthetic(peerOf(stream), { keyframeEveryMs: 0 });
}

/** Resolves with the times of the offer and of the first picture that could be shown, and how to stop watching. */
function watch(client: GaleneClient): Promise<{ readonly offered: number; readonly shown: number; stop(): void }> {
  return new Promise((resolve) => {
    client.on('down', ({ stream }) => {
      const offered = performance.now();
      void shown(stream).then((end) => resolve({ offered, ...end }));
    });
  });
}

function shown(stream: DownStream): Promise<{ readonly shown: number; stop(): void }> {
  const peer = peerOf(stream);
  const media = receiveSynthetic(peer);
  return new Promise((resolve) => {
    peer.onRtp(() => {
      const isShown = (media.latest('video')?.decodable ?? 0) > 0;
      if (isShown) resolve({ shown: performance.now(), stop: () => media.close() });
    });
  });
}

async function audience(members: number): Promise<void> {
  await publish();
  for (let i = 1; i < members; i += 1) {
    const client = await enter(`watcher-${i}`);
    const watching = watch(client);
    client.request(EVERYTHING);
    await watching;
  }
}

async function newcomer(number: number): Promise<Seen> {
  const client = await enter(`newcomer-${number}`);
  const watching = watch(client);
  const requested = performance.now();
  client.request(EVERYTHING);
  const { offered, shown, stop } = await watching;
  stop();
  await client.close();
  return { type: 'seen', sinceRequest: shown - requested, sinceOffer: shown - offered };
}

if (part === 'audience') await audience(Number(count));
let number = 0;
process.on('message', () => {
  number += 1;
  void newcomer(number).then((seen) => process.send?.(seen));
});
process.stdout.write('ready\n');
