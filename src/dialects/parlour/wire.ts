import { type Static, type TSchema, Type } from 'typebox';

/**
 * The native wire: JSON text frames over WebSocket at `/ws`. Every client frame has a `type` and may have a `ref`,
 * which comes back in its answer (`ok` or `refused`). Every frame of the room has a `seq`; after a lost connection
 * the client says the last one it saw and gets what it missed.
 *
 * These schemas are the wire: inbound frames are checked against them, and `docs/parlour-wire.yaml` (AsyncAPI) is
 * compared with them by a test.
 */

const Str = (max: number) => Type.String({ maxLength: max });
const Name = Str(256);
const Ref = Type.Optional(Str(64));
const MessageId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Text = Str(64_000);

/** Where a message goes: `channel` or `to` (a member's name), never both. */
export const TargetSchema = Type.Union([
  Type.Object({ channel: Str(128) }, { additionalProperties: false }),
  Type.Object({ to: Name }, { additionalProperties: false }),
]);

const Millis = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });
const Sdp = Str(128_000);
/** JSON values by name; all together at most 16,000 characters. */
const Changes = Type.Record(Str(256), Type.Unknown());

/** What is wanted of a stream: `low` is the smallest of its sizes. */
export const WantedSchema = Type.Object(
  {
    audio: Type.Boolean(),
    video: Type.Union([Type.Literal('none'), Type.Literal('low'), Type.Literal('high')]),
  },
  { additionalProperties: false },
);

/** As browsers write it. */
export const CandidateSchema = Type.Object({
  candidate: Str(2000),
  sdpMid: Type.Optional(Str(64)),
  sdpMLineIndex: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  usernameFragment: Type.Optional(Str(256)),
});

const client = <T extends string, P extends Record<string, TSchema>>(type: T, properties: P) =>
  Type.Object({ type: Type.Literal(type), ref: Ref, ...properties }, { additionalProperties: false });

