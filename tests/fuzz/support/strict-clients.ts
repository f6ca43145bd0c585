import { GROUND_CONTROL, isClientId } from '../../../src/dialects/camus/wire.ts';
import type { Wire } from './script.ts';
import { StrictGalene } from './strict-galene.ts';

type Frame = Readonly<Record<string, unknown>>;

/** What the clients of a wire cannot bear. */
export interface StrictClient {
  /** What it sends. */
  said(text: string): void;
  /** What it receives: throws at what would break it. */
  take(frame: Frame): void;
}

/** `id` is that of a client on Camus' wire, or Galène's. */
export function strictClient(wire: Wire, id: string): StrictClient {
  switch (wire) {
    case 'camus':
      return new StrictCamus(id);
    case 'rwci':
      return new StrictRwci();
    case 'galene':
      return new StrictGalene(id);
    default:
      return { said: () => {}, take: () => {} };
  }
}

/** `spec/camus.md` 1.2, 1.5 and 5. */
class StrictCamus implements StrictClient {
  readonly #id: string;
  /** It knows its own id, or asks without. */
  #mayBeTold = false;

  constructor(id: string) {
    this.#id = id;
  }

  said(text: string): void {
    if (text.includes('get-room-info')) this.#mayBeTold = true;
  }

  take(frame: Frame): void {
    const { sender, receiver, type } = frame;
    const keys = Object.keys(frame).join(' ');
    if (keys !== 'sender receiver type data') throw new Error(`An envelope has other keys: ${keys}.`);
    if (receiver !== this.#id) throw new Error(`${String(receiver)} is somebody else.`);
    if (sender !== GROUND_CONTROL && !isClientId(String(sender))) throw new Error(`Nobody is ${String(sender)}.`);
    if (sender !== GROUND_CONTROL) return;
    if (type === 'pong') this.#mayBeTold = true;
    if (type === 'room-info' && !this.#mayBeTold) throw new Error('It would call itself.');
  }
}

/** `spec/rwci.md` 1.4 and 1.8: at what it does not know, the library goes deaf. */
class StrictRwci implements StrictClient {
  readonly #users = new Set<unknown>();
  readonly #channels = new Set<unknown>();

  said(): void {}

  take(frame: Frame): void {
    const { type, username, channel } = frame;
    switch (type) {
      case 'user_list':
        replace(this.#users, frame.users);
        return;
      case 'channel_list':
        replace(this.#channels, frame.channels);
        return;
      case 'join':
        this.#users.add(username);
        return;
      case 'quit':
        if (!this.#users.delete(username)) throw new Error(`${String(username)} quit, and was not there.`);
        return;
      case 'channel_create':
        this.#channels.add(channel);
        return;
      case 'channel_delete':
        if (!this.#channels.delete(channel)) throw new Error(`${String(channel)} was deleted, and was not there.`);
        return;
      case 'message':
      case 'default_channel':
        if (!this.#channels.has(channel)) throw new Error(`${String(channel)} was not announced: ${type}.`);
        return;
      default:
        return;
    }
  }
}

function replace(set: Set<unknown>, values: unknown): void {
  if (!Array.isArray(values)) throw new Error('A list is none.');
  set.clear();
  for (const value of values) set.add(value);
}
