import type { CameraFlags } from './camera.ts';
import type { Identity } from './identity.ts';
import type { ChannelId, MessageId, RoomName } from './ids.ts';
import type { SharedData } from './json.ts';
import type { Abilities } from './member.ts';
import type { Attachment, Body, ImageData, Message, Target } from './message.ts';
import type { Permission } from './permission.ts';
import type { RelationKind, RelationNames } from './relation.ts';
import type { Candidate, StreamChoice, StreamId, StreamLabel, Wanted } from './stream.ts';

/** What a member asks of their room. Names address people; the room resolves them. */
export type RoomCommand =
  | {
      readonly type: 'post-message';
      readonly target: Target;
      readonly body: Body;
      readonly clientId?: string;
      /** When its author's client says it was written, for the wires whose clients say so; milliseconds since 1970. */
      readonly sentAt?: number;
      /** Fact: an image's bytes, for the wires that carry them. */
      readonly image?: ImageData;
      /** Fact: this author's stored message with the same `clientId`. */
      readonly posted?: { readonly id: MessageId; readonly at: number };
    }
  | {
      readonly type: 'retract-message';
      readonly messageId: MessageId;
      /** Instead of our id: that which its author, whose handle or identity it is, gave it. */
      readonly posted?: { readonly by: string; readonly clientId: string };
      /** Fact: the message, looked up in storage. */
      readonly message?: Message;
    }
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
  /**
   * Between members of the mesh, whatever it is: passed on unchanged, to one of them by identity, or to all, oneself
   * included.
   */
  | {
      readonly type: 'relay';
      readonly to: 'all' | { readonly identityId: Identity['id'] };
      readonly kind: string;
      /** JSON. */
      readonly payload: string;
    }
  /** Another name for somebody who does not own theirs; the next free one where it is taken. */
  | {
      readonly type: 'rename';
      readonly name: string;
      /** Fact: of the names that they might get, those (by key) that belong to somebody else. */
      readonly ownedNames?: ReadonlySet<string>;
    }
  | {
      readonly type: 'create-channel';
      readonly name: string;
      /** Fact, made of the name where it is not said. */
      readonly id?: ChannelId;
      readonly icon?: string;
      readonly description?: string;
      readonly vip?: boolean;
      readonly photos?: boolean;
    }
  | { readonly type: 'delete-channel'; readonly id: ChannelId }
  /** A notice to everybody. */
  | { readonly type: 'announce'; readonly text: string }
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
  | { readonly type: 'cut-camera'; readonly name: string }
  | MeetingCommand
  | StreamCommand;

/** What people do in meetings beside talking (`spec/galene.md` 1.9 to 1.11). */
export type MeetingCommand =
  /** Lets operators alone come in, and tells others why; or lets everybody in again. */
  | { readonly type: 'set-lock'; readonly on: boolean; readonly message?: string }
  /** Changes what clients keep with the room, or with oneself; `null` takes a value out. */
  | { readonly type: 'set-room-data'; readonly changes: SharedData }
  | { readonly type: 'set-own-data'; readonly changes: SharedData }
  /** Gives a right, or takes it, for as long as they are here. */
  | { readonly type: 'grant'; readonly name: string; readonly permission: Grantable; readonly on: boolean }
  /** Takes back all that was said in the channels, or what somebody said, whose handle or identity `by` is. */
  | { readonly type: 'clear-messages'; readonly by?: string }
  /** Asks from where somebody comes. */
  | { readonly type: 'identify'; readonly name: string }
  | { readonly type: 'caption'; readonly text: string }
  /** Writes all streams to files from now on, or no longer. */
  | { readonly type: 'record'; readonly on: boolean }
  /** From client to client. `payload` is JSON; of what goes to all, the sender gets a copy where `echo` says so. */
  | {
      readonly type: 'pass-note';
      readonly to?: string;
      readonly kind: string;
      readonly payload: string;
      readonly echo: boolean;
    };

export type Grantable = Extract<Permission, 'op' | 'present' | 'message' | 'caption' | 'token'>;

/** What people do with streams that the server forwards (`spec/galene.md` 1.7 and 1.8). */
export type StreamCommand =
  /** A new stream, or another offer for one of one's own. */
  | {
      readonly type: 'publish';
      readonly stream: StreamId;
      readonly label: StreamLabel;
      readonly sdp: string;
      /** One of one's own whose place it takes. */
      readonly replaces?: StreamId;
      /** The tracks to be looked at; all, unless said. */
      readonly mids?: readonly string[];
    }
  | { readonly type: 'unpublish'; readonly stream: StreamId }
  | { readonly type: 'trickle'; readonly stream: StreamId; readonly candidate: Candidate }
  | {
      readonly type: 'request-streams';
      readonly byLabel: readonly (readonly [StreamLabel, Wanted])[];
      readonly otherwise: Wanted;
    }
  | { readonly type: 'request-stream'; readonly stream: StreamId; readonly wanted: Wanted | undefined }
  | { readonly type: 'answer-stream'; readonly stream: StreamId; readonly sdp: string }
  /** A receiver wants an ICE restart. */
  | { readonly type: 'restart-stream'; readonly stream: StreamId }
  /** A receiver does not want it. */
  | { readonly type: 'refuse-stream'; readonly stream: StreamId }
  /**
   * Receives a stream by an offer of one's own, which is answered; another offer for the same one restarts ICE. It ends
   * where the stream does, or is replaced.
   */
  | { readonly type: 'play-stream'; readonly choice: StreamChoice; readonly sdp: string; readonly wanted: Wanted };

