import { Passwords } from '../../auth/passwords.ts';
import { NO_ADDRESSES } from '../../core/address-ranges.ts';
import { NO_GUARDS } from '../../core/guards.ts';
import { NO_CONFIG } from '../../groups/installation.ts';
import { NO_WEBSITE } from '../../website/port.ts';
import type { RateSettings } from '../limits.ts';
import type { HubServices, HubSettings } from '../services.ts';

/** For tests: what a hub must be told that most tests are not about. */
export const OTHER_SETTINGS: Pick<
  HubSettings,
  | 'sendTimeoutMs'
  | 'guards'
  | 'previewWidth'
  | 'ruleTexts'
  | 'defaultRoom'
  | 'title'
  | 'publicUrl'
  | 'registration'
  | 'madeRooms'
  | 'iceServers'
  | 'galene'
> = {
  sendTimeoutMs: 60_000,
  guards: NO_GUARDS,
  previewWidth: 360,
  ruleTexts: { 'no-video': '', 'no-broadcast': '', 'no-image': '', 'camera-explicit': '' },
  defaultRoom: 'lobby',
  title: 'Parlour',
  publicUrl: () => 'http://localhost',
  registration: true,
  madeRooms: { allowed: true, idleMs: 0, count: 100, perAddress: { burst: 100, perSecond: 100 } },
  iceServers: () => [],
  galene: { permissions: 'object', relayOnly: false },
};

const notThere = async () => ({ kind: 'absent' }) as const;
const refused = { kind: 'refused', reason: 'not-permitted' } as const;

/** No definitions, and no tokens. */
export const NO_GROUPS: HubServices['groups'] = {
  config: NO_CONFIG,
  find: async () => undefined,
  isDefined: async () => false,
  publicNames: () => [],
  admit: async () => ({ kind: 'refused', reason: 'not-authorised' }),
  iceServers: () => [],
  onChanged: () => () => {},
  tokens: { make: async () => refused, edit: async () => refused, list: async () => refused },
  administrators: { admit: async () => ({ kind: 'refused', reason: 'not-authorised' }) },
  administration: {
    read: notThere,
    write: notThere,
    remove: notThere,
    makeToken: notThere,
    setPassword: notThere,
  },
};

export const OTHER_SERVICES: Pick<
  HubServices,
  'ranges' | 'website' | 'passwords' | 'groups' | 'reconfigure' | 'shutDown'
> = {
  groups: NO_GROUPS,
  passwords: new Passwords({ now: Date.now }),
  ranges: NO_ADDRESSES,
  website: NO_WEBSITE,
  reconfigure: () => Promise.reject(new Error('There are no settings to read.')),
  shutDown: () => {},
};

export function wideRates(posts: RateSettings['posts'] = { burst: 100_000, perSecond: 100_000 }): RateSettings {
  const many = { burst: 1_000_000, perSecond: 1_000_000 };
  return { posts, images: many, peoplePerAddress: 50, loginsPerAddress: many };
}
