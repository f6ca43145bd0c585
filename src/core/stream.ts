/** A stream's id: chosen by its publisher's client, unique in its room. At most 128 characters. */
export type StreamId = string;

/** What a stream is of. Clients choose by it what they want to receive; `camera` and `screenshare` are the usual ones. */
export type StreamLabel = string;

export type TrackKind = 'audio' | 'video';

/** One track of a stream, in the order of its publisher's description. */
export interface Track {
  readonly kind: TrackKind;
  /** How many sizes its publisher sends it in at the same time (simulcast); 1 without. */
  readonly layers: number;
}

/**
 * What somebody wants of a stream: at most one audio and one video track (`spec/galene.md` 1.7). `low` is the smallest
 * of its sizes, of several video tracks the last.
 */
export interface Wanted {
  readonly audio: boolean;
  readonly video: 'none' | 'low' | 'high';
}

export const NOTHING_WANTED: Wanted = { audio: false, video: 'none' };
export const EVERYTHING_WANTED: Wanted = { audio: true, video: 'high' };

export function wantsNothing(wanted: Wanted): boolean {
  return !wanted.audio && wanted.video === 'none';
}

export function isSameWanted(a: Wanted, b: Wanted): boolean {
  return a.audio === b.audio && a.video === b.video;
}

/** Which of a room's streams; of several, the newest. What is not said is of no matter. */
export interface StreamChoice {
  readonly stream?: StreamId;
  /** Its publisher's name. */
  readonly publisher?: string;
  readonly label?: StreamLabel;
}

/** An ICE candidate as browsers write it. `candidate` is empty at the end of candidates. */
export interface Candidate {
  readonly candidate: string;
  readonly sdpMid?: string;
  readonly sdpMLineIndex?: number;
  readonly usernameFragment?: string;
}
