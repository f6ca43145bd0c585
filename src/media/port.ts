import type { MemberId } from '../core/ids.ts';
import type { Candidate, StreamId, Track, TrackKind, Wanted } from '../core/stream.ts';

/**
 * Forwarding of streams: each is received once from its publisher and sent to whoever is to have it. Who that is is
 * decided elsewhere; media does as it is told and says what comes of it to the room's listener.
 */
export interface Media {
  /** Makes a place where the streams of one room meet. The listener is never called before this returns. */
  open(room: string, options: MediaRoomOptions): MediaRoom;
  close(): Promise<void>;
}

export interface MediaRoomOptions {
  readonly listener: MediaListener;
  /** Codecs that publishers may use, by the names of `spec/galene.md` 2.7 (`vp8`, `opus` ...). */
  codecs(): readonly CodecName[];
}

export const CODEC_NAMES = ['vp8', 'vp9', 'av1', 'h264', 'opus', 'g722', 'pcmu', 'pcma'] as const;
export type CodecName = (typeof CODEC_NAMES)[number];

/**
 * One room's streams. Every call returns at once, is carried out in order, and is without effect where it names what
 * is not (or no longer) there: the others are racing us.
 */
export interface MediaRoom {
  /** A new stream, or an offer for one that is there (a renegotiation, an ICE restart, or both). Answered or rejected. */
  publish(stream: StreamId, offer: PublishOffer): void;
  /** Ends a stream with all that is sent of it. The listener hears nothing more of it. */
  unpublish(stream: StreamId): void;
  /** A candidate of the publisher, which may arrive before its offer is carried out. */
  publisherCandidate(stream: StreamId, candidate: Candidate): void;

  /**
   * Sends a stream to somebody from now on, or changes what is sent of it. Leads to an offer where anything of the
   * negotiation changes, and to none where not. While an offer is unanswered, changes wait and make one more.
   */
  forward(stream: StreamId, to: MemberId, wanted: Wanted): void;
  /** Ends that. The listener hears nothing more of it. */
  stop(stream: StreamId, to: MemberId): void;
  answer(stream: StreamId, to: MemberId, sdp: string): void;
  /** A candidate of the receiver, which may arrive before their answer. */
  receiverCandidate(stream: StreamId, to: MemberId, candidate: Candidate): void;
  /** They want an ICE restart: leads to a new offer. Several of them before it is answered lead to one. */
  restart(stream: StreamId, to: MemberId): void;
  /**
   * Sends a stream to somebody who asks for it by an offer of their own, which is answered; another offer of theirs
   * restarts ICE where it has other credentials. What changes of the stream later, and what `forward` says of what is
   * wanted, reaches them without an offer, or not at all.
   */
  play(stream: StreamId, to: MemberId, order: PlayOrder): void;

  /** Writes a stream to files, until it ends or that is stopped; takes effect for those that are published anew, too. */
  record(stream: StreamId, order: RecordOrder): void;
  stopRecording(stream: StreamId): void;

  /** What is measured of each connection of the room now, for operators. */
  statistics(): Promise<readonly ConnectionStatistics[]>;
  close(): void;
}

export interface PublishOffer {
  readonly sdp: string;
  /** Only the tracks of these mids are looked at, where it is given (`spec/galene.md` 1.15). */
  readonly mids?: readonly string[];
  /** A stream of the same publisher whose place this one takes; its end is not told to those who receive both. */
  readonly replaces?: StreamId;
  /** It shows a screen: where there is not room for everything, it comes before faces. */
  readonly isScreen?: true;
}

export interface PlayOrder {
  readonly sdp: string;
  readonly wanted: Wanted;
}

export interface RecordingProblem {
  readonly reason: string;
  /** Whether nothing more of the stream is written; else, the rest of it is. */
  readonly isOver: boolean;
}

/** Where a stream is recorded to. */
export interface RecordOrder {
  /** An absolute path; it is there. */
  readonly folder: string;
  /** Who publishes it, as the name of the file says it; empty where it says nothing. */
  readonly publisher: string;
  readonly label: string;
  /** What all files have in common that are recorded together. */
  readonly session: string;
}

/** Hears what comes of it. Never called by a `MediaRoom` method before that returns. */
export interface MediaListener {
  /** The tracks are those that are received from now on, in the order of the description. */
  answered(stream: StreamId, answer: { readonly sdp: string; readonly tracks: readonly Track[] }): void;
  /** An offer that cannot be answered. A stream that was there before it goes on. */
  rejected(stream: StreamId, reason: string): void;
  publisherGotCandidate(stream: StreamId, candidate: Candidate): void;
  /** Packets of a stream arrive for the first time, or again. */
  flowing(stream: StreamId): void;
  /** The connection to a publisher was lost, and may come back by an offer with an ICE restart. Repeated while it is. */
  publisherLost(stream: StreamId): void;

  offered(stream: StreamId, to: MemberId, offer: ForwardOffer): void;
  receiverGotCandidate(stream: StreamId, to: MemberId, candidate: Candidate): void;
  /** The answer to what they offered. */
  played(stream: StreamId, to: MemberId, answer: { readonly sdp: string }): void;
  /**
   * A receiver cannot have it: their description was bad, they know none of the codecs, or whoever offered was not
   * there for half a minute. It is sent to them no longer.
   */
  undeliverable(stream: StreamId, to: MemberId, reason: string): void;

  /** Nothing more of a stream can be recorded, or what its publisher sends cannot be: in words for operators. */
  recordingFailed(stream: StreamId, problem: RecordingProblem): void;

  /** The process that forwarded died. All streams of the room are gone, and may be published anew at once. */
  died(): void;
}

export interface ForwardOffer {
  readonly sdp: string;
  /** Of the sections that send: the others are inactive. */
  readonly tracks: readonly { readonly mid: string; readonly kind: TrackKind }[];
  /** The stream that this one takes the place of, where they were receiving it; for the first offer only. */
  readonly replaces?: StreamId;
}

export interface ConnectionStatistics {
  readonly stream: StreamId;
  /** Absent for the publisher's own connection. */
  readonly to?: MemberId;
  /** Bits per second that are allowed, over all tracks, where that is known. */
  readonly maxBitrate?: number;
  readonly tracks: readonly {
    readonly kind: TrackKind;
    /** Bits per second, over the last second. */
    readonly bitrate: number;
    /** 0 to 1. */
    readonly loss: number;
    /** Milliseconds. */
    readonly jitter?: number;
    readonly rtt?: number;
    /** Bits per second that may be sent of it; to receivers. */
    readonly maxBitrate?: number;
    /** Which of its layers they get, and which there are. */
    readonly layers?: {
      readonly spatial: number;
      readonly maxSpatial: number;
      readonly temporal: number;
      readonly maxTemporal: number;
    };
  }[];
}
