/** Camus' envelope (`spec/camus.md` 1.2): what the server sends has always these four keys, in this order. */
export interface ServerMessage {
  readonly sender: string;
  readonly receiver: string;
  readonly type: string;
  readonly data: unknown;
}

/** What a client sent. Whatever it says of the sender is nothing to us. */
export interface ClientMessage {
  readonly receiver: string;
  readonly type: string | undefined;
  readonly data: unknown;
}

/** The server's address: with a space. Clients compare it. */
export const GROUND_CONTROL = 'ground control';
/** Everybody in the room, the sender included. */
export const ROOM = 'room';
/** What people are called who have not said a name. */
export const NO_NAME = 'Major Tom';

const CLIENT_ID = /^[0-9a-f]{32}$/;
/** Signals have a handful of levels; what goes down for ever cannot be written again. */
const MAX_LEVELS = 64;

export function isClientId(text: string): boolean {
  return CLIENT_ID.test(text);
}

/** Nothing where it is no JSON object with a receiver, or too deep: such messages go nowhere. */
export function parseMessage(text: string): ClientMessage | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { receiver, type, data = null } = value as Readonly<Record<string, unknown>>;
  if (typeof receiver !== 'string' || isDeeper(data, MAX_LEVELS)) return undefined;
  return { receiver, type: typeof type === 'string' ? type : undefined, data };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field of what may be an object. */
export function fieldOf(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, name)) return undefined;
  return (data as Readonly<Record<string, unknown>>)[name];
}
