import { isShallow, type Json, type SharedData } from '../../core/json.ts';

/** A frame of a client's: an object with a `type`, whose fields are still to be looked at one by one. */
export interface ClientMessage {
  readonly type: string;
  readonly fields: ReadonlyMap<string, Json>;
}

/** A field has another type of JSON than it must have: the frame goes nowhere, and its sender is told. */
export class FieldError extends Error {}

/** Nothing where it is no object with a type. `null` is as good as absent anywhere (`spec/galene.md` 1.1). */
export function parseMessage(text: string): ClientMessage | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (!isShallow(value)) return undefined;
  const fields = new Map(Object.entries(value as SharedData).filter(([, field]) => field !== null));
  const type = fields.get('type');
  return typeof type === 'string' ? { type, fields } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function textIn({ fields }: ClientMessage, name: string): string | undefined {
  const value = fields.get(name);
  if (value !== undefined && typeof value !== 'string') throw new FieldError(`${name} must be a string`);
  return value;
}

export function flagIn({ fields }: ClientMessage, name: string): boolean {
  const value = fields.get(name);
  if (value !== undefined && typeof value !== 'boolean') throw new FieldError(`${name} must be true or false`);
  return value ?? false;
}

export function objectIn({ fields }: ClientMessage, name: string): SharedData | undefined {
  const value = fields.get(name);
  if (value !== undefined && !isObject(value)) throw new FieldError(`${name} must be an object`);
  return value;
}

export function textsIn({ fields }: ClientMessage, name: string): readonly string[] | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new FieldError(`${name} must be a list of strings`);
  }
  return value as readonly string[];
}

export function isObject(value: Json | undefined): value is SharedData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the server says. Fields that are `undefined` are not there. */
export interface ServerMessage {
  readonly type:
    | 'handshake'
    | 'ping'
    | 'pong'
    | 'joined'
    | 'user'
    | 'offer'
    | 'answer'
    | 'ice'
    | 'renegotiate'
    | 'close'
    | 'abort'
    | 'chat'
    | 'chathistory'
    | 'usermessage';
  readonly [field: string]: unknown;
}
