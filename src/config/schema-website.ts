import { Type } from 'typebox';
import { file, flag, section, table, text, whole } from './schema-parts.ts';

/** The options for a chat that belongs to a website, which signs its users in. */

const URL_OR_NOTHING = {
  pattern: '^(https?://\\S+)?$',
  expects: 'an address that begins with http:// or https://',
};
const address = (description: string) => Type.String({ default: '', maxLength: 2000, ...URL_OR_NOTHING, description });
const names = (description: string, { maxItems = 10_000, maxLength = 500 } = {}) =>
  Type.Array(Type.String({ minLength: 1, maxLength }), { default: [], maxItems, description });

export const WebsiteSchema = section('The website that the chat belongs to.', {
  url: address('Where it is; addresses of pictures and profiles in tokens may be relative to it.'),
  landing_page: address('Where people are sent who need a token and have none.'),
  branding: text('', 10_000, 'HTML in the place of the logo, for a front end of its own ([barertc] frontend).'),
  api_key: text('', 500, 'Lets the website use the HTTP APIs, and comes with our webhooks. Empty: they are closed.'),
  statistics_names: flag(true, 'Whether the statistics, which anybody may read, name who is there.'),
  cors_hosts: names('Origins whose pages may read the statistics, such as "https://www.example.org".', {
    maxItems: 100,
  }),
});

export const TokensSchema = section('JSON Web Tokens by which the website signs its users in.', {
  enabled: flag(false, 'Whether tokens are taken.'),
  strict: flag(true, 'Whether people get in by a token only; guests are kept out then, on every wire.'),
  secret: text('', 10_000, 'What the website signs with; long and random. Must not be empty where tokens are taken.'),
  algorithm: Type.Union([Type.Literal('HS256'), Type.Literal('HS384'), Type.Literal('HS512')], {
    default: 'HS256',
    description: 'HS256, HS384 or HS512; a token signed with another one is refused.',
  }),
});

export const WebhooksSchema = section('Addresses of the website that are told of things; empty is none.', {
  report: address('Gets the reports of members, filters and the protection from spam.'),
  profile: address('Is asked for what the website says about somebody.'),
  timeout_seconds: whole(10, 1, 120, 'How long an answer may take.'),
});

export const VipSchema = section('How VIPs are shown by clients that can.', {
  name: text('VIP', 100, 'What they are called.'),
  branding: text('<em>VIP</em>', 10_000, 'HTML beside the camera options.'),
  icon: text('fa fa-circle', 200, 'CSS classes.'),
});

export const MessagesSchema = section('What is kept of messages.', {
  keep_direct: flag(true, 'Whether direct messages are stored; if not, they are gone when the server stops.'),
  direct_days: whole(0, 0, 36_500, 'Days that direct messages are kept; 0 is for ever.'),
  channel_days: whole(0, 0, 36_500, 'Days that messages of channels are kept; 0 is for ever.'),
  direct_disclaimer: text('', 10_000, 'HTML that is shown above direct messages by clients that can.'),
});

export const TranscriptsSchema = section('What is said, as plain text files, one line each; for the record.', {
  folder: file('Where they are written; none unless said. Relative to this file.'),
  channels: names('Ids of the channels.'),
  usernames: names('Names of people whose direct messages are written, both sides.'),
});

export const LinkSpamSchema = section('Who sends the same link to many people directly is kicked, then banned.', {
  enabled: flag(true, 'Whether it is.'),
  max_threads: whole(5, 1, 10_000, 'To how many people the same link may go.'),
  time_limit_seconds: whole(3600, 1, 31_536_000, 'After this long without being sent, a link is forgotten.'),
  ban_hours: whole(24, 1, 876_000, 'How long the ban is.'),
});

export const RuleSchema = table('For one name.', {
  username: Type.String({ minLength: 1, maxLength: 500, description: 'As it is shown in the room.' }),
  camera_always_explicit: flag(false, 'Their camera is marked as explicit whenever it is on.'),
  no_broadcast: flag(false, 'They may not share their camera.'),
  no_video: flag(false, 'They may neither share nor watch cameras.'),
  no_image: flag(false, 'They may not share images.'),
  no_dark_video: flag(false, 'Their camera may be dark; clients that turn dark ones off leave it on.'),
});

