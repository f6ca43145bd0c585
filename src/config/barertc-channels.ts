import type { GivenSettings } from './given-settings.ts';
import { ChannelSchema, RoomSchema } from './schema.ts';
import {
  cut,
  misfit,
  note,
  readFlag,
  readTables,
  readText,
  readTexts,
  readWhole,
  type SettingsTable,
} from './settings-table.ts';

type GivenChannel = NonNullable<NonNullable<GivenSettings['rooms']>[number]['channels']>[number];

export interface BareRtcChannels {
  readonly channels: readonly GivenChannel[];
  /** What a channel is called here that settings.toml calls so. */
  idOf(id: string): string;
}

const { id: ID, icon, name, newcomer_messages, welcome } = ChannelSchema.properties;

/** What a BareRTC has whose settings.toml says nothing of channels. */
const DEFAULT_CHANNELS: readonly GivenChannel[] = [
  { id: 'lobby', name: 'Lobby', welcome: ['Welcome!'], vip: false, photos: false, newcomer_messages: 10 },
  { id: 'offtopic', name: 'Off Topic', welcome: [], vip: false, photos: true, newcomer_messages: 0 },
  { id: 'vip', name: 'VIPs Only', welcome: [], vip: true, photos: true, newcomer_messages: 0 },
];

/** `[[PublicChannels]]`. */
export function readChannels(file: SettingsTable): BareRtcChannels {
  const tables = readTables(file, 'PublicChannels', RoomSchema.properties.channels) ?? [];
  const given = tables.map((table) => ({ table, id: readId(table) }));
  const ids = chooseIds(given.map(({ id }) => id));
  const seen = new Set<string>();
  const channels = given.flatMap(({ table, id }) => {
    // Before anything is left out: its keys are known, whatever becomes of it.
    const channel = readChannel(table, { given: id, id: ids.get(id) ?? id });
    const objection = id === '' ? 'is missing: the channel is left out' : 'is there twice: the second is left out';
    const isLeftOut = id === '' || seen.has(id);
    seen.add(id);
    if (isLeftOut) note(table, 'ID', objection);
    else if (channel.id !== id) note(table, 'ID', `cannot be had here as it is; it is "${channel.id}" instead`);
    return isLeftOut ? [] : [channel];
  });
  return { channels: channels.length === 0 ? DEFAULT_CHANNELS : channels, idOf: (id) => ids.get(id) ?? id };
}

function readId(table: SettingsTable): string {
  return readText(table, 'ID', { as: {}, fallback: '' });
}

function readChannel(table: SettingsTable, { given, id }: { readonly given: string; readonly id: string }) {
  const title = readText(table, 'Name', { as: name, fallback: given });
  return {
    id,
    ...(title === '' ? {} : { name: cut(title, 100) }),
    icon: readText(table, 'Icon', { as: icon, fallback: '' }),
    welcome: readTexts(table, 'WelcomeMessages', { as: welcome, fallback: [] }),
    vip: readFlag(table, 'VIP', false),
    photos: readFlag(table, 'PermitPhotos', given !== 'lobby'),
    newcomer_messages: readWhole(table, 'EchoMessagesOnJoin', {
      as: newcomer_messages,
      fallback: given === 'lobby' ? 10 : 0,
    }),
  };
}

/** Ids that can be kept are; the others give way to them. Ours are apart even where case does not count. */
function chooseIds(given: readonly string[]): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  const taken = new Set<string>();
  const choose = (from: string, id: string): void => {
    chosen.set(from, id);
    taken.add(id.toLowerCase());
  };
  for (const id of given) if (misfit(ID, id) === undefined && !taken.has(id.toLowerCase())) choose(id, id);
  for (const id of given) if (!chosen.has(id)) choose(id, freeId(id, taken));
  return chosen;
}

function freeId(given: string, taken: ReadonlySet<string>): string {
  const letters = given.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const id = letters.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[^A-Za-z0-9]+|-+$/g, '') || 'channel';
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const candidate = `${id.slice(0, 64 - suffix.length)}${suffix}`;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}
