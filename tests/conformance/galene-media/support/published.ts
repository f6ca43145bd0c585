import { DatachannelPeer } from '../../../../src/dialects/galene/client-datachannel-peer.ts';
import {
  type PublishSyntheticOptions,
  publishSynthetic,
  type SyntheticPublisher,
} from '../../../../src/dialects/galene/client-synthetic-media.ts';
import type { LayerStatistics } from '../../../../src/dialects/galene/client-synthetic-publisher.ts';
import type { UpStream } from '../../../../src/dialects/galene/client-up-stream.ts';
import { Reports } from './reports.ts';

/** A stream with made-up packets, without keyframes but those that are asked for, and the first. */
export class Published {
  readonly stream: UpStream;
  readonly peer: DatachannelPeer;
  readonly reports: Reports;
  readonly media: SyntheticPublisher;

  constructor(stream: UpStream, options: PublishSyntheticOptions = {}) {
    this.stream = stream;
    this.peer = peerOf(stream);
    this.reports = new Reports(this.peer);
    this.media = publishSynthetic(this.peer, { keyframeEveryMs: 0, ...options });
  }

  get id(): string {
    return this.stream.id;
  }

  /** Of the pictures, from the largest size to the smallest. */
  get videos(): readonly LayerStatistics[] {
    return this.media.statistics.filter(({ kind }) => kind === 'video');
  }

  /** Bits per second that the server last said may be sent. */
  get allowed(): number | undefined {
    return this.media.remb?.bitrate;
  }
}

export function peerOf({ connection }: { readonly connection: unknown }): DatachannelPeer {
  if (!(connection instanceof DatachannelPeer)) throw new TypeError('The stream has another kind of connection.');
  return connection;
}
