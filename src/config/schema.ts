import { type Static, Type } from 'typebox';
import { file, flag, section, table, text, whole } from './schema-parts.ts';
import {
  BareRtcSchema,
  CamusSchema,
  FilterSchema,
  GaleneSchema,
  LinkSpamSchema,
  MediaSchema,
  MessagesSchema,
  RuleSchema,
  TokensSchema,
  TranscriptsSchema,
  VipSchema,
  WebhooksSchema,
  WebsiteSchema,
} from './schema-website.ts';

/**
 * Every option of `parlour.toml`: what it is for, its default and its bounds. `parlour.example.toml` shows them all;
 * a test compares the two. Units are in the key's name or in the description.
 *
 * `expects` says in words what a pattern asks for, so that an error can.
 */

const MEBIBYTE = 1024 * 1024;
const MANY = 1_000_000_000;

const ROOM_NAME = {
  pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
  expects: 'a name of lower-case letters, digits, ".", "_" and "-", at most 64 of them',
};
const CHANNEL_ID = {
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  expects: 'an id of letters, digits, ".", "_" and "-", at most 64 of them',
};

export const ChannelSchema = table('A thread of the room.', {
  id: Type.String({ ...CHANNEL_ID, description: 'Unique within the room; keep it, messages are stored under it.' }),
  name: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'What people read. Default: made from the id.' }),
  ),
  icon: text('', 64, 'An emoji or a CSS class; clients that know neither ignore it.'),
  description: text('', 500, 'One line about the channel.'),
  welcome: Type.Array(Type.String({ maxLength: 10_000 }), {
    default: [],
    maxItems: 20,
    description: 'Markdown messages shown to everybody who enters.',
  }),
  vip: flag(false, 'Read and written by VIPs and operators only.'),
  photos: flag(true, 'Whether images may be posted.'),
  newcomer_messages: whole(20, 0, 500, 'How many of the latest messages a newcomer is shown.'),
});

export const RoomSchema = table('A room that is always there. Its address is /r/NAME.', {
  name: Type.String({ ...ROOM_NAME, description: 'As in its address.' }),
  title: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'What people read. Default: made from the name.' }),
  ),
  password: Type.Optional(
    Type.String({ minLength: 1, maxLength: 256, description: 'Asked of all but operators. Not for default_room.' }),
  ),
  guest_limit: whole(0, 0, 10_000_000, 'Members at once; 0 is no limit of its own.'),
  public: flag(true, 'Whether it is in the list of rooms.'),
  channels: Type.Array(ChannelSchema, {
    default: [],
    maxItems: 100,
    description: 'Default: "lobby" and "offtopic".',
  }),
});

