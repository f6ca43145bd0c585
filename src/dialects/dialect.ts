import type { Request } from '../core/command.ts';
import type { Disconnect } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { Member } from '../core/member.ts';
import type { RoomView } from '../core/view.ts';
import type { Desk, IceServer, RuleTexts } from './desk.ts';
import type { HomePart, Route } from './http.ts';

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
  readonly keepAlive?: {
    readonly everyMs: number;
    /** Who says nothing for so long has gone. */
    readonly silentMs?: number;
  };
  /** What the wire serves over HTTP beside its frames. */
  routes?(desk: Desk): readonly Route[];
  /** What it has to say on `/`. */
  home?(desk: Desk): HomePart;

  /** `pass` is what the mount's door said of the connection, where it has one. */
  open(context: SessionContext, pass?: object): S;

  /** What a session that came through a door asks for by itself, before its first frame. */
  begin?(state: S): readonly Request[];

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
  /** Nothing where this viewer is not to have one yet. */
  encode(viewer: Viewer<S>): Frame | undefined;
  /** Whether one that is as the last is sent again. */
  readonly repeats?: true;
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

export type { IceServer };

/** What the operator configured for the wires. */
export interface DialectSettings {
  /** The room that wires enter which do not name one. */
  readonly defaultRoom: string;
  /** How the server calls itself where it speaks. */
  readonly title: string;
  /** Where people reach the server, without a slash at the end. */
  publicUrl(): string;
  /** What helps browsers find each other, for this client; within a moment. */
  iceServers(clientId: string): readonly IceServer[];
  /** Pixels that an image is shown with at most, until somebody wants to see it large. */
  readonly previewWidth: number;
  /** What the operator wants people to read who come upon a rule; empty where they said nothing. */
  readonly ruleTexts: RuleTexts;
  readonly galene: GaleneSettings;
}

export interface GaleneSettings {
  /** How clients are told what they may do that do not say how old they are. */
  readonly permissions: 'object' | 'array';
  /** Whether media goes by the TURN servers alone. */
  readonly relayOnly: boolean;
}

/** Where a wire's sessions begin, and how to tell them from another's at the same place. */
export interface Mount {
  /** Exact; with `:name` for a segment; or `*`, all paths that are no other wire's. */
  readonly path: string;
  /**
   * The door: who may connect at all, asked before the handshake. A path with a door is one wire's own, whose sessions
   * begin as they connect.
   */
  admit?(knock: Knock, desk: Desk): Promise<Admission>;
  /** Looks at the first frame. The first dialect that says yes has the session. */
  recognises(frame: InboundFrame): boolean;
}

/** Somebody who asks for a connection. */
export interface Knock {
  readonly path: string;
  /** What stands in the place of the path's `:name`s. */
  readonly parameters: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly address: string;
}

export type Admission =
  | { readonly pass: object }
  /** Of the HTTP answer: its status with its phrase, and its body. */
  | { readonly refused: { readonly status: string; readonly body: string } };

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
  /** How long it then waits, in milliseconds, where that is not for the operator to say. */
  readonly graceMs?: number;
  /** Whether who is not let in is sent away at once, as there is no second try on the wire. */
  readonly oneTry?: true;
  /** Frames per session: `burst` at once, `perSecond` in the long run. */
  readonly frames: { readonly burst: number; readonly perSecond: number };
}
