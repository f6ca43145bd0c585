import { createHash } from 'node:crypto';
import type { Expectation, PartChange, PartReading, Reach } from '../core/administration.ts';
import { FieldProblem } from './fields.ts';
import { isUsername } from './group-names.ts';
import type { GroupTokens, TokenDraft } from './group-tokens.ts';
import { tokenFields, tokenOf } from './token-line.ts';
import type { GroupToken } from './token-store.ts';

/** As they stand in paths and addresses. */
const TOKEN = /^[^\s/\p{Cc}\p{Cs}]{1,1024}$/u;
const MAX_PERMISSIONS = 64;

export interface TokenOrder {
  /** As tokens name it; `''` is the whole server. */
  readonly group: string;
  readonly reach: Reach;
}

export interface TokenChange extends TokenOrder {
  readonly token: string;
  readonly expects: Expectation;
}

/** Stateful tokens as administrators see and change them: everything that they say (`spec/galene.md` 3.5). */
export class AdministeredTokens {
  readonly #tokens: GroupTokens;

  constructor(tokens: GroupTokens) {
    this.#tokens = tokens;
  }

  async list(group: string): Promise<PartReading> {
    const tokens = await this.#tokens.of(group);
    return { kind: 'read', value: tokens.map(({ token }) => token), tag: digest(tokens) };
  }

  /** Without its secret and its group, which are in its path. */
  async read(group: string, secret: string): Promise<PartReading> {
    const token = await this.#tokens.find(secret);
    if (token?.group !== group) return { kind: 'absent' };
    return { kind: 'read', value: tokenFields({ ...token, token: '', group: '' }), tag: digest(token) };
  }

  async make({ group, reach }: TokenOrder, body: unknown): Promise<PartChange> {
    const draft = draftOf(body);
    if ('kind' in draft) return draft;
    if (isBeyond(draft, reach)) return { kind: 'beyond-reach' };
    const token = await this.#tokens.put({ ...draft, group });
    return token ? { kind: 'done', isNew: true, name: token.token } : { kind: 'full' };
  }

  write({ group, token, reach, expects }: TokenChange, body: unknown): Promise<PartChange> {
    return this.#tokens.inTurn(token, async () => {
      const before = await this.#tokens.find(token);
      if (before && before.group !== group) return { kind: 'taken' };
      if (!expects(before && digest(before))) return { kind: 'mismatch' };
      if (!TOKEN.test(token)) return { kind: 'malformed', problem: 'this cannot be a token' };
      const draft = draftOf(body);
      if ('kind' in draft) return draft;
      if (isBeyond(draft, reach)) return { kind: 'beyond-reach' };
      const isDone = await this.#tokens.put({ ...draft, group, token });
      return isDone ? { kind: 'done', isNew: before === undefined } : { kind: 'full' };
    });
  }

  remove({ group, token, expects }: TokenChange): Promise<PartChange> {
    return this.#tokens.inTurn(token, async () => {
      const before = await this.#tokens.find(token);
      const own = before?.group === group ? before : undefined;
      if (!expects(own && digest(own))) return { kind: 'mismatch' };
      const isGone = own !== undefined && (await this.#tokens.remove(token));
      return isGone ? { kind: 'done', isNew: false } : { kind: 'absent' };
    });
  }
}

function draftOf(body: unknown): Omit<TokenDraft, 'group'> | PartChange {
  try {
    const { token, group, ...draft } = tokenOf(body);
    if (token !== '' || group !== '') return { kind: 'malformed', problem: 'overspecified token' };
    if (!isUsername(draft.username ?? '')) return { kind: 'malformed', problem: 'username: cannot be one' };
    if (draft.permissions.length > MAX_PERMISSIONS) {
      return { kind: 'malformed', problem: `permissions: may have ${MAX_PERMISSIONS} entries at most` };
    }
    return draft;
  } catch (error) {
    if (error instanceof FieldProblem) return { kind: 'malformed', problem: error.message.replace(/^the file/, 'it') };
    throw error;
  }
}

/** Below a group are others, with administrators of their own. */
function isBeyond({ includeSubgroups }: Pick<TokenDraft, 'includeSubgroups'>, reach: Reach): boolean {
  return includeSubgroups && reach !== 'server' && reach !== 'subgroups';
}

function digest(what: GroupToken | readonly GroupToken[]): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('base64url').slice(0, 22);
}
