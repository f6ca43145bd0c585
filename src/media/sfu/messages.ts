import type { MemberId } from '../../core/ids.ts';
import type { Candidate, StreamId, Track, Wanted } from '../../core/stream.ts';
import type { CodecName, ConnectionStatistics, ForwardOffer, PlayOrder, PublishOffer, RecordOrder } from '../port.ts';
import type { IceServer } from './options.ts';
import type { PipeNetwork } from './pipe-config.ts';

/** A room within a worker. Never used twice, so that nothing that is late means another one. */
export type RoomNumber = number;

/** What the server says to a process that forwards. */
export type ToWorker =
  | { readonly type: 'begin'; readonly network: PipeNetwork }
  | { readonly type: 'ice-servers'; readonly servers: readonly IceServer[] }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'open'; readonly room: RoomNumber }
  | { readonly type: 'close'; readonly room: RoomNumber }
  /** It is to end: what it records is to be finished first. */
  | { readonly type: 'end' }
  | { readonly type: 'statistics'; readonly room: RoomNumber; readonly id: number }
  | { readonly type: 'command'; readonly room: RoomNumber; readonly command: RoomCommand };

export type RoomCommand =
  | {
      readonly type: 'publish';
      readonly stream: StreamId;
      readonly offer: PublishOffer;
      readonly codecs: readonly CodecName[];
    }
  | { readonly type: 'unpublish'; readonly stream: StreamId }
  | { readonly type: 'publisher-candidate'; readonly stream: StreamId; readonly candidate: Candidate }
  | { readonly type: 'forward'; readonly stream: StreamId; readonly to: MemberId; readonly wanted: Wanted }
  | { readonly type: 'stop'; readonly stream: StreamId; readonly to: MemberId }
  | { readonly type: 'answer'; readonly stream: StreamId; readonly to: MemberId; readonly sdp: string }
  | {
      readonly type: 'receiver-candidate';
      readonly stream: StreamId;
      readonly to: MemberId;
      readonly candidate: Candidate;
    }
  | { readonly type: 'restart'; readonly stream: StreamId; readonly to: MemberId }
  | { readonly type: 'play'; readonly stream: StreamId; readonly to: MemberId; readonly order: PlayOrder }
  | { readonly type: 'record'; readonly stream: StreamId; readonly order: RecordOrder }
  | { readonly type: 'stop-recording'; readonly stream: StreamId };

/** And what it says back. */
export type FromWorker =
  | { readonly type: 'pong'; readonly id: number; readonly connections: number }
  /** It may be ended now. */
  | { readonly type: 'finished' }
  | { readonly type: 'failed'; readonly where: string; readonly error: string }
  | {
      readonly type: 'statistics';
      readonly id: number;
      readonly statistics: readonly ConnectionStatistics[];
    }
  | { readonly type: 'event'; readonly room: RoomNumber; readonly event: RoomEvent };

export type RoomEvent =
  | { readonly type: 'answered'; readonly stream: StreamId; readonly sdp: string; readonly tracks: readonly Track[] }
  | { readonly type: 'rejected'; readonly stream: StreamId; readonly reason: string }
  | { readonly type: 'publisher-candidate'; readonly stream: StreamId; readonly candidate: Candidate }
  | { readonly type: 'flowing'; readonly stream: StreamId }
  | { readonly type: 'publisher-lost'; readonly stream: StreamId }
  | { readonly type: 'offered'; readonly stream: StreamId; readonly to: MemberId; readonly offer: ForwardOffer }
  | {
      readonly type: 'receiver-candidate';
      readonly stream: StreamId;
      readonly to: MemberId;
      readonly candidate: Candidate;
    }
  | { readonly type: 'played'; readonly stream: StreamId; readonly to: MemberId; readonly sdp: string }
  | { readonly type: 'recording-failed'; readonly stream: StreamId; readonly reason: string; readonly isOver: boolean }
  | { readonly type: 'undeliverable'; readonly stream: StreamId; readonly to: MemberId; readonly reason: string }
  /** An order to stop or to unpublish was carried out: nothing that follows is of before it. */
  | { readonly type: 'ended'; readonly stream: StreamId; readonly to?: MemberId };
