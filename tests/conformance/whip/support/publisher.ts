import {
  DatachannelPeer,
  type DatachannelPeerOptions,
} from '../../../../src/dialects/galene/client-datachannel-peer.ts';
import {
  publishSynthetic,
  type SyntheticPublisher,
  syntheticTracks,
} from '../../../../src/dialects/galene/client-synthetic-media.ts';
import { type WhipOptions, WhipPublisher } from '../../../../src/dialects/whip/client.ts';

export interface ScriptedPublisher {
  readonly publisher: WhipPublisher;
  readonly peer: DatachannelPeer;
  readonly media: SyntheticPublisher;
}

/** Somebody who publishes sound and pictures over WHIP with a connection as a browser has it. */
export async function publishByWhip(
  url: string,
  options: Partial<WhipOptions> & { readonly connection?: DatachannelPeerOptions } = {},
): Promise<ScriptedPublisher> {
  const { connection = {}, ...rest } = options;
  const peer = new DatachannelPeer({ bindAddress: '127.0.0.1', ...connection });
  for (const { track } of syntheticTracks({ audio: true, video: true })) {
    peer.addTransceiver(track, { direction: 'sendonly' });
  }
  const publisher = await WhipPublisher.publish({ url, peer, ...rest });
  return { publisher, peer, media: publishSynthetic(peer, { keyframeEveryMs: 0 }) };
}