/** What clients send. */
export const ClientFrames = {
  /** First frame of a connection: enters a room, or resumes a session. */
  hello: client('hello', {
    /** The wire's version; 1. */
    version: Type.Integer({ minimum: 1, maximum: 1 }),
    room: Str(64),
    name: Name,
    /** From an earlier `welcome`: the same person again. */
    token: Type.Optional(Str(4096)),
    invitation: Type.Optional(Str(256)),
    /** A token (JWT) by which the website signs its users in; the name is then what it says. */
    jwt: Type.Optional(Str(8192)),
    /** Of the account that has the name. */
    password: Type.Optional(Str(256)),
    /** Of the room, where it asks for one. */
    roomPassword: Type.Optional(Str(256)),
    /** A word that admits to the room, of `make-token`, or signed by somebody whom the room trusts. */
    roomToken: Type.Optional(Str(8192)),
    status: Type.Optional(Str(64)),
    /** The session to take up after a lost connection. */
    resume: Type.Optional(
      Type.Object(
        { session: Str(256), epoch: Str(64), seq: Type.Integer({ minimum: 0 }) },
        { additionalProperties: false },
      ),
    ),
  }),
  leave: client('leave', {}),
  ping: client('ping', {}),
  /** `id` is the client's own, new for each message: sent again after a lost connection, it is not posted again. */
  post: client('post', {
    target: TargetSchema,
    text: Type.Optional(Text),
    /** An uploaded image (`POST /api/attachments`). */
    attachment: Type.Optional(Str(64)),
    fileName: Type.Optional(Str(256)),
    id: Type.Optional(Str(64)),
  }),
  retract: client('retract', { messageId: MessageId }),
  react: client('react', { messageId: MessageId, emoji: Str(64), on: Type.Boolean() }),
  typing: client('typing', { target: TargetSchema, on: Type.Boolean() }),
  presence: client('presence', {
    status: Type.Optional(Str(64)),
    dnd: Type.Optional(Type.Boolean()),
    /** Bits as in `Camera` of the core; 0 is off. */
    camera: Type.Optional(Type.Integer({ minimum: 0, maximum: 0x7fffffff })),
  }),
  relate: client('relate', {
    kind: Type.Union([Type.Literal('mute'), Type.Literal('block'), Type.Literal('boot'), Type.Literal('invite')]),
    names: Type.Array(Name, { minItems: 1, maxItems: 1000 }),
    on: Type.Boolean(),
  }),
  'open-camera': client('open-camera', { name: Name }),
  watching: client('watching', { name: Name, on: Type.Boolean() }),
  signal: client('signal', {
    name: Name,
    kind: Type.Union([Type.Literal('description'), Type.Literal('candidate')]),
    /** JSON of an RTCSessionDescription or RTCIceCandidate, passed on unchanged. */
    payload: Str(64_000),
  }),
  /** Newest page without bounds; `before` pages back, `after` forward. */
  history: client('history', {
    target: TargetSchema,
    before: Type.Optional(MessageId),
    after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  }),
  threads: client('threads', {}),
  kick: client('kick', { name: Name, reason: Type.Optional(Str(500)) }),
  ban: client('ban', {
    name: Name,
    hours: Type.Number({ exclusiveMinimum: 0, maximum: 876_000 }),
    reason: Type.Optional(Str(500)),
  }),
  /** Keeps out all who come from an address, or a range such as `192.0.2.0/24`, but operators. */
  'ban-addresses': client('ban-addresses', {
    addresses: Str(64),
    hours: Type.Number({ exclusiveMinimum: 0, maximum: 876_000 }),
    reason: Type.Optional(Str(500)),
  }),
  /** By name, or by addresses. */
  unban: client('unban', { name: Name }),
  bans: client('bans', {}),
  operator: client('operator', { name: Name, on: Type.Boolean() }),
  /** Tells the website of somebody. */
  report: client('report', {
    name: Name,
    target: Type.Optional(TargetSchema),
    reason: Str(500),
    /** The message it is about, and when it was said. */
    text: Type.Optional(Text),
    at: Type.Optional(Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })),
    comment: Type.Optional(Str(4000)),
  }),
  /** Another name, for who has no account. */
  rename: client('rename', { name: Name }),
  /** Another password for one's account, or the first one, which makes an account of a guest. `detail` is the token. */
  password: client('password', { current: Type.Optional(Str(256)), password: Str(256) }),
  /** Operators only, like the next two. The id is made of the name where none is said, and is the answer's `detail`. */
  'create-channel': client('create-channel', {
    name: Str(100),
    id: Type.Optional(Str(64)),
    description: Type.Optional(Str(500)),
    vip: Type.Optional(Type.Boolean()),
    photos: Type.Optional(Type.Boolean()),
  }),
  'delete-channel': client('delete-channel', { id: Str(64) }),
  /** A notice to everybody, on all wires. */
  announce: client('announce', { text: Text }),
  'mark-explicit': client('mark-explicit', { name: Name }),
  'cut-camera': client('cut-camera', { name: Name }),
  /** Lets operators alone come in, and says why; or lets everybody in again. Operators only, like the next four. */
  lock: client('lock', { on: Type.Boolean(), message: Type.Optional(Str(500)) }),
  'room-data': client('room-data', { changes: Changes }),
  /** Gives a right, or takes it, for as long as they are here. */
  grant: client('grant', {
    name: Name,
    permission: Type.Union([
      Type.Literal('op'),
      Type.Literal('present'),
      Type.Literal('message'),
      Type.Literal('caption'),
      Type.Literal('token'),
    ]),
    on: Type.Boolean(),
  }),
  /** Takes back all that was said in the channels, or what the member of this id said. */
  clear: client('clear', { by: Type.Optional(Str(128)) }),
  /** From which address somebody comes: the answer's `detail`. */
  identify: client('identify', { name: Name }),
  /** What others see with one's name; `null` takes a value out. `raisehand` is a raised hand. */
  'own-data': client('own-data', { changes: Changes }),
  caption: client('caption', { text: Text }),
  /** Writes all streams to files from now on, or no longer; for who has the right `record`. */
  record: client('record', { on: Type.Boolean() }),
  /** From client to client, to one or to all. `mute` asks to mute microphones, `warning` is read by people. */
  note: client('note', {
    to: Type.Optional(Name),
    kind: Str(64),
    value: Type.Unknown(),
    echo: Type.Optional(Type.Boolean()),
  }),
  /** A stream that the server forwards: new, or another offer for one's own. Answered by `stream-answer`. */
  publish: client('publish', {
    stream: Str(128),
    /** `camera`, `screenshare`, or what else it is. */
    label: Str(64),
    sdp: Sdp,
    /** One of one's own whose place it takes. */
    replaces: Type.Optional(Str(128)),
  }),
  unpublish: client('unpublish', { stream: Str(128) }),
  'stream-candidate': client('stream-candidate', { stream: Str(128), candidate: CandidateSchema }),
  /** Which streams to be sent, by label; and of those that are not named, `otherwise`. */
  want: client('want', {
    byLabel: Type.Record(Str(64), WantedSchema),
    otherwise: WantedSchema,
  }),
  /** Something else of one stream; without `wanted`, as of the others. */
  'want-stream': client('want-stream', { stream: Str(128), wanted: Type.Optional(WantedSchema) }),
  'stream-answer': client('stream-answer', { stream: Str(128), sdp: Sdp }),
  /** Asks for another offer, with an ICE restart. */
  'stream-restart': client('stream-restart', { stream: Str(128) }),
  'refuse-stream': client('refuse-stream', { stream: Str(128) }),
  /** A link that admits to the room, for who has the permission `token`. The answer has `tokens`, as of the next two. */
  'make-token': client('make-token', {
    permissions: Type.Array(Str(32), { maxItems: 16 }),
    /** Whom it admits; whoever comes says their own name where it is absent. */
    username: Type.Optional(Name),
    expires: Millis,
    notBefore: Type.Optional(Millis),
  }),
  'edit-token': client('edit-token', {
    token: Str(256),
    expires: Type.Optional(Millis),
    notBefore: Type.Optional(Millis),
  }),
  tokens: client('tokens', {}),
  invite: client('invite', { role: Type.Union([Type.Literal('operator'), Type.Literal('guest')]) }),
} as const;

