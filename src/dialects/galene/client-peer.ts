import type { CandidateInit, RtcConfiguration } from './client-frames.ts';

/** Browsers' events have more than is asked for here: a method's parameter may be narrower, a function's may not. */
type Handler<Event> = { handle(event: Event): void }['handle'] | null;

/** The part of `RTCPeerConnection` that a stream uses: a browser's fits, and so does an adapter. */
export interface PeerConnectionLike {
  readonly signalingState: string;
  readonly connectionState: string;
  readonly iceConnectionState: string;
  readonly localDescription: Description | null;
  onicecandidate: Handler<{ readonly candidate: CandidateLike | null }>;
  oniceconnectionstatechange: Handler<object>;
  onconnectionstatechange: Handler<object>;
  ontrack: Handler<TrackEventLike>;
  /** For a track, or one to come of a kind. */
  addTransceiver(trackOrKind: TrackLike | string, init: TransceiverInit): TransceiverLike;
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: CandidateInit): Promise<void>;
  restartIce(): void;
  close(): void;
}

export type PeerConnectionFactory = (configuration: RtcConfiguration) => PeerConnectionLike;

export interface Description {
  readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback';
  readonly sdp: string;
}

export interface CandidateLike {
  readonly candidate: string;
  toJSON(): Partial<CandidateInit>;
}

export function candidateInit(candidate: CandidateLike): CandidateInit {
  return { ...candidate.toJSON(), candidate: candidate.candidate };
}

/** A `MediaStreamTrack`; its owner knows what to do with it. */
export interface TrackLike {
  readonly kind: string;
  readonly id: string;
}

export interface TransceiverInit {
  readonly direction: 'sendonly' | 'sendrecv' | 'recvonly';
  /** Sizes to send at the same time (simulcast); one without. */
  readonly sendEncodings?: Encoding[];
}

export interface Encoding {
  rid?: string;
  maxBitrate?: number;
  scaleResolutionDownBy?: number;
}

export interface TransceiverLike {
  /** Null before the first description. */
  readonly mid: string | null;
}

export interface TrackEventLike {
  readonly track: TrackLike;
  readonly transceiver: TransceiverLike;
}
