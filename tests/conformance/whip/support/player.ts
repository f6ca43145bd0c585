import {
  DatachannelPeer,
  type DatachannelPeerOptions,
} from '../../../../src/dialects/galene/client-datachannel-peer.ts';
import { receiveSynthetic, type SyntheticReceiver } from '../../../../src/dialects/galene/client-synthetic-media.ts';
import { WhepPlayer, type WhipOptions } from '../../../../src/dialects/whip/client.ts';

/** Somebody who plays sound and pictures by WHEP, with a connection as a browser has it. */
export class ScriptedViewer {
  readonly player: WhepPlayer;
  readonly peer: DatachannelPeer;
  readonly media: SyntheticReceiver;

  static async begin(
    url: string,
    options: Partial<WhipOptions> & { readonly connection?: DatachannelPeerOptions } = {},
  ): Promise<ScriptedViewer> {
    const { connection = {}, ...rest } = options;
    const peer = new DatachannelPeer({ bindAddress: '127.0.0.1', ...connection });
    for (const kind of ['audio', 'video']) peer.addTransceiver(kind, { direction: 'recvonly' });
    return new ScriptedViewer(await WhepPlayer.play({ url, peer, ...rest }), peer);
  }

  private constructor(player: WhepPlayer, peer: DatachannelPeer) {
    this.player = player;
    this.peer = peer;
    this.media = receiveSynthetic(peer);
  }

  /** Pictures that could be shown so far. */
  get shown(): number {
    return this.#sum(({ kind, decodable }) => (kind === 'video' ? decodable : 0));
  }

  /** Packets of sound that came so far. */
  get heard(): number {
    return this.#sum(({ kind, packets }) => (kind === 'audio' ? packets : 0));
  }

  async close(): Promise<void> {
    this.media.close();
    await this.player.close();
  }

  #sum(of: (track: SyntheticReceiver['statistics'][number]) => number): number {
    return this.media.statistics.reduce((sum, track) => sum + of(track), 0);
  }
}
