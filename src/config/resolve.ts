import { resolve as absolute, join } from 'node:path';
import { isWebAddress } from './addresses.ts';
import { camelCase } from './camel-case.ts';
import type { Config, RoomConfig, TlsFiles } from './config.ts';
import { ConfigError } from './config-error.ts';
import { defaultChannels, defaultRoom, titleFrom } from './default-rooms.ts';
import { oneLine } from './one-line.ts';
import { phraseProblem } from './phrases.ts';
import type { Settings } from './schema.ts';

export interface Origin {
  /** Names the file in errors. */
  readonly source: string;
  /** What relative paths are relative to. */
  readonly folder: string;
  /** What came of reading it. */
  readonly warnings?: readonly string[];
}

/** From the file's shape to the program's: names, paths, default rooms, and the rules that span several options. */
export function resolveConfig(settings: Settings, { source, folder, warnings = [] }: Origin): Config {
  const { tls, rooms, ...plain } = settings;
  try {
    const tlsFiles = resolveTls(tls, folder);
    refuseEmptySecret(settings);
    refuseBadPhrases(settings);
    refuseBadWebhooks(settings);
    refuseTwoHomes(settings);
    return {
      ...camelCase(plain),
      ...(plain.public_url === undefined ? {} : { publicUrl: plain.public_url.replace(/\/+$/, '') }),
      data: absolute(folder, plain.data),
      ...(tlsFiles === undefined ? {} : { tls: tlsFiles }),
      rooms: resolveRooms(settings),
      warnings,
      ...resolveFolders(settings, folder),
    };
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(`${source}: ${error.message}`);
    throw error;
  }
}

/** Paths are absolute from here on. */
function resolveFolders(
  settings: Settings,
  folder: string,
): Pick<Config, 'barertc' | 'camus' | 'galene' | 'transcripts'> {
  const { barertc, camus, galene, transcripts } = camelCase({
    barertc: settings.barertc,
    camus: settings.camus,
    galene: settings.galene,
    transcripts: settings.transcripts,
  });
  return {
    barertc: {
      ...barertc,
      ...(barertc.settings === undefined ? {} : { settings: absolute(folder, barertc.settings) }),
      ...(barertc.frontend === undefined ? {} : { frontend: absolute(folder, barertc.frontend) }),
    },
    camus: { ...camus, ...(camus.frontend === undefined ? {} : { frontend: absolute(folder, camus.frontend) }) },
    galene: {
      ...galene,
      ...(galene.groups === undefined ? {} : { groups: absolute(folder, galene.groups) }),
      ...(galene.data === undefined ? {} : { data: absolute(folder, galene.data) }),
      ...(galene.frontend === undefined ? {} : { frontend: absolute(folder, galene.frontend) }),
      recordings: absolute(folder, galene.recordings ?? join(settings.data, 'recordings')),
    },
    transcripts: {
      ...transcripts,
      ...(transcripts.folder === undefined ? {} : { folder: absolute(folder, transcripts.folder) }),
    },
  };
}

function resolveTls({ cert, key }: Settings['tls'], folder: string): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw new ConfigError('tls.key needs tls.cert (--tls-cert) beside it');
  if (key === undefined) throw new ConfigError('tls.cert needs tls.key (--tls-key) beside it');
  return { cert: absolute(folder, cert), key: absolute(folder, key) };
}

/** With an empty secret anybody could sign for anybody. */
function refuseEmptySecret({ tokens }: Settings): void {
  if (tokens.enabled && tokens.secret.trim() === '') {
    throw new ConfigError('tokens.secret (JWT.SecretKey) must not be empty where tokens are taken');
  }
}

/** Filters match in time proportional to the message only if their phrases are of this kind. */
function refuseBadPhrases({ moderation }: Settings): void {
  for (const [index, { phrases }] of moderation.filters.entries()) {
    for (const [place, phrase] of phrases.entries()) {
      const problem = phraseProblem(phrase);
      if (problem === undefined) continue;
      const name = `moderation.filters[${index}].phrases[${place}]`;
      throw new ConfigError(`${name} "${oneLine(phrase)}" is no regular expression in the syntax of RE2: ${problem}`);
    }
  }
}

function refuseBadWebhooks({ webhooks }: Settings): void {
  for (const name of ['report', 'profile'] as const) {
    if (webhooks[name] === '' || isWebAddress(webhooks[name])) continue;
    throw new ConfigError(`webhooks.${name} must be an address such as "https://www.example.org/${name}"`);
  }
}

function refuseTwoHomes({ barertc, camus }: Settings): void {
  if (camus.home && barertc.frontend !== undefined && barertc.path === '/') {
    throw new ConfigError('camus.home and barertc.frontend both want to be at "/"; set barertc.path to another one');
  }
}

function resolveRooms(settings: Settings): readonly RoomConfig[] {
  if (settings.rooms.length === 0) return [defaultRoom(settings.default_room)];
  refuseDoubles(
    'rooms',
    settings.rooms.map((room) => room.name),
  );
  const isThere = settings.rooms.some((room) => room.name === settings.default_room);
  if (!isThere && !settings.rooms_on_demand) {
    throw new ConfigError(`default_room is "${settings.default_room}", but no room has that name`);
  }
  refuseClosedDefault(settings);
  return settings.rooms.map(resolveRoom);
}

/** Clients whose wire knows no rooms could not say the password. */
function refuseClosedDefault({ rooms, default_room }: Settings): void {
  const index = rooms.findIndex((room) => room.name === default_room && room.password !== undefined);
  if (index >= 0) throw new ConfigError(`rooms[${index}].password: "${default_room}" is default_room, which has none`);
}

function resolveRoom(room: Settings['rooms'][number], index: number): RoomConfig {
  // Ids differing only in case would be one channel to people and two to the storage.
  refuseDoubles(
    `rooms[${index}].channels`,
    room.channels.map((channel) => channel.id.toLowerCase()),
  );
  const channels = room.channels.map((channel) => ({
    ...camelCase(channel),
    name: channel.name ?? titleFrom(channel.id),
  }));
  return {
    name: room.name,
    title: room.title ?? titleFrom(room.name),
    ...(room.password === undefined ? {} : { password: room.password }),
    guestLimit: room.guest_limit,
    public: room.public,
    channels: channels.length === 0 ? defaultChannels : channels,
  };
}

function refuseDoubles(list: string, names: readonly string[]): void {
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new ConfigError(`${list} has "${double}" twice`);
}
