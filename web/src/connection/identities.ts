import { nameKey } from '../../../src/core/name.ts';
import type { Memory } from './memory.ts';

interface Identity {
  readonly name: string;
  readonly token: string;
}

const KEY = 'parlour.identities';
const MAX_IDENTITIES = 8;

/** The names somebody used on this server, the latest first, and the tokens that prove them. */
export class Identities {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get lastName(): string {
    return this.#all()[0]?.name ?? '';
  }

  tokenFor(name: string): string | undefined {
    return this.#all().find((identity) => nameKey(identity.name) === nameKey(name))?.token;
  }

  remember(identity: Identity): void {
    const others = this.#others(identity.name);
    this.#memory.write(KEY, [identity, ...others].slice(0, MAX_IDENTITIES));
  }

  forget(name: string): void {
    this.#memory.write(KEY, this.#others(name));
  }

  #others(name: string): Identity[] {
    return this.#all().filter((identity) => nameKey(identity.name) !== nameKey(name));
  }

  #all(): readonly Identity[] {
    const stored = this.#memory.read<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter(isIdentity) : [];
  }
}

function isIdentity(value: unknown): value is Identity {
  const { name, token } = (value ?? {}) as Partial<Identity>;
  return typeof name === 'string' && typeof token === 'string';
}
