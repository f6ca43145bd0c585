import { CODEC_NAMES, type CodecName } from '../media/port.ts';
import { Fields, oneWord, reading } from './fields.ts';
import { type GroupKey, parseKey } from './keys.ts';
import { type GroupUser, type Login, parseLogins, type Warn } from './logins.ts';

const DEFAULT_CODECS: readonly CodecName[] = ['vp8', 'opus'];
const DEFAULT_HISTORY_SECONDS = 14_400;
const MAX_TEXT = 16_384;
const MAX_KEYS = 32;
const MAX_WARNINGS = 20;

/** What a group's definition says (`spec/galene.md` 4.2), whichever form it was written in. */
export interface GroupDescription {
  readonly displayName: string;
  readonly description: string;
  readonly contact: string;
  readonly comment: string;
  readonly isPublic: boolean;
  /** Where all who come are sent instead; an absolute URL. */
  readonly redirect?: string;
  /** 0 is no limit. */
  readonly maxClients: number;
  readonly maxHistoryMs: number;
  /** Milliseconds since 1970. */
  readonly notBefore?: number;
  readonly expires?: number;
  readonly allowRecording: boolean;
  readonly unrestrictedTokens: boolean;
  readonly autoSubgroups: boolean;
  readonly autolock: boolean;
  readonly autokick: boolean;
  readonly codecs: readonly CodecName[];
  readonly authKeys: readonly GroupKey[];
  readonly authServer?: string;
  readonly authPortal?: string;
  /** Several of one name, with different passwords, come from definitions of the old form. */
  readonly users: readonly GroupUser[];
  /** Whoever bears none of these names. */
  readonly wildcardUser?: Login;
}

export type ParsedDescription =
  | { readonly kind: 'description'; readonly description: GroupDescription; readonly warnings: readonly string[] }
  /** One line, which begins with the field. */
  | { readonly kind: 'invalid'; readonly problem: string };

/** The text of a definition's file. Never throws. */
export function parseDescription(text: string): ParsedDescription {
  const warnings: string[] = [];
  const result = reading(text, (content) => describe(new Fields(content), (warning) => warnings.push(warning)));
  if (result.kind === 'invalid') return result;
  // Each of ten thousand users may have something wrong with them.
  return { kind: 'description', description: result.value, warnings: warnings.slice(0, MAX_WARNINGS) };
}

function describe(fields: Fields, warn: Warn): GroupDescription {
  const { users, wildcardUser } = parseLogins(fields, warn);
  const description: GroupDescription = {
    displayName: fields.text('displayName') ?? '',
    description: fields.text('description', { max: MAX_TEXT }) ?? '',
    contact: fields.text('contact', { max: MAX_TEXT }) ?? '',
    comment: fields.text('comment', { max: MAX_TEXT }) ?? '',
    isPublic: fields.flag('public'),
    ...optional('redirect', fields.url('redirect')),
    maxClients: Math.max(0, fields.integer('max-clients') ?? 0),
    maxHistoryMs: Math.max(0, (fields.integer('max-history-age') || DEFAULT_HISTORY_SECONDS) * 1000),
    ...optional('notBefore', fields.time('not-before')),
    ...optional('expires', fields.time('expires')),
    allowRecording: fields.flag('allow-recording'),
    unrestrictedTokens: fields.flag('unrestricted-tokens'),
    autoSubgroups: [fields.flag('auto-subgroups'), fields.flag('allow-subgroups')].includes(true),
    autolock: fields.flag('autolock'),
    autokick: fields.flag('autokick'),
    codecs: parseCodecs(fields, warn),
    authKeys: parseKeys(fields, warn),
    ...optional('authServer', fields.url('authServer')),
    ...optional('authPortal', fields.url('authPortal')),
    users,
    ...optional('wildcardUser', wildcardUser),
  };
  // Old; every name may be empty today.
  fields.flag('allow-anonymous');
  fields.end();
  return description;
}

function parseCodecs(fields: Fields, warn: Warn): readonly CodecName[] {
  const words = fields.words('codecs');
  const isCodec = (word: string): word is CodecName => CODEC_NAMES.some((name) => name === word);
  for (const word of words) if (!isCodec(word)) warn(`${fields.path('codecs')}: ${oneWord(word)} is no codec we know`);
  return words.length === 0 ? DEFAULT_CODECS : [...new Set(words.filter(isCodec))];
}

function parseKeys(fields: Fields, warn: Warn): readonly GroupKey[] {
  const path = fields.path('authKeys');
  return fields.list('authKeys', MAX_KEYS).flatMap((key, index) => parseKey(key, `${path}[${index}]`, warn) ?? []);
}

/** What is absent is not there at all. */
function optional<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: V });
}
