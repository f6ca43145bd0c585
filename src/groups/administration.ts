import type { GroupPart, PartChange, PartOrder, PartReading } from '../core/administration.ts';
import type { AdministeredTokens } from './administered-tokens.ts';
import type { DefinitionEditor } from './definition-editor.ts';
import { type DefinitionPart, editTo, editWithout, isThere, readingOf } from './definition-edits.ts';
import type { GroupFolder } from './group-folder.ts';
import { isGroupName } from './group-names.ts';

/** What the original takes; of more, bcrypt would leave the rest out. */
const MAX_PASSWORD_BYTES = 72;

export interface AdministrationOptions {
  /** Absent without a folder of groups: then there are no definitions to look at or to change. */
  readonly folder?: GroupFolder;
  readonly editor?: DefinitionEditor;
  readonly tokens: AdministeredTokens;
  /** Whether the installation lets anything be changed. */
  isWritable(): boolean;
  tokenGroup(group: string): Promise<string>;
  hash(password: string): Promise<string>;
}

/** Groups as their administrators see and change them (`spec/galene.md` 3.5). Who that is has been asked already. */
export class Administration {
  readonly #options: AdministrationOptions;

  constructor(options: AdministrationOptions) {
    this.#options = options;
  }

  async read(part: GroupPart): Promise<PartReading> {
    const { folder, tokens, tokenGroup } = this.#options;
    switch (part.kind) {
      case 'groups':
        return { kind: 'read', value: (await folder?.names()) ?? [] };
      case 'statistics':
        return { kind: 'absent' };
      case 'tokens':
        return isPlace(part.group) ? tokens.list(await tokenGroup(part.group)) : { kind: 'absent' };
      case 'token':
        return isPlace(part.group) ? tokens.read(await tokenGroup(part.group), part.token) : { kind: 'absent' };
      default:
        return this.#readDefinition(part);
    }
  }

  /** Makes or replaces it. */
  async write({ part, reach, expects }: PartOrder, body: unknown): Promise<PartChange> {
    const { editor, tokens, isWritable, tokenGroup } = this.#options;
    if (!isWritable()) return { kind: 'read-only' };
    if (part.kind === 'token') {
      const group = isPlace(part.group) ? await tokenGroup(part.group) : undefined;
      return group === undefined ? { kind: 'absent' } : tokens.write({ ...part, group, reach, expects }, body);
    }
    if (!editor || !isOfDefinition(part)) return { kind: 'absent' };
    return editor.change(part.group, { expects, isThere: (before) => isThere(part, before), edit: editTo(part, body) });
  }

  async remove({ part, reach, expects }: PartOrder): Promise<PartChange> {
    const { editor, tokens, isWritable, tokenGroup } = this.#options;
    if (!isWritable()) return { kind: 'read-only' };
    if (part.kind === 'token') {
      const group = isPlace(part.group) ? await tokenGroup(part.group) : undefined;
      return group === undefined ? { kind: 'absent' } : tokens.remove({ ...part, group, reach, expects });
    }
    if (!editor || !isOfDefinition(part)) return { kind: 'absent' };
    return editor.change(part.group, { expects, isThere: (before) => isThere(part, before), edit: editWithout(part) });
  }

  /** With a secret of ours. */
  async makeToken({ part, reach }: PartOrder, body: unknown): Promise<PartChange> {
    if (!this.#options.isWritable()) return { kind: 'read-only' };
    if (part.kind !== 'tokens' || !isPlace(part.group)) return { kind: 'absent' };
    return this.#options.tokens.make({ group: await this.#options.tokenGroup(part.group), reach }, body);
  }

  /** A password in words, which is kept as the original would keep it. */
  async setPassword(order: PartOrder, password: string): Promise<PartChange> {
    if (!this.#options.isWritable()) return { kind: 'read-only' };
    const bytes = Buffer.byteLength(password);
    if (bytes === 0 || bytes > MAX_PASSWORD_BYTES) {
      return { kind: 'malformed', problem: `a password has 1 to ${MAX_PASSWORD_BYTES} bytes` };
    }
    return this.write(order, { type: 'bcrypt', key: await this.#options.hash(password) });
  }

  async #readDefinition(part: DefinitionPart): Promise<PartReading> {
    const stored = await this.#options.editor?.read(part.group);
    return stored ? readingOf(part, stored) : { kind: 'absent' };
  }
}

function isOfDefinition(part: GroupPart): part is DefinitionPart {
  return part.kind !== 'groups' && part.kind !== 'statistics' && part.kind !== 'tokens' && part.kind !== 'token';
}

/** The whole server, or what could be a group. */
function isPlace(group: string): boolean {
  return group === '' || isGroupName(group);
}