/** What the website asks of a room; nobody's rights are asked. */
export type WebsiteCommand =
  | Extract<
      RoomCommand,
      {
        type:
          | 'kick'
          | 'kick-all'
          | 'ban'
          | 'ban-addresses'
          | 'unban'
          | 'list-bans'
          | 'announce'
          | 'create-channel'
          | 'delete-channel';
      }
    >
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
  | { readonly type: 'amend'; readonly name: string; readonly identity: Identity };

export type SignalKind = 'description' | 'candidate';

/** What a session asks before, beside or after being in a room; the hub answers. */
export type SessionCommand =
  | JoinCommand
  /** With `stay`, the connection goes on, and may enter again. */
  | { readonly type: 'leave'; readonly stay?: true }
  /** Asks for the rooms below this one that somebody is in. Operators only. */
  | { readonly type: 'list-subrooms' }
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
  /** Asks for the whole roster, on wires that have one. */
  | { readonly type: 'show-roster' }
  /** Gives one's account another password; makes an account of a guest, who owns their name from then on. */
  | { readonly type: 'set-password'; readonly current?: string; readonly password: string }
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
  | { readonly type: 'create-invitation'; readonly role: InvitationRole }
  | RoomTokenCommand;

/**
 * Words that admit to the room one is in, for those who may give them out. An order is as Galène's clients write it
 * (`spec/galene.md` 1.10); it is read where tokens are made.
 */
export type RoomTokenCommand =
  | { readonly type: 'make-room-token'; readonly order: SharedData }
  | { readonly type: 'edit-room-token'; readonly order: SharedData }
  | { readonly type: 'list-room-tokens' };

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
  /** What their client can do; everything, unless said. */
  readonly abilities?: Abilities;
  /** Whether they are refused, rather than taken over, where they are here already. */
  readonly onlyOnce?: true;
  /** See `Member.handle`. */
  readonly handle?: string;
  readonly data?: SharedData;
  /** A secret of the wire's own, by which the session can be taken up again. */
  readonly resumeKey?: string;
  /** What they come for alone: who could not do that is refused, and nobody sees them come and go. */
  readonly purpose?: EntryPurpose;
}

export type EntryPurpose = { readonly kind: 'publish' } | { readonly kind: 'play'; readonly choice: StreamChoice };

/** What somebody shows to prove who they are. None of it is ever logged. */
export interface Credentials {
  /** A token of ours, given out in an earlier welcome. */
  readonly token?: string;
  /** A JSON Web Token signed by the website the chat belongs to. */
  readonly jwt?: string;
  readonly invitation?: string;
  /** That of the account which has the name. */
  readonly password?: string;
  /** Whether an account is made where nobody has the name. */
  readonly register?: true;
  /** An id that a page of ours gave out, for this visit. */
  readonly visitor?: string;
  readonly roomPassword?: string;
  /** On wires with one field for it: of the account that has the name, or where there is none, of the room. */
  readonly anyPassword?: string;
  /** A word that admits to one room, signed by somebody whom the room trusts or given out by one of its people. */
  readonly roomToken?: string;
  /** A page of ours has asked for the room's password already. */
  readonly admitted?: true;
}

/** Takes up a session whose connection was lost. */
export interface ResumeCommand {
  readonly type: 'resume';
  /** The secret given out when the room was entered. */
  readonly session: string;
  /** The last event seen, for wires whose clients count; else, all since the connection was lost. */
  readonly seen?: { readonly seq: number; readonly epoch: string };
  /** How to enter anew where the session is gone. */
  readonly otherwise?: JoinCommand;
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
  relay: true,
  rename: true,
  'create-channel': true,
  'delete-channel': true,
  announce: true,
  kick: true,
  'kick-all': true,
  ban: true,
  'ban-addresses': true,
  unban: true,
  'list-bans': true,
  'set-operator': true,
  'mark-explicit': true,
  'cut-camera': true,
  'set-lock': true,
  'set-room-data': true,
  'set-own-data': true,
  grant: true,
  'clear-messages': true,
  identify: true,
  caption: true,
  record: true,
  'pass-note': true,
  publish: true,
  unpublish: true,
  trickle: true,
  'request-streams': true,
  'request-stream': true,
  'answer-stream': true,
  'restart-stream': true,
  'refuse-stream': true,
  'play-stream': true,
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
  'create-channel',
  'delete-channel',
  'announce',
  'set-lock',
  'set-room-data',
  'grant',
  'clear-messages',
  'identify',
  'list-subrooms',
  'reconfigure',
  'shut-down',
]);

export function isForOperators(type: CommandType): boolean {
  return OPERATOR_COMMANDS.has(type);
}

export function isRoomCommand(command: Command): command is RoomCommand {
  return command.type in ROOM_COMMANDS;
}
