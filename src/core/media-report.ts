import type { MemberId } from './ids.ts';
import type { Candidate, StreamId, StreamLabel, Track, TrackKind, Wanted } from './stream.ts';

/** What a room wants done with streams; in the order in which it says so, and no sooner than it is told to people. */
export type MediaAction =
  | {
      readonly call: 'publish';
      readonly stream: StreamId;
      readonly offer: {
        readonly sdp: string;
        readonly mids?: readonly string[];
        readonly replaces?: StreamId;
        readonly isScreen?: true;
      };
    }
  | { readonly call: 'unpublish'; readonly stream: StreamId }
  | { readonly call: 'publisherCandidate'; readonly stream: StreamId; readonly candidate: Candidate }
  | { readonly call: 'forward'; readonly stream: StreamId; readonly to: MemberId; readonly wanted: Wanted }
  | { readonly call: 'stop'; readonly stream: StreamId; readonly to: MemberId }
  | { readonly call: 'answer'; readonly stream: StreamId; readonly to: MemberId; readonly sdp: string }
  | {
      readonly call: 'receiverCandidate';
      readonly stream: StreamId;
      readonly to: MemberId;
      readonly candidate: Candidate;
    }
  | { readonly call: 'restart'; readonly stream: StreamId; readonly to: MemberId }
  | {
      readonly call: 'play';
      readonly stream: StreamId;
      readonly to: MemberId;
      readonly sdp: string;
      readonly wanted: Wanted;
    }
  | {
      readonly call: 'record';
      readonly stream: StreamId;
      readonly publisher: string;
      readonly label: StreamLabel;
      /** When recording began, milliseconds since 1970. */
      readonly since: number;
    }
  | { readonly call: 'stopRecording'; readonly stream: StreamId };

/** What came of it, or happened to a stream. */
export type MediaReport =
  | { readonly type: 'answered'; readonly stream: StreamId; readonly sdp: string; readonly tracks: readonly Track[] }
  | {
      readonly type: 'rejected';
      readonly stream: StreamId;
      readonly reason: string;
      /** Nothing is forwarded at all. */
      readonly isOff?: true;
    }
  | { readonly type: 'publisher-candidate'; readonly stream: StreamId; readonly candidate: Candidate }
  | { readonly type: 'publisher-lost'; readonly stream: StreamId }
  | { readonly type: 'flowing'; readonly stream: StreamId }
  | {
      readonly type: 'offered';
      readonly stream: StreamId;
      readonly to: MemberId;
      readonly sdp: string;
      readonly tracks: readonly { readonly mid: string; readonly kind: TrackKind }[];
    }
  | {
      readonly type: 'receiver-candidate';
      readonly stream: StreamId;
      readonly to: MemberId;
      readonly candidate: Candidate;
    }
  | { readonly type: 'played'; readonly stream: StreamId; readonly to: MemberId; readonly sdp: string }
  /** `isOver`: nothing more of it is written. */
  | { readonly type: 'recording-failed'; readonly stream: StreamId; readonly reason: string; readonly isOver: boolean }
  | { readonly type: 'undeliverable'; readonly stream: StreamId; readonly to: MemberId; readonly reason: string }
  | { readonly type: 'died' };
