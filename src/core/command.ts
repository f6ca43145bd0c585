import type { CameraFlags } from './camera.ts';
import type { Identity } from './identity.ts';
import type { MessageId, RoomName } from './ids.ts';
import type { Attachment, Body, ImageData, Message, Target } from './message.ts';
import type { RelationKind, RelationNames } from './relation.ts';

/** What a member asks of their room. Names address people; the room resolves them. */
export type RoomCommand =
  | {
      readonly type: 'post-message';
      readonly target: Target;
      readonly body: Body;
      readonly clientId?: string;
      /** Fact: an image's bytes, for the wires that carry them. */
      readonly image?: ImageData;
      /** Fact: this author's stored message with the same `clientId`. */
      readonly posted?: { readonly id: MessageId; readonly at: number };
    }
  | { readonly type: 'retract-message'; readonly messageId: MessageId; readonly message?: Message }
  | {
      readonly type: 'react';
      readonly messageId: MessageId;
      readonly emoji: string;
      readonly change: 'add' | 'remove' | 'toggle';
      /** Fact: the message, looked up in storage. */
      readonly message?: Message;
    }
  /** Asks a broadcaster to mark their camera as explicit. */
  | { readonly type: 'nudge'; readonly name: string }
  | {
      readonly type: 'set-presence';
      readonly status?: string;
      readonly camera?: CameraFlags;
      readonly dnd?: boolean;
    }
  | { readonly type: 'set-typing'; readonly target: Target; readonly on: boolean }
  | { readonly type: 'relate'; readonly kind: RelationKind; readonly names: readonly string[]; readonly on: boolean }
  /** BareRTC's blocklist: block and mute in one. */
  | { readonly type: 'block-all'; readonly names: readonly string[] }
  | { readonly type: 'unmute-all' }
  | { readonly type: 'open-camera'; readonly name: string }
  | { readonly type: 'watch-camera'; readonly name: string; readonly on: boolean }
  | {
      readonly type: 'signal';
      readonly name: string;
      readonly kind: SignalKind;
      /** JSON of an RTCSessionDescription or RTCIceCandidate, passed on unchanged: Safari minds the order of keys. */
      readonly payload: string;
    }
  | { readonly type: 'kick'; readonly name: string; readonly reason: string }
  | { readonly type: 'kick-all'; readonly reason: string }
  | { readonly type: 'ban'; readonly name: string; readonly hours: number; readonly reason: string }
  /** All who come from an address, or a range in CIDR notation, but operators. */
  | { readonly type: 'ban-addresses'; readonly addresses: string; readonly hours: number; readonly reason: string }
  /** By name, or by addresses. */
  | { readonly type: 'unban'; readonly name: string }
  | { readonly type: 'list-bans' }
  | { readonly type: 'set-operator'; readonly name: string; readonly on: boolean }
  | { readonly type: 'mark-explicit'; readonly name: string }
  | { readonly type: 'cut-camera'; readonly name: string };

/** What the website asks of a room; nobody's rights are asked. */
export type WebsiteCommand =
  | Extract<RoomCommand, { type: 'kick' | 'kick-all' | 'ban' | 'ban-addresses' | 'unban' | 'list-bans' }>
  /** Each pair of those who are present mutes and blocks each other. */
  | { readonly type: 'estrange'; readonly names: readonly string[] }
  /** Sends people away, as kicked or as if they had left. */
  | {
      readonly type: 'dismiss';
      readonly names: readonly string[];
      readonly reason: string;
      readonly how: 'left' | 'kicked';
    }
  /** What somebody is changed on the website: picture, rights, rules, name. */
  | { readonly type: 'amend'; readonly name: string; readonly identity: Identity }
  | { readonly type: 'announce'; readonly text: string };

export type SignalKind = 'description' | 'candidate';

/** What a session asks before, beside or after being in a room; the hub answers. */
export type SessionCommand =
  | JoinCommand
  | { readonly type: 'leave' }
  | ResumeCommand
  | { readonly type: 'post-image'; readonly target: Target; readonly bytes: Uint8Array; readonly fileName: string }
  /** Posts an image that was uploaded before, by its id. */
  | {
      readonly type: 'post-attachment';
      readonly target: Target;
      readonly attachmentId: Attachment['id'];
      readonly fileName: string;
      readonly clientId?: string;
    }
  | {
      readonly type: 'fetch-history';
      readonly target: Target;
      /** Messages older than this one, newest page first; or newer than `after`, oldest page first. */
      readonly before?: MessageId;
      readonly after?: MessageId;
      readonly limit: number;
    }
  | { readonly type: 'list-threads' }
  /** Tells the website. `about` is a name, `timestamp` that of the message as its reader's client had it. */
  | {
      readonly type: 'report';
      readonly about: string;
      readonly target: Target | undefined;
      readonly timestamp: string;
      readonly reason: string;
      readonly text: string;
      readonly comment: string;
    }
  /** Reads the settings again. Operators only, as the next. */
  | { readonly type: 'reconfigure' }
  /** Ends the process with status 1, for its supervisor to start it again. */
  | { readonly type: 'shut-down' }
  | { readonly type: 'create-invitation'; readonly role: InvitationRole };

export type InvitationRole = 'operator' | 'guest';

export interface JoinCommand {
  readonly type: 'join';
  readonly room: RoomName;
  readonly name: string;
  readonly credentials: Credentials;
  /** The wire has nothing by which somebody could be known again: nothing is stored under this identity. */
  readonly ephemeral?: true;
  readonly presence: { readonly status?: string; readonly dnd?: boolean };
  /** Relations said before or with the login. */
  readonly relations: RelationNames;
}

/** What somebody shows to prove who they are. None of it is ever logged. */
export interface Credentials {
  /** A token of ours, given out in an earlier welcome. */
  readonly token?: string;
  /** A JSON Web Token signed by the website the chat belongs to. */
  readonly jwt?: string;
  readonly invitation?: string;
}

/** Takes up a session whose connection was lost. */
export interface ResumeCommand {
  readonly type: 'resume';
  /** The secret given out when the room was entered. */
  readonly session: string;
  /** The last event seen. */
  readonly seq: number;
  readonly epoch: string;
  /** How to enter anew where the session is gone. */
  readonly otherwise: JoinCommand;
}

export type Command = RoomCommand | SessionCommand;
export type CommandType = Command['type'];

/** A command with its client's own id for it, which comes back in the answer. */
export interface Request {
  readonly command: Command;
  readonly ref?: string;
}

const ROOM_COMMANDS: { readonly [T in RoomCommand['type']]: true } = {
  'post-message': true,
  'retract-message': true,
  react: true,
  nudge: true,
  'set-presence': true,
  'set-typing': true,
  relate: true,
  'block-all': true,
  'unmute-all': true,
  'open-camera': true,
  'watch-camera': true,
  signal: true,
  kick: true,
  'kick-all': true,
  ban: true,
  'ban-addresses': true,
  unban: true,
  'list-bans': true,
  'set-operator': true,
  'mark-explicit': true,
  'cut-camera': true,
};

/** Those that only operators may give. */
const OPERATOR_COMMANDS: ReadonlySet<CommandType> = new Set([
  'kick',
  'kick-all',
  'ban',
  'ban-addresses',
  'unban',
  'list-bans',
  'set-operator',
  'mark-explicit',
  'cut-camera',
  'unmute-all',
  'reconfigure',
  'shut-down',
]);

export function isForOperators(type: CommandType): boolean {
  return OPERATOR_COMMANDS.has(type);
}

export function isRoomCommand(command: Command): command is RoomCommand {
  return command.type in ROOM_COMMANDS;
}
