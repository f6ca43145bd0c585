/** RWCI's packets (`spec/rwci.md` 1.2 and 1.3): JSON objects in text frames, told apart by `type`. */
export type ServerPacket =
  | {
      readonly type: 'auth';
      readonly success: boolean;
      /** For the clients of the protocol's document. */
      readonly status: string;
      /** For those of today. */
      readonly new_account: boolean;
    }
  | { readonly type: 'user_list'; readonly users: readonly string[] }
  | { readonly type: 'channel_list'; readonly channels: readonly string[] }
  | { readonly type: 'default_channel' | 'channel_create' | 'channel_delete'; readonly channel: string }
  | { readonly type: 'join' | 'quit' | 'typing'; readonly username: string }
  | { readonly type: 'message'; readonly author: string; readonly message: string; readonly channel: string }
  | { readonly type: 'direct_message'; readonly author: string; readonly message: string }
  | { readonly type: 'broadcast'; readonly message: string };

export type PacketType = ServerPacket['type'];

/** What a client sent, as far as it is anything: fields of other types than text are not there. */
export interface ClientPacket {
  readonly type: string;
  readonly username?: string;
  readonly password?: string;
  readonly message?: string;
  readonly channel?: string;
  readonly recipient?: string;
}

const FIELDS = ['username', 'password', 'message', 'channel', 'recipient'] as const;

export const MAX_NAME_LENGTH = 32;

/** Nothing where it is no JSON object with a `type`: such packets are dropped, and unknown fields of others with them. */
export function parsePacket(text: string): ClientPacket | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const { type } = fields;
  if (typeof type !== 'string') return undefined;
  const texts = FIELDS.filter((field) => Object.hasOwn(fields, field) && typeof fields[field] === 'string');
  return { type, ...Object.fromEntries(texts.map((field) => [field, fields[field]])) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
