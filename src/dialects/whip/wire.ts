import { WireError } from '../../core/errors.ts';
import type { Candidate, StreamChoice, StreamId } from '../../core/stream.ts';

/** What the HTTP endpoints say to the session that they speak for. Nobody outside the server sees any of it. */
export type EndpointFrame =
  | {
      readonly type: 'join';
      readonly id: string;
      readonly room: string;
      readonly name: string;
      readonly token?: string;
      /** What is to be played; who has none of it publishes. */
      readonly choice?: StreamChoice;
    }
  | { readonly type: 'publish'; readonly stream: StreamId; readonly sdp: string }
  | { readonly type: 'play'; readonly choice: StreamChoice; readonly sdp: string }
  | { readonly type: 'candidate'; readonly stream: StreamId; readonly candidate: Candidate };

/** What it answers, and what happens to it. */
export type SessionFrame =
  | { readonly type: 'entered' }
  | { readonly type: 'answer'; readonly stream: StreamId; readonly sdp: string }
  | { readonly type: 'candidate'; readonly candidate: Candidate }
  /** What is published arrives, for the first time or again; or the way was lost. */
  | { readonly type: 'flowing' }
  | { readonly type: 'lost' }
  /** Something was not done; the session may go on. */
  | { readonly type: 'refused'; readonly code: string; readonly text: string }
  /** The stream, and the session with it. */
  | { readonly type: 'ended'; readonly code: string; readonly text: string };

/** Throws a `WireError` where it is none. */
export function parseFrame(text: string): EndpointFrame {
  const fields = objectOf(parseJson(text));
  switch (fields.type) {
    case 'join':
      return {
        type: 'join',
        id: textOf(fields.id),
        room: textOf(fields.room),
        name: textOf(fields.name),
        ...(fields.token === undefined ? {} : { token: textOf(fields.token) }),
        ...(fields.choice === undefined ? {} : { choice: choiceOf(fields.choice) }),
      };
    case 'publish':
      return { type: 'publish', stream: textOf(fields.stream), sdp: textOf(fields.sdp) };
    case 'play':
      return { type: 'play', choice: choiceOf(fields.choice), sdp: textOf(fields.sdp) };
    case 'candidate':
      return { type: 'candidate', stream: textOf(fields.stream), candidate: candidateOf(fields.candidate) };
    default:
      throw broken();
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken();
  }
}

function objectOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken();
  return value as Fields;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw broken();
  return value;
}

function choiceOf(value: unknown): StreamChoice {
  const { stream, publisher, label } = objectOf(value);
  return {
    ...(stream === undefined ? {} : { stream: textOf(stream) }),
    ...(publisher === undefined ? {} : { publisher: textOf(publisher) }),
    ...(label === undefined ? {} : { label: textOf(label) }),
  };
}

function candidateOf(value: unknown): Candidate {
  const { candidate, sdpMid, usernameFragment } = objectOf(value);
  return {
    candidate: textOf(candidate),
    ...(sdpMid === undefined ? {} : { sdpMid: textOf(sdpMid) }),
    ...(usernameFragment === undefined ? {} : { usernameFragment: textOf(usernameFragment) }),
  };
}

function broken(): WireError {
  return new WireError('that is no frame of ours', { severity: 'close' });
}
