import type { ImageProcessor } from '../attachments/image.ts';
import type { Identities } from '../auth/identities.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { AddressRanges } from '../core/address-ranges.ts';
import type { Channel } from '../core/channel.ts';
import type { CommandType } from '../core/command.ts';
import type { Refusal } from '../core/errors.ts';
import type { Result } from '../core/event.ts';
import type { RoomGuards } from '../core/guards.ts';
import type { RoomName } from '../core/ids.ts';
import type { RoomTerms } from '../core/terms.ts';
import type { RoomPolicy } from '../core/view.ts';
import type { RuleTexts } from '../dialects/desk.ts';
import type { GaleneSettings, IceServer } from '../dialects/dialect.ts';
import type { Groups } from '../groups/groups.ts';
import type { CodecName, Media } from '../media/port.ts';
import type { Meters } from '../metrics/meters.ts';
import type { Storage } from '../storage/port.ts';
import type { Transcripts } from '../transcripts/port.ts';
import type { Website } from '../website/port.ts';
import type { GroupRef } from './group-ref.ts';
import type { HostedRoom } from './hosted-room.ts';
import type { RateSettings } from './limits.ts';
import type { Session } from './session.ts';
import type { Rate } from './token-bucket.ts';

export interface RoomSettings {
  readonly name: RoomName;
  readonly title: string;
  readonly channels: readonly Channel[];
  /** Absent: whoever knows the name may enter. */
  readonly passwordHash?: string;
  /** At most so many members, whatever the policy says; 0, and unless said, it has no limit of its own. */
  readonly guestLimit?: number;
  /** Whether it is in the list of rooms; it is, unless said. */
  readonly isPublic?: boolean;
  /** How people meet there; freely, unless said. */
  readonly terms?: RoomTerms;
  /** What publishers may send; anything we know, unless said. */
  readonly codecs?: readonly CodecName[];
  /** Whose definition says who may come in. */
  readonly group?: GroupRef;
}

export interface HubSettings {
  readonly rooms: readonly RoomSettings[];
  /** Whether rooms that are not configured are made when somebody enters them; with the default room's channels. */
  readonly roomsOnDemand: boolean;
  readonly maxRooms: number;
  readonly policy: RoomPolicy;
  readonly guestsAllowed: boolean;
  /** Whether accounts may be made. */
  readonly registration: boolean;
  readonly madeRooms: MadeRoomsSettings;
  readonly outboxBytes: number;
  /** How long a lost connection may be taken up again, in milliseconds. */
  readonly resumeMs: number;
  /** What waits for a connection that took nothing of it for so long, in milliseconds, is not waited for any longer. */
  readonly sendTimeoutMs: number;
  readonly rates: RateSettings;
  readonly guards: RoomGuards;
  readonly rosterBytesPerSecond: number;
  readonly defaultRoom: RoomName;
  readonly title: string;
  /** See `DialectSettings`. */
  readonly previewWidth: number;
  readonly ruleTexts: RuleTexts;
  readonly galene: GaleneSettings;
  /** Where people reach the server, for links; without a slash at the end. */
  publicUrl(): string;
  iceServers(clientId: string): readonly IceServer[];
}

/** What the operator wants of rooms that people make. */
export interface MadeRoomsSettings {
  readonly allowed: boolean;
  /** A room that nobody was in for this long, in milliseconds, is removed with all that was said there; 0 is never. */
  readonly idleMs: number;
  /** At most so many. */
  readonly count: number;
  readonly perAddress: Rate;
}

export interface HubLog {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
}

/** The ports of the hub, given to it by the composition root. */
export interface HubServices {
  readonly storage: Storage;
  readonly identities: Identities;
  readonly passwords: Passwords;
  readonly groups: Pick<
    Groups,
    'find' | 'isDefined' | 'publicNames' | 'admit' | 'iceServers' | 'onChanged' | 'config'
  > & {
    readonly tokens: Pick<Groups['tokens'], 'make' | 'edit' | 'list'>;
    readonly administrators: Pick<Groups['administrators'], 'admit'>;
    readonly administration: Pick<Groups['administration'], 'read' | 'write' | 'remove' | 'makeToken' | 'setPassword'>;
  };
  /** Absent where streams are not forwarded. */
  readonly media?: Media;
  /** The folder for recordings, with one for each room in it. */
  readonly recordings?: string;
  readonly images: Pick<ImageProcessor, 'process'>;
  readonly meters: Meters;
  readonly log: HubLog;
  /** The same object for as long as the hub lives: {@link Hub.reconfigure} changes what is in it. */
  readonly settings: HubSettings;
  readonly ranges: AddressRanges;
  readonly website: Website;
  readonly transcripts?: Transcripts;
  /** Reads the settings again and gives them to the hub. Rejects with an error whose message is for the operator. */
  reconfigure(): Promise<void>;
  /** Ends the process with status 1, in a moment. */
  shutDown(): void;
  now(): number;
  /** A random, unguessable word. */
  secret(): string;
}

/** What the functions that carry out requests need of the hub. */
export interface HubContext extends HubServices {
  openRoom(name: RoomName): Promise<HostedRoom | undefined>;
  sessionBySecret(secret: string): Session | undefined;
  /** Makes a session's secret, by which it can be taken up again; or takes the one that its wire gave it. */
  makeResumable(session: Session, key?: string): void;
  /** The session gave its connection to an older one, and is over. */
  takenUp(session: Session): void;
  accept(session: Session, answer: Answer, result: Result): void;
  refuse(session: Session, answer: Answer, refusal: Refusal): void;
  /** Whether this session may send one more image now. */
  mayPostImage(session: Session): boolean;
}

/** What an answer answers. */
export interface Answer {
  readonly ref: string | undefined;
  readonly type: CommandType;
}