export type ClientFrameType = keyof typeof ClientFrames;
export type ClientFrame = { [T in ClientFrameType]: Static<(typeof ClientFrames)[T]> }[ClientFrameType];
export type ClientFrameOf<T extends ClientFrameType> = Static<(typeof ClientFrames)[T]>;

// --- what the server sends --------------------------------------------------------------------------------------------

const Seq = Type.Integer({ minimum: 0 });

export const ChannelSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  icon: Type.String(),
  description: Type.String(),
  /** Markdown. */
  welcome: Type.Array(Type.String()),
  vip: Type.Boolean(),
  photos: Type.Boolean(),
});

/** A line of the roster, as this viewer may see it. */
export const MemberSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nickname: Type.Optional(Type.String()),
  avatar: Type.Optional(Type.String()),
  profile: Type.Optional(Type.String()),
  emoji: Type.Optional(Type.String()),
  gender: Type.Optional(Type.String()),
  status: Type.String(),
  dnd: Type.Boolean(),
  /** Bits as in `Camera` of the core; 0 is off. */
  camera: Type.Integer(),
  operator: Type.Boolean(),
  /** Whether they cannot be written to directly: their client could not show it. */
  noDirect: Type.Optional(Type.Literal(true)),
  /** Whether they may not publish streams, or write. */
  noPresent: Type.Optional(Type.Literal(true)),
  noMessage: Type.Optional(Type.Literal(true)),
  /** What their client keeps with them; absent where it is nothing. */
  data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  vip: Type.Boolean(),
  joinedAt: Millis,
});

export const SelfSchema = Type.Object({
  ...MemberSchema.properties,
  /** Whether the name is that of an account, which has a password. */
  account: Type.Optional(Type.Literal(true)),
  /** The user of the group's definition whose password they said, where that one can be changed. */
  groupLogin: Type.Optional(Type.Object({ group: Type.String(), user: Type.String() })),
  permissions: Type.Array(Type.String()),
  rules: Type.Array(Type.String()),
  relations: Type.Object({
    /** Names in lower case (name keys). */
    mute: Type.Array(Type.String()),
    block: Type.Array(Type.String()),
    boot: Type.Array(Type.String()),
    invite: Type.Array(Type.String()),
  }),
});

export const MessageSchema = Type.Object({
  id: MessageId,
  /** The channel's id; absent in direct messages. */
  channel: Type.Optional(Type.String()),
  /** The addressee's name in direct messages. */
  to: Type.Optional(Type.String()),
  from: Type.String(),
  /** Whether the reader wrote it. */
  own: Type.Optional(Type.Literal(true)),
  at: Millis,
  /** Markdown source, without HTML. */
  text: Type.Optional(Type.String()),
  image: Type.Optional(
    Type.Object({
      url: Type.String(),
      mediaType: Type.String(),
      width: Type.Integer(),
      height: Type.Integer(),
      fileName: Type.String(),
    }),
  ),
  /** The client's own id of it, to its author only. */
  clientId: Type.Optional(Type.String()),
  reactions: Type.Array(Type.Object({ emoji: Type.String(), by: Type.Array(Type.String()) })),
});

/** How people meet in a room. */
export const MeetingSchema = Type.Object({
  description: Type.String(),
  /** Whether operators alone come in, and what others are told. */
  locked: Type.Boolean(),
  lockMessage: Type.Optional(Type.String()),
  /** What clients keep with the room. */
  data: Type.Record(Type.String(), Type.Unknown()),
  /** While it is recorded: since when. */
  recordingSince: Type.Optional(Millis),
});

