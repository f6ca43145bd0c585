import type { DatachannelPeer } from './client-datachannel-peer.ts';
import type { DatachannelTransceiver } from './client-datachannel-transceiver.ts';
import { systemTiming } from './client-options.ts';
import {
  SyntheticPublisher,
  type SyntheticPublisherOptions,
  type SyntheticTrack,
} from './client-synthetic-publisher.ts';
import { type ReceivedTrack, SyntheticReceiver, type SyntheticReceiverOptions } from './client-synthetic-receiver.ts';
import type { VideoShape } from './client-synthetic-video.ts';
import type { PublishedTrack } from './client-up-stream.ts';

export { SyntheticPublisher, SyntheticReceiver };

export type PublishSyntheticOptions = Partial<
  Pick<SyntheticPublisherOptions, 'timing' | 'random' | 'framesPerSecond' | 'keyframeEveryMs' | 'temporalLayers'>
> & {
  /** Of each size of pictures, from the largest; what is not said is made up. */
  readonly shapes?: readonly Partial<VideoShape>[];
};

/** Tracks to publish: sound, and pictures in the sizes that `rids` name, from the largest to the smallest. */
export function syntheticTracks(options: {
  readonly audio?: true;
  readonly video?: true;
  readonly rids?: readonly string[];
}): readonly PublishedTrack[] {
  const encodings = options.rids?.map((rid, index) => ({ rid, scaleResolutionDownBy: 2 ** index }));
  return [
    ...(options.audio ? [{ track: { kind: 'audio', id: 'synthetic-audio' } }] : []),
    ...(options.video
      ? [{ track: { kind: 'video', id: 'synthetic-video' }, ...(encodings ? { encodings } : {}) }]
      : []),
  ];
}

/** Sends made-up packets on every track that was agreed on, from when the way is open. Close it before its peer. */
export function publishSynthetic(peer: DatachannelPeer, options: PublishSyntheticOptions = {}): SyntheticPublisher {
  const { shapes = [], timing = systemTiming, random = Math.random, ...rest } = options;
  const tracks = peer.transceivers.flatMap((transceiver) => sentTrack(transceiver, shapes));
  const send = (packet: Buffer) => peer.send(packet);
  const publisher = new SyntheticPublisher({ ...rest, tracks, cname: peer.cname, timing, random, send });
  peer.onRtcp((packet) => publisher.receiveRtcp(packet));
  return publisher;
}

/** Checks everything that comes by a connection. Close it before its peer. */
export function receiveSynthetic(
  peer: DatachannelPeer,
  options: Partial<Omit<SyntheticReceiverOptions, 'send'>> = {},
): SyntheticReceiver {
  const { timing = systemTiming, random = Math.random, ...rest } = options;
  const receiver = new SyntheticReceiver({ ...rest, timing, random, send: (packet) => peer.send(packet) });
  peer.onRtp((packet, transceiver) => receiver.receive(packet, receivedTrack(packet, transceiver)));
  peer.onRtcp((packet) => receiver.receiveRtcp(packet));
  return receiver;
}

function sentTrack(
  { agreement, kind }: DatachannelTransceiver,
  shapes: readonly Partial<VideoShape>[],
): SyntheticTrack[] {
  const payloadType = agreement?.codecs[0]?.payloadType;
  const [ssrc] = agreement?.ssrcs ?? [];
  if (agreement?.direction !== 'sendonly' || payloadType === undefined || ssrc === undefined) return [];
  const { mid, midExtension, ridExtension, rids, ssrcs } = agreement;
  const extensions = extension(midExtension, mid);
  if (kind === 'audio') return [{ kind, ssrc, payloadType, extensions }];
  // Where the other end takes no sizes, the first alone is sent (`spec/galene.md` 2.3).
  const sizes = rids.length > 0 ? rids : [undefined];
  const layers = sizes.map((rid, index) => ({
    ...shapes[index],
    ssrc: ssrcs[index] ?? ssrc,
    extensions: [...extensions, ...extension(ridExtension, rid)],
  }));
  return [{ kind, payloadType, layers }];
}

function extension(id: number | undefined, value: string | undefined) {
  return id === undefined || !value ? [] : [{ id, value: Buffer.from(value) }];
}

function receivedTrack(packet: Buffer, transceiver: DatachannelTransceiver | undefined): ReceivedTrack | undefined {
  const payloadType = (packet[1] ?? 0) & 127;
  const codec = transceiver?.agreement?.codecs.find((each) => each.payloadType === payloadType);
  if (!transceiver || !codec) return undefined;
  const { mid, kind } = transceiver;
  return { mid: mid ?? undefined, kind, clockRate: codec.clockRate, codec: codec.name.toLowerCase() };
}
