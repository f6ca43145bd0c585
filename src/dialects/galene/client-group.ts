import { type ChatLine, chatLineOf, MAX_HISTORY } from './client-chat.ts';
import type { GaleneFrame, Generation } from './client-frames.ts';
import { type GroupUser, type Membership, membershipAfter, userAfter } from './client-membership.ts';

export interface GroupEvents {
  joined: Membership;
  /** Permissions, status or data are others now. */
  changed: Membership;
  left: { readonly group: string };
  user: { readonly kind: 'add' | 'change' | 'delete'; readonly user: GroupUser };
  chat: ChatLine;
}

export interface GroupOptions {
  readonly generation: Generation;
  emit<Type extends keyof GroupEvents>(type: Type, event: GroupEvents[Type]): void;
}

/** A group has no more people than this; a server that says otherwise is not believed. */
const MAX_USERS = 100_000;

/** The group one is in, as the server told it: oneself, who is there, and what was said before. */
export class Group {
  readonly #options: GroupOptions;
  readonly #users = new Map<string, GroupUser>();
  #history: ChatLine[] = [];
  #membership: Membership | undefined;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  get membership(): Membership | undefined {
    return this.#membership;
  }

  get users(): ReadonlyMap<string, GroupUser> {
    return this.#users;
  }

  get history(): readonly ChatLine[] {
    return this.#history;
  }

  joined(frame: GaleneFrame): void {
    const { kind, group = '' } = frame;
    if (kind === 'leave') this.#left(group);
    const isJoin = kind === 'join';
    if (!isJoin && !(kind === 'change' && this.#membership)) return;
    this.#membership = membershipAfter(isJoin ? undefined : this.#membership, frame);
    this.#options.emit(isJoin ? 'joined' : 'changed', this.#membership);
  }

  user(frame: GaleneFrame): void {
    const { kind, id = '' } = frame;
    const before = this.#users.get(id);
    if (kind === 'delete') {
      this.#users.delete(id);
      if (before) this.#options.emit('user', { kind, user: before });
      return;
    }
    const user = userAfter(before, frame);
    if (!user || (kind !== 'add' && kind !== 'change') || (!before && this.#users.size >= MAX_USERS)) return;
    this.#users.set(id, user);
    this.#options.emit('user', { kind, user });
  }

  chat(frame: GaleneFrame): void {
    const line = chatLineOf(this.#options.generation, frame);
    if (line.isHistory && this.#history.length < MAX_HISTORY) this.#history.push(line);
    this.#options.emit('chat', line);
  }

  #left(group: string): void {
    this.#membership = undefined;
    this.#users.clear();
    this.#history = [];
    this.#options.emit('left', { group });
  }
}