export const FilterSchema = table('Phrases, and what happens to a message that has one.', {
  enabled: flag(true, 'Whether it is used.'),
  channels: flag(true, 'Whether it is used in channels.'),
  direct: flag(true, 'Whether it is used in direct messages; never where either side is an operator.'),
  phrases: names('Regular expressions in the syntax of RE2, such as "(?i)\\bspam\\b".', { maxLength: 10_000 }),
  censor: flag(true, 'Whether what matched is replaced by asterisks.'),
  forward: flag(false, 'Whether others get the message; if not, its author alone sees it.'),
  report: flag(false, 'Whether the report webhook is told.'),
  response: text('', 10_000, 'What the server says to the author; nothing unless said.'),
});

export const BareRtcSchema = section('For those who ran BareRTC before.', {
  settings: file('A settings.toml of BareRTC, read as it is. What this file says is stronger. Relative to this file.'),
  frontend: file('A built front end of BareRTC (its "dist"), to be served. Relative to this file.'),
  path: Type.String({
    default: '/',
    pattern: '^/([a-z0-9][a-z0-9._-]*/?)?$',
    expects: 'a path such as "/" or "/chat"',
    description: 'Where the front end is served. Our own client is under /r/NAME in any case.',
  }),
  preview_width: whole(360, 16, 4096, 'Pixels; images are shown at most this wide until they are clicked.'),
  strings: section('What people read who come upon a rule.', {
    camera_always_explicit: text('', 10_000, 'When their camera was marked as explicit.'),
    no_broadcast: text('', 10_000, 'When they may not share their camera.'),
    no_video: text('', 10_000, 'When they may neither share nor watch cameras.'),
    no_image: text('', 10_000, 'When they may not share images.'),
  }),
});

export const CamusSchema = section('For those who ran Camus before. Its environment variables are read as well.', {
  frontend: file('A built front end of Camus (the folder with "static" in it, or that folder). Relative to this file.'),
  home: flag(false, 'Whether "/" is the page on which rooms are made. Our own client is under /r/NAME in any case.'),
  secret: Type.Optional(
    Type.String({
      minLength: 16,
      maxLength: 500,
      description: 'Signs the cookies of its pages (SECRET_KEY). Default: made at the first start, and kept.',
    }),
  ),
});

export const GaleneSchema = section('For those who run Galène. Its folders are read as they are, and watched.', {
  groups: file('The folder of its group definitions ("groups"). Relative to this file.'),
  data: file('Its "data" folder: config.json, ice-servers.json and tokens. Relative to this file.'),
  frontend: file('Its "static" folder, to run its own pages from /group/NAME/. Relative to this file.'),
  recordings: file('The folder of recorded streams. Default: "recordings" in the data folder. Relative to this file.'),
  permissions: Type.Union([Type.Literal('object'), Type.Literal('array')], {
    default: 'object',
    expects: '"object" or "array"',
    description: 'How clients that do not say how old they are (before 0.6) are told what people may do.',
  }),
  relay_only: flag(false, 'Whether media goes by the TURN servers alone.'),
});

export const MediaSchema = section('Streams that the server receives once and forwards.', {
  enabled: flag(true, 'Whether streams are forwarded at all.'),
  workers: whole(1, 1, 64, 'Processes that forward; one for each core that is not needed for anything else.'),
  port: whole(0, 0, 65_535, 'First UDP port for media: each worker takes two. 0 is any free ones.'),
  streams: whole(100, 1, 100_000, 'Streams of one room at once.'),
  connections: whole(2000, 1, 1_000_000, 'How often all streams of one room together are sent to somebody.'),
  streams_per_address: whole(60, 1, 100_000, 'Streams of one room at once from one address, unless it is private.'),
  connections_per_address: whole(1500, 1, 1_000_000, 'How often all streams of one room go to one address.'),
  addresses: Type.Array(Type.String({ maxLength: 64, expects: 'an IP address' }), {
    default: [],
    maxItems: 8,
    description: 'Where clients reach the UDP ports, where that is not the address of this machine.',
  }),
});
