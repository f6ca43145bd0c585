import type { GroupToken, TokenTimes } from '../port.ts';
import { compareTexts } from './threads.ts';

/** The tokens of all groups, by their secrets. */
export class GroupTokens {
  readonly #tokens = new Map<string, GroupToken>();

  put(token: GroupToken, { limit, now }: { readonly limit: number; readonly now: number }): boolean {
    const others = this.of(token.group).filter((other) => other.token !== token.token);
    if (others.length >= limit) {
      const [oldest] = others;
      if (!oldest || (oldest.expires ?? 0) >= now) return false;
      this.#tokens.delete(oldest.token);
    }
    this.#tokens.set(token.token, token);
    return true;
  }

  find(token: string): GroupToken | undefined {
    return this.#tokens.get(token);
  }

  edit(token: string, times: TokenTimes): GroupToken | undefined {
    const known = this.#tokens.get(token);
    if (!known) return undefined;
    const edited = { ...known, ...times };
    this.#tokens.set(token, edited);
    return edited;
  }

  of(group: string): readonly GroupToken[] {
    return [...this.#tokens.values()]
      .filter((token) => token.group === group)
      .sort((one, other) => (one.expires ?? 0) - (other.expires ?? 0) || compareTexts(one.token, other.token));
  }

  remove(token: string): boolean {
    return this.#tokens.delete(token);
  }

  removeOf(group: string): void {
    for (const { token } of this.of(group)) this.#tokens.delete(token);
  }

  expire(before: number): number {
    const expired = [...this.#tokens.values()].filter(({ expires }) => expires !== undefined && expires < before);
    for (const { token } of expired) this.#tokens.delete(token);
    return expired.length;
  }
}
