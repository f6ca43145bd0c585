import type { Request } from '../core/command.ts';
import type { Disconnect } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { Member } from '../core/member.ts';
import type { RoomView } from '../core/view.ts';
import type { Desk, RuleTexts } from './desk.ts';
import type { Route } from './http.ts';

/**
 * One wire. A dialect turns frames into commands and events into frames, and nothing else: it reaches no socket, no
 * storage, no other dialect, and of a room only the view. `S` is its state per session, made at the handshake.
 */
export interface Dialect<S = unknown> {
  readonly name: string;
  /** Where sessions of this wire begin. */
  readonly mounts: readonly Mount[];
  readonly limits: WireLimits;
  /** How often `kept-alive` happens, where the wire has a use for it; counted from the connection's start. */
  readonly keepAlive?: { readonly everyMs: number };
  /** What the wire serves over HTTP beside its frames. */
  routes?(desk: Desk): readonly Route[];

  open(context: SessionContext): S;

  /**
   * Commands in the order in which they shall run, and frames that answer at once. Throws `WireError` where the
   * peer broke the wire. May change the state.
   */
  decode(state: S, frame: InboundFrame, viewer: Viewer<S>): Decoded;

  /**
   * Names the variant of the event's frames that this viewer gets. Equal keys promise equal bytes, which are then
   * made once; `null`: made for this viewer alone.
   */
  encodeKey(event: Event, viewer: Viewer<S>): string | null;
  /** An empty list where the wire cannot say it, or this viewer has no use for it. */
  encode(event: Event, viewer: Viewer<S>, envelope: Envelope): readonly Frame[];

  /** For wires that send whole rosters: sent when `roster-changed` says so, the latest in the place of unsent ones. */
  readonly roster?: RosterEncoding<S>;

  /** The wire's goodbye: its last frames, and the close code and reason of the connection. */
  farewell(disconnect: Disconnect, viewer: Viewer<S>): Farewell;
}

export interface RosterEncoding<S> {
  key(viewer: Viewer<S>): string | null;
  encode(viewer: Viewer<S>): Frame;
}

/** A session as a dialect sees it. Member and room are there between entering and leaving. */
export interface Viewer<S = unknown> {
  readonly state: S;
  readonly member: Member | undefined;
  readonly room: RoomView | undefined;
}

export interface SessionContext {
  /** Milliseconds since 1970. */
  now(): number;
  readonly settings: DialectSettings;
}

/** What the operator configured for the wires. */
export interface DialectSettings {
  /** The room that wires enter which do not name one. */
  readonly defaultRoom: string;
  /** How the server calls itself where it speaks. */
  readonly title: string;
  /** Pixels that an image is shown with at most, until somebody wants to see it large. */
  readonly previewWidth: number;
  /** What the operator wants people to read who come upon a rule; empty where they said nothing. */
  readonly ruleTexts: RuleTexts;
}

/** A path and how to tell this wire's sessions from another's on the same path. */
export interface Mount {
  readonly path: string;
  /** Looks at the first frame. The first dialect that says yes has the session. */
  recognises(frame: InboundFrame): boolean;
}

export type InboundFrame =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array };

/** One text frame to send. Encoded once, shared by all who get it. */
export interface Frame {
  readonly text: string;
}

export interface Envelope {
  /** The room event's number; 0 for what is not one. */
  readonly seq: number;
}

export interface Decoded {
  readonly requests: readonly Request[];
  readonly replies?: readonly Frame[];
}

export interface Farewell {
  readonly frames: readonly Frame[];
  readonly code: number;
  readonly reason: string;
}

/** Sized to what real clients do: bursts of candidates, and one `unwatch` for each who leaves, are normal. */
export interface WireLimits {
  /** Bytes of one inbound frame; more closes the connection with 1009. */
  readonly frameBytes: number;
  /** Bytes of one inbound frame before somebody entered a room. */
  readonly frameBytesBeforeEntry: number;
  /** Milliseconds until somebody must have entered a room; 0 is no limit. */
  readonly entryDeadlineMs: number;
  /** Whether a session outlives its connection, to be resumed. */
  readonly resumable: boolean;
  /** Frames per session: `burst` at once, `perSecond` in the long run. */
  readonly frames: { readonly burst: number; readonly perSecond: number };
}