export const ConfigSchema = table('Parlour', {
  port: whole(8080, 0, 65_535, 'TCP port of the web pages and of every wire; 0 takes any free one.'),
  host: Type.Optional(
    Type.String({ minLength: 1, description: 'Address to listen on, such as "127.0.0.1". Default: all interfaces.' }),
  ),
  data: Type.String({
    default: './data',
    minLength: 1,
    description: 'Folder of the database; made when missing. Relative to this file.',
  }),
  public_url: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/]+(/[^\\s]*)?$',
      expects: 'an address that begins with http:// or https://',
      description: 'How people reach the server, for links in invitations. Default: made from host and port.',
    }),
  ),
  trust_proxy: flag(
    false,
    'Whether a proxy in front sets X-Forwarded-For, so that addresses are read there. Without one, anybody could.',
  ),
  log_level: Type.Union(
    [
      Type.Literal('trace'),
      Type.Literal('debug'),
      Type.Literal('info'),
      Type.Literal('warn'),
      Type.Literal('error'),
      Type.Literal('fatal'),
      Type.Literal('silent'),
    ],
    { default: 'info', description: 'trace, debug, info, warn, error, fatal or silent.' },
  ),
  title: Type.String({
    default: 'Parlour',
    minLength: 1,
    maxLength: 100,
    description: 'How the server calls itself.',
  }),
  default_room: Type.String({
    default: 'lobby',
    ...ROOM_NAME,
    description: 'Where people arrive who name no room, and clients whose wire knows no rooms.',
  }),
  rooms_on_demand: flag(false, 'Whether visiting /r/OTHER makes a room of that name.'),

  tls: section('HTTPS and WSS without a proxy. Both files or neither; relative to this file.', {
    cert: file('Certificate with its chain, PEM.'),
    key: file('Private key, PEM.'),
  }),

  guests: section('People without an invitation or an account.', {
    allowed: flag(true, 'Whether they may enter.'),
  }),

  accounts: section('People with a name of their own and a password.', {
    registration: flag(true, 'Whether anybody may make one. On the RWCI wire the first login does.'),
    per_hour_per_address: whole(200, 1, 10_000_000, 'How many one address may make in an hour.'),
  }),

  made_rooms: section('Rooms that people make.', {
    allowed: flag(true, 'Whether they may.'),
    idle_minutes: Type.Number({
      default: 1440,
      minimum: 0,
      maximum: 10_000_000,
      description: 'A room that nobody was in for this long is removed with all that was said there; 0 is never.',
    }),
    count: whole(1000, 1, 10_000_000, 'At most so many.'),
    per_hour_per_address: whole(30, 1, 10_000_000, 'How many one address may make in an hour.'),
  }),

  limits: section('Bounds on what the network can ask for.', {
    connections: whole(20_000, 1, 10_000_000, 'Connections at once.'),
    connections_per_address: whole(1024, 0, 10_000_000, 'Connections at once from one address; 0 is no limit.'),
    outbox_bytes: whole(
      16 * MEBIBYTE,
      64 * 1024,
      MANY,
      'Bytes that may wait for one slow connection before it is closed.',
    ),
    frame_bytes: whole(
      64 * MEBIBYTE,
      64 * 1024,
      MANY,
      'Bytes of one frame on any wire; each wire has a bound of its own, which may be lower.',
    ),
    send_timeout_seconds: whole(
      60,
      1,
      3600,
      'A connection that took nothing of what waits for it for this long is closed.',
    ),
    resume_seconds: whole(30, 0, 3600, 'How long a lost connection may be taken up again.'),
    messages_burst: whole(20, 1, 100_000, 'Messages somebody may send at once.'),
    messages_per_second: Type.Number({
      default: 3,
      exclusiveMinimum: 0,
      maximum: 100_000,
      description: 'Messages somebody may send in the long run; may be a fraction.',
    }),
    uploads_per_minute: whole(20, 1, 100_000, 'Images somebody may send in a minute.'),
    people_per_address: whole(
      50,
      1,
      1_000_000,
      'One address may do as much as so many people together, however often it connects anew.',
    ),
    logins_per_minute_per_address: whole(3000, 1, 10_000_000, 'Logins from one address in a minute.'),
    requests_per_minute_per_address: whole(1200, 1, 10_000_000, 'Requests to the HTTP APIs from one address.'),
    roster_bytes_per_second: whole(20_000_000, 10_000, 100 * MANY, 'What all who lists of a room together may cost.'),
    room_members: whole(0, 0, 10_000_000, 'Members of one room; 0 is no limit.'),
    rooms: whole(1000, 1, 10_000_000, 'Rooms open at once, where rooms are made on demand.'),
    image_bytes: whole(8 * MEBIBYTE, 1024, 256 * MEBIBYTE, 'Bytes of an image as it is sent.'),
    image_pixels: whole(25_000_000, 1, 1_000_000_000, 'Pixels of an image as it is sent.'),
    max_image_width: whole(1280, 16, 16_384, 'Pixels; wider images are made smaller.'),
  }),

  moderation: section('What operators and VIPs may do.', {
    permit_explicit: flag(false, 'Whether people are offered to mark their cameras as explicit.'),
    vip_mutually_secret: flag(false, 'Whether only VIPs see who is a VIP.'),
    blockable_operators: flag(false, 'Whether operators can be blocked.'),
    direct_photos: flag(true, 'Whether images may be sent directly where neither side is an operator.'),
    link_spam: LinkSpamSchema,
    rules: Type.Array(RuleSchema, {
      default: [],
      maxItems: 100_000,
      description: 'What single people may not do, by the name they have in the room.',
    }),
    filters: Type.Array(FilterSchema, {
      default: [],
      maxItems: 1000,
      description: 'What happens to messages with certain phrases; the first filter that matches decides.',
    }),
  }),

  website: WebsiteSchema,
  tokens: TokensSchema,
  webhooks: WebhooksSchema,
  vip: VipSchema,
  messages: MessagesSchema,
  transcripts: TranscriptsSchema,
  barertc: BareRtcSchema,
  camus: CamusSchema,
  galene: GaleneSchema,
  media: MediaSchema,

  ice: section('Helps browsers find a way to each other for cameras.', {
    urls: Type.Array(
      Type.String({ pattern: '^(stun|stuns|turn|turns):\\S+$', expects: 'an address such as "stun:HOST:3478"' }),
      { default: [], maxItems: 16, description: 'STUN and TURN servers, "stun:HOST:PORT" or "turn:HOST:PORT".' },
    ),
    username: Type.Optional(Type.String({ maxLength: 500, description: 'For the TURN servers.' })),
    credential: Type.Optional(Type.String({ maxLength: 500, description: 'For the TURN servers; clients get it.' })),
    turn_secret: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description:
          'Shared with the TURN servers (static-auth-secret of coturn): each client gets a login of its own.',
      }),
    ),
    turn_seconds: whole(21_600, 60, 31_536_000, 'How long such a login is good for.'),
    twilio: section('STUN and TURN servers of Twilio.', {
      account_sid: Type.Optional(
        Type.String({ maxLength: 100, description: 'Your account; nothing is asked without.' }),
      ),
      auth_token: Type.Optional(Type.String({ maxLength: 500, description: 'Its token, or the secret of the key.' })),
      key_sid: Type.Optional(Type.String({ maxLength: 100, description: 'A key of the account, in its place.' })),
    }),
  }),

  rooms: Type.Array(RoomSchema, {
    default: [],
    maxItems: 10_000,
    description: 'Default: one room, named by default_room.',
  }),
});

/** The file's content after checking, defaults filled in. */
export type Settings = Static<typeof ConfigSchema>;
