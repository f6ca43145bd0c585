import type { Channel } from '../core/channel.ts';
import type { RoomName } from '../core/ids.ts';
import type { CamelCase } from './camel-case.ts';
import type { Settings } from './schema.ts';

/**
 * What the operator wants: the options of `schema.ts` in camel case (`limits.outbox_bytes` is `limits.outboxBytes`),
 * checked and complete. All paths are absolute.
 */
export interface Config extends CamelCase<Omit<Settings, 'tls' | 'rooms' | 'galene'>> {
  readonly galene: CamelCase<Settings['galene']> & { readonly recordings: string };
  /** Absent: plain HTTP. */
  readonly tls?: TlsFiles;
  /** At least one. `defaultRoom` is among them unless rooms are made on demand. */
  readonly rooms: readonly RoomConfig[];
  /** Lines for the operator: what was read and cannot be honoured. None of them has a secret in it. */
  readonly warnings: readonly string[];
}

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface RoomConfig {
  readonly name: RoomName;
  readonly title: string;
  /** Absent: whoever knows the name may enter. */
  readonly password?: string;
  /** 0 is no limit. */
  readonly guestLimit: number;
  readonly public: boolean;
  /** At least one. */
  readonly channels: readonly Channel[];
}