export const RoomTokenSchema = Type.Object({
  token: Type.String(),
  /** Where it leads. */
  url: Type.String(),
  username: Type.Optional(Type.String()),
  permissions: Type.Array(Type.String()),
  expires: Type.Optional(Millis),
  notBefore: Type.Optional(Millis),
  issuedBy: Type.Optional(Type.String()),
});

const server = <T extends string, P extends Record<string, TSchema>>(type: T, properties: P) =>
  Type.Object({ type: Type.Literal(type), ...properties });
const roomFrame = <T extends string, P extends Record<string, TSchema>>(type: T, properties: P) =>
  Type.Object({ type: Type.Literal(type), seq: Seq, ...properties });

/** What the server sends. Frames with `seq` are events of the room; the others answer this session alone. */
export const ServerFrames = {
  /** Answers `hello`. When `recovered`, what was missed follows; else `room` follows, everything anew. */
  welcome: server('welcome', {
    session: Type.String(),
    token: Type.String(),
    epoch: Type.String(),
    seq: Seq,
    recovered: Type.Boolean(),
    keepAliveMs: Type.Integer(),
  }),
  pong: server('pong', { ref: Ref }),
  /** The website's next token for who came with one; for the next `hello`. */
  token: server('token', { jwt: Type.String() }),
  ok: server('ok', {
    ref: Ref,
    messageId: Type.Optional(MessageId),
    at: Type.Optional(Millis),
    messages: Type.Optional(Type.Array(MessageSchema)),
    more: Type.Optional(Type.Boolean()),
    threads: Type.Optional(Type.Array(Type.Object({ name: Type.String(), lastMessageId: MessageId, lastAt: Millis }))),
    bans: Type.Optional(
      Type.Array(
        Type.Object({
          /** Absent where the ban is of addresses alone. */
          name: Type.Optional(Type.String()),
          addresses: Type.Optional(Type.String()),
          reason: Type.String(),
          by: Type.String(),
          at: Millis,
          expiresAt: Millis,
        }),
      ),
    ),
    tokens: Type.Optional(Type.Array(RoomTokenSchema)),
    url: Type.Optional(Type.String()),
    detail: Type.Optional(Type.String()),
  }),
  refused: server('refused', {
    ref: Ref,
    /** Stable; see `docs/errors.md`. */
    code: Type.String(),
    message: Type.String(),
    subject: Type.Optional(Type.String()),
  }),
  /** Goodbye. `comeBack` tells whether to connect again. */
  bye: server('bye', {
    code: Type.String(),
    message: Type.String(),
    reason: Type.Optional(Type.String()),
    comeBack: Type.Boolean(),
  }),
  /** Everything somebody starts with. */
  room: roomFrame('room', {
    name: Type.String(),
    title: Type.String(),
    channels: Type.Array(ChannelSchema),
    self: SelfSchema,
    members: Type.Array(MemberSchema),
    /** The latest messages of each channel, oldest first. */
    messages: Type.Array(MessageSchema),
    permitExplicit: Type.Boolean(),
    meeting: MeetingSchema,
  }),
  /** Somebody is in the roster from now on, or their line changed. `joined` when they have just come. */
  member: roomFrame('member', { member: MemberSchema, joined: Type.Optional(Type.Literal(true)) }),
  /** Somebody is out of the roster. `how` when they went; absent when they are merely not to be seen any more. */
  gone: roomFrame('gone', {
    id: Type.String(),
    name: Type.Optional(Type.String()),
    how: Type.Optional(
      Type.Union([
        Type.Literal('left'),
        Type.Literal('kicked'),
        Type.Literal('banned'),
        Type.Literal('timed-out'),
        Type.Literal('replaced'),
      ]),
    ),
  }),
  /** Somebody has another name from now on; their line follows. */
  renamed: roomFrame('renamed', { id: Type.String(), from: Type.String(), name: Type.String() }),
  /** What the viewer is changed. */
  self: roomFrame('self', { self: SelfSchema }),
  message: roomFrame('message', { message: MessageSchema }),
  retracted: roomFrame('retracted', { messageId: MessageId }),
  reaction: roomFrame('reaction', {
    messageId: MessageId,
    emoji: Type.String(),
    by: Type.String(),
    on: Type.Boolean(),
  }),
  typing: roomFrame('typing', {
    id: Type.String(),
    name: Type.String(),
    /** Absent: in the direct thread with the viewer. */
    channel: Type.Optional(Type.String()),
    on: Type.Boolean(),
  }),
  /** Somebody opened the viewer's camera and will send an offer. */
  ring: roomFrame('ring', { name: Type.String(), id: Type.String() }),
  /** The viewer may now send an offer to this broadcaster. */
  opened: roomFrame('opened', { name: Type.String(), id: Type.String() }),
  watching: roomFrame('watching', { name: Type.String(), id: Type.String(), on: Type.Boolean() }),
  signal: roomFrame('signal', {
    name: Type.String(),
    id: Type.String(),
    kind: Type.Union([Type.Literal('description'), Type.Literal('candidate')]),
    payload: Type.String(),
  }),
  /** An operator cut the viewer's camera: stop it. */
  cut: roomFrame('cut', {}),
  /** The viewer's camera was marked as explicit. */
  marked: roomFrame('marked', { by: Type.Optional(Type.String()) }),
  nudge: roomFrame('nudge', {}),
  relation: roomFrame('relation', {
    kind: Type.Union([Type.Literal('mute'), Type.Literal('block'), Type.Literal('boot'), Type.Literal('invite')]),
    names: Type.Array(Type.String()),
    on: Type.Boolean(),
  }),
  /** There is a channel more, or one less. */
  channel: roomFrame('channel', { channel: ChannelSchema }),
  'channel-gone': roomFrame('channel-gone', { id: Type.String() }),
  notice: roomFrame('notice', { text: Type.String() }),
  meeting: roomFrame('meeting', {
    title: Type.String(),
    meeting: MeetingSchema,
    /** Who locked or unlocked it, where somebody just did. */
    lockedBy: Type.Optional(Type.String()),
    /** Who began or ended the recording, likewise. */
    recordingBy: Type.Optional(Type.String()),
  }),
  /** All that was said in the channels is taken back, or these messages. */
  cleared: roomFrame('cleared', { by: Type.String(), all: Type.Boolean(), messageIds: Type.Array(MessageId) }),
  caption: roomFrame('caption', { name: Type.String(), text: Type.String(), at: Millis }),
  note: roomFrame('note', {
    name: Type.String(),
    /** Whether an operator sent it, and whether to the viewer alone. */
    privileged: Type.Boolean(),
    direct: Type.Boolean(),
    kind: Type.String(),
    value: Type.Unknown(),
    at: Millis,
  }),
  'stream-answer': roomFrame('stream-answer', { stream: Type.String(), sdp: Type.String() }),
  /** The server ended the viewer's stream. */
  'stream-ended': roomFrame('stream-ended', { stream: Type.String(), code: Type.String(), message: Type.String() }),
  /** The way to the server was lost: another offer, with an ICE restart or in its place, may mend it. */
  'stream-restart': roomFrame('stream-restart', { stream: Type.String() }),
  'stream-candidate': roomFrame('stream-candidate', { stream: Type.String(), candidate: CandidateSchema }),
  /** Somebody's stream, or another offer for one that is received; to be answered by `stream-answer`. */
  'stream-offer': roomFrame('stream-offer', {
    stream: Type.String(),
    label: Type.String(),
    /** Whose it is. */
    id: Type.String(),
    name: Type.String(),
    sdp: Type.String(),
    tracks: Type.Array(
      Type.Object({ mid: Type.String(), kind: Type.Union([Type.Literal('audio'), Type.Literal('video')]) }),
    ),
    replaces: Type.Optional(Type.String()),
  }),
  'stream-closed': roomFrame('stream-closed', {
    stream: Type.String(),
    code: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
  }),
} as const;

export type ServerFrameType = keyof typeof ServerFrames;
export type ServerFrame = { [T in ServerFrameType]: Static<(typeof ServerFrames)[T]> }[ServerFrameType];
export type ServerFrameOf<T extends ServerFrameType> = Static<(typeof ServerFrames)[T]>;
/** A frame of the room, which has a number. */
export type RoomFrame = Extract<ServerFrame, { seq: number }> & { type: Exclude<ServerFrameType, 'welcome'> };

export type WireMeeting = Static<typeof MeetingSchema>;
export type WireRoomToken = Static<typeof RoomTokenSchema>;
export type WireWanted = Static<typeof WantedSchema>;
export type WireCandidate = Static<typeof CandidateSchema>;
export type WireTarget = Static<typeof TargetSchema>;
export type WireChannel = Static<typeof ChannelSchema>;
export type WireMember = Static<typeof MemberSchema>;
export type WireSelf = Static<typeof SelfSchema>;
export type WireMessage = Static<typeof MessageSchema>;

/** How often a client that heard nothing should send `ping`, in milliseconds. */
export const KEEP_ALIVE_MS = 20_000;
export const WIRE_VERSION = 1;
