/**
 * Refusals: the domain says no, to one session, which goes on. The text is what a person reads where the wire has no
 * code of its own; `{name}` is filled in from the refusal's subject.
 */
export const REFUSALS = {
  'not-joined': 'You must log in first.',
  'bad-frame': 'That message could not be understood.',
  unsupported: 'Unsupported message type.',
  'name-invalid': 'That name cannot be used.',
  'name-reserved': 'That name is reserved.',
  'token-invalid': 'Your authentication is not valid or has expired. Please sign in again.',
  'token-required': 'You must sign in to enter this room.',
  'invitation-invalid': 'This invitation is not valid any more.',
  banned: 'You are banned from this room.',
  'room-unknown': 'There is no such room.',
  'room-full': 'This room is full.',
  'room-password': 'This room asks for a password.',
  'room-exists': 'The room name {name} is not available.',
  'rooms-closed': 'Rooms cannot be made on this server.',
  'room-locked': 'This room is locked.',
  'room-early': 'This room is not open yet.',
  'room-over': 'This room is closed.',
  'room-unattended': 'There are no operators in this room.',
  'room-elsewhere': 'This room is at another address.',
  'name-required': 'Please choose a name.',
  'handle-taken': 'That id is taken.',
  'already-here': '{name} is here already.',
  'login-failed': 'That name and password do not belong together.',
  'password-unfit': 'A password has 1 to 256 characters.',
  'channel-unknown': 'There is no such channel.',
  'channel-exists': 'There is a channel {name} already.',
  'channel-invalid': 'That cannot be the name of a channel.',
  'channel-fixed': 'This channel cannot be deleted here.',
  'member-absent': '{name} is not in the room.',
  'message-unknown': 'That message is not there any more.',
  'message-empty': 'The message is empty.',
  'message-too-long': 'The message is too long.',
  'not-permitted': 'You are not permitted to do that.',
  'not-yours': 'You can take back your own messages only.',
  'photos-not-permitted': 'Photos are not permitted in this channel.',
  'direct-photos-not-permitted': 'Photos can be sent directly to operators only.',
  'direct-unsupported': '{name} uses a client that cannot show direct messages.',
  'do-not-disturb': '{name} does not want to be disturbed.',
  filtered: 'Your message was not sent.',
  'link-spam': 'Please do not send the same link to many people.',
  'image-invalid': 'That image could not be read.',
  'image-too-large': 'That image is too large.',
  'you-muted-them': 'You have muted {name}; unmute them to send them a message.',
  'cannot-block-operator': 'You cannot block an operator.',
  'not-yourself': 'You cannot do that to yourself.',
  'camera-off': '{name} is not sharing their camera.',
  'camera-mutual-required': '{name} asks viewers to share their own camera first.',
  'camera-vip-only': '{name} shares their camera with VIPs only.',
  'camera-non-explicit': 'Explicit cameras and those that want none of them do not watch each other.',
  'rule-no-video': 'You are not permitted to watch or share cameras.',
  'rule-no-broadcast': 'You are not permitted to share your camera.',
  'rule-no-image': 'You are not permitted to share images.',
  'already-explicit': "{name}'s camera is marked as explicit already.",
  'stream-invalid': 'That cannot be the id of a stream.',
  'stream-taken': 'There is a stream of this id already.',
  'stream-unfit': 'The stream could not be set up.',
  'stream-unknown': 'There is no such stream.',
  'streams-too-many': 'There are too many streams.',
  'streams-too-many-here': 'There are too many streams from your network.',
  'recording-on': 'This room is being recorded already.',
  'recording-off': 'Nothing can be recorded on this server.',
  'media-off': 'Streams are not forwarded on this server.',
  'data-invalid': 'That cannot be kept.',
  'token-unknown': 'There is no such token.',
  'tokens-too-many': 'There are too many tokens.',
  'not-banned': '{name} is not banned.',
  'addresses-invalid': 'That is no address, and no range such as 192.0.2.0/24.',
  'reports-off': 'Reports are not enabled on this server.',
  'report-failed': 'Your report could not be delivered. Please try again later.',
  'profile-failed': 'The profile could not be fetched.',
  'name-taken': 'The name {name} belongs to somebody else.',
  'settings-invalid': 'The settings could not be read.',
  'too-fast': 'You are sending too fast. Please wait a moment.',
  'storage-failed': 'The server could not store that. Please try again.',
} as const satisfies Record<string, string>;

export type RefusalCode = keyof typeof REFUSALS;

export interface Refusal {
  readonly code: RefusalCode;
  /** Who or what it is about; fills `{name}`. */
  readonly subject?: string;
  /** A sentence more, for people. */
  readonly detail?: string;
}

export function refusalText(refusal: Refusal): string {
  const text = REFUSALS[refusal.code].replace('{name}', refusal.subject ?? 'They');
  return refusal.detail ? `${text} ${refusal.detail}` : text;
}

/**
 * Disconnects: the session ends. `comeBack` tells clients whether to connect again. The `wsCode` is the default close
 * code; a dialect's `farewell` may differ.
 */
export const DISCONNECTS = {
  'server-stopping': { text: 'The server is restarting.', comeBack: true, wsCode: 1012 },
  slow: { text: 'Your connection is too slow.', comeBack: true, wsCode: 1008 },
  'timed-out': { text: 'Your connection timed out.', comeBack: true, wsCode: 1008 },
  'no-login': { text: 'No login arrived in time.', comeBack: true, wsCode: 1008 },
  'frame-too-large': { text: 'That was too large.', comeBack: true, wsCode: 1009 },
  'wire-broken': { text: 'Your client broke the protocol.', comeBack: false, wsCode: 1002 },
  'server-fault': { text: 'Something went wrong on the server.', comeBack: true, wsCode: 1011 },
  dismissed: { text: 'You have been signed out.', comeBack: false, wsCode: 4005 },
  replaced: { text: 'You signed in from somewhere else.', comeBack: false, wsCode: 4001 },
  kicked: { text: 'You have been kicked from the room.', comeBack: false, wsCode: 4003 },
  banned: { text: 'You have been banned from this room.', comeBack: false, wsCode: 4004 },
  'not-admitted': { text: 'You were not let in.', comeBack: false, wsCode: 4006 },
  unattended: { text: 'There are no operators in this room.', comeBack: false, wsCode: 4007 },
  left: { text: 'You left the room.', comeBack: false, wsCode: 1000 },
} as const satisfies Record<string, { text: string; comeBack: boolean; wsCode: number }>;

export type DisconnectCode = keyof typeof DISCONNECTS;

export interface Disconnect {
  readonly code: DisconnectCode;
  readonly reason?: string;
  /** Who did it, where somebody did. */
  readonly by?: { readonly handle: string; readonly name: string };
}

/** The peer broke its wire. Its dialect said what follows: the frame is ignored, or the connection closed. */
export class WireError extends Error {
  readonly severity: 'ignore' | 'close';

  constructor(message: string, options: { readonly severity: 'ignore' | 'close' }) {
    super(message);
    this.name = 'WireError';
    this.severity = options.severity;
  }
}
