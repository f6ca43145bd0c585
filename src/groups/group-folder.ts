import { readFile, realpath, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { definitionFile, listDefinitions } from './definition-files.ts';
import { type GroupDescription, type ParsedDescription, parseDescription } from './description.ts';
import { MAX_FILE_LENGTH } from './fields.ts';
import { orNothing, reasonOf, stampOf } from './files.ts';
import { FolderWatch } from './folder-watch.ts';
import { isGroupName, withAncestors } from './group-names.ts';
import type { GroupsLog } from './log.ts';

/** Whoever writes a file in pieces should be done before we read it. */
const SETTLE_MS = 50;

export interface GroupFolderOptions {
  readonly folder: string;
  readonly log: GroupsLog;
}

/** A group as it may be entered. */
export interface Group {
  /** As its file has it, which may differ in case from what was asked for. */
  readonly name: string;
  /** The group whose file this is: itself, or an ancestor with `auto-subgroups`. */
  readonly definedBy: string;
  readonly description: GroupDescription;
}

/** Where a group's definition is. */
export interface Located {
  readonly name: string;
  /** The file itself, whatever links lead to it. */
  readonly file: string;
}

export type Lookup =
  | { readonly kind: 'group'; readonly group: Group }
  | { readonly kind: 'absent' }
  /** There is a file, which cannot be read: nobody may enter, by whatever credentials. */
  | { readonly kind: 'unavailable' };

/** A file's text, or why there is none. */
type Content = { readonly text: string } | { readonly problem: string };

interface Known {
  readonly stamp: string;
  readonly content: Content;
  /** Absent where the file is invalid. */
  readonly description?: GroupDescription;
}

/**
 * The definitions below a folder (`spec/galene.md` 4.1). A file that is asked for is read again where it was changed;
 * of the others it is known from the last look around, which the watch and whoever polls ask for.
 */
export class GroupFolder {
  readonly #options: GroupFolderOptions;
  readonly #known = new Map<string, Known>();
  /** Names by their lower-case form; of several the first. */
  #byLowerCase: ReadonlyMap<string, string> | undefined;
  readonly #listeners = new Set<(name: string) => void>();
  readonly #watch = new FolderWatch(() => void this.#settled());
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #isSettling = false;
  #isClosed = false;
  #complaint = '';

  constructor(options: GroupFolderOptions) {
    this.#options = options;
  }

  /** Exactly this name first, then ignoring case; then the same for what it may be an automatic subgroup of. */
  async find(name: string): Promise<Lookup> {
    if (!isGroupName(name)) return { kind: 'absent' };
    try {
      return await this.#find(name);
    } catch (error) {
      this.#complain(reasonOf(error));
      return { kind: 'unavailable' };
    }
  }

  /** In order; as of the last look around. */
  publicNames(): readonly string[] {
    return [...this.#known].flatMap(([name, { description }]) => (description?.isPublic ? [name] : [])).sort();
  }

  onChanged(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All names, in order, as they are on disk now. */
  async names(): Promise<readonly string[]> {
    const root = await this.#root().catch(orNothing);
    return root === undefined ? [] : (await listDefinitions(root)).names;
  }

  /** Definitions and folders, as they are on disk now: as many as are looked through, or fewer. */
  async size(): Promise<number> {
    const root = await this.#root().catch(orNothing);
    if (root === undefined) return 0;
    const { names, folders } = await listDefinitions(root);
    return names.length + folders.length;
  }

  /** Those of the last look around. */
  knownNames(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** The file of a group, but for those that are there without one; found as {@link find} finds it. */
  async locate(name: string): Promise<Located | undefined> {
    const root = isGroupName(name) ? await this.#root().catch(orNothing) : undefined;
    if (root === undefined) return undefined;
    const found = await this.#findFile(name);
    const file = found && (await definitionFile(root, found.name));
    return found && file !== undefined ? { name: found.name, file } : undefined;
  }

  /** What was written to a file holds from now on. */
  async refresh(name: string): Promise<void> {
    await this.#load(name);
  }

  /** Looks around: what is new, changed or gone. Never rejects. */
  look(): Promise<void> {
    // The look that is under way may have missed what whoever asks has in mind: one more follows it, for all of them.
    this.#next ??= this.#current.then(() => {
      this.#next = undefined;
      this.#current = this.#lookAround();
      return this.#current;
    });
    return this.#next;
  }

  close(): void {
    this.#isClosed = true;
    this.#watch.close();
    this.#listeners.clear();
  }

  async #settled(): Promise<void> {
    if (this.#isSettling) return;
    this.#isSettling = true;
    await delay(SETTLE_MS, undefined, { ref: false });
    this.#isSettling = false;
    await this.look();
  }

  async #lookAround(): Promise<void> {
    if (this.#isClosed) return;
    try {
      // What is found while we look may have come after we looked there.
      const before = [...this.#known.keys()];
      const listing = await listDefinitions(await this.#root());
      for (const name of listing.names) await this.#load(name).catch((error) => this.#complain(reasonOf(error)));
      const there = new Set(listing.names);
      for (const name of before) if (!there.has(name)) this.#forget(name);
      if (!this.#isClosed) this.#watch.follow(listing.folders);
      this.#complain(listing.problem);
    } catch (error) {
      this.#complain(reasonOf(error));
    }
  }

  #root(): Promise<string> {
    return realpath(this.#options.folder);
  }

  async #find(name: string): Promise<Lookup> {
    for (const candidate of withAncestors(name)) {
      const found = await this.#findFile(candidate);
      if (!found) continue;
      if (!found.known.description) return { kind: 'unavailable' };
      return groupOf(found.name, name.slice(candidate.length), found.known.description);
    }
    return { kind: 'absent' };
  }

  async #findFile(name: string): Promise<{ readonly name: string; readonly known: Known } | undefined> {
    const exact = await this.#load(name);
    if (exact) return { name, known: exact };
    const other = this.#inLowerCase().get(name.toLowerCase());
    const known = other === undefined || other === name ? undefined : await this.#load(other);
    return known && other !== undefined ? { name: other, known } : undefined;
  }

  /** What the file of this very name says now. */
  async #load(name: string): Promise<Known | undefined> {
    const root = await this.#root().catch(orNothing);
    const file = root === undefined ? undefined : await definitionFile(root, name);
    const found = file === undefined ? undefined : await stat(file, { bigint: true }).catch(orNothing);
    if (file === undefined || !found?.isFile()) return this.#forget(name);
    const before = this.#known.get(name);
    const stamp = stampOf(found);
    if (before?.stamp === stamp) return before;
    const content = await contentOf(file, Number(found.size));
    // What could not be read may become readable without being changed.
    return this.#keep(name, { stamp: 'text' in content ? stamp : '', content });
  }

  #keep(name: string, { stamp, content }: Omit<Known, 'description'>): Known {
    const before = this.#known.get(name);
    const isSame = before !== undefined && JSON.stringify(before.content) === JSON.stringify(content);
    const known = isSame ? { ...before, stamp } : { stamp, content, ...this.#parse(name, content) };
    this.#known.set(name, known);
    if (!before) this.#byLowerCase = undefined;
    if (!isSame) this.#tell(name);
    return known;
  }

  #parse(name: string, content: Content): Pick<Known, 'description'> {
    const details = { folder: this.#options.folder, file: `${name}.json` };
    const parsed: ParsedDescription =
      'text' in content ? parseDescription(content.text) : { kind: 'invalid', problem: content.problem };
    if (parsed.kind === 'invalid') {
      this.#options.log.error({ ...details, problem: parsed.problem }, 'a group is not available');
      return {};
    }
    for (const warning of parsed.warnings)
      this.#options.log.warn({ ...details, warning }, 'something in a group is ignored');
    return { description: parsed.description };
  }

  #forget(name: string): undefined {
    if (!this.#known.delete(name)) return;
    this.#byLowerCase = undefined;
    this.#tell(name);
  }

  #inLowerCase(): ReadonlyMap<string, string> {
    const names = () => [...this.#known.keys()].sort().reverse();
    this.#byLowerCase ??= new Map(names().map((name) => [name.toLowerCase(), name]));
    return this.#byLowerCase;
  }

  #tell(name: string): void {
    if (this.#isClosed) return;
    for (const listener of [...this.#listeners]) listener(name);
  }

  /** Once, until it is another matter. */
  #complain(problem: string): void {
    if (problem !== '' && problem !== this.#complaint && !this.#isClosed) {
      this.#options.log.error({ folder: this.#options.folder, problem }, 'the groups’ folder cannot be read');
    }
    this.#complaint = problem;
  }
}

/** The group of a file, or one below it: what that inherits is everything but what the public reads of it. */
function groupOf(definedBy: string, rest: string, description: GroupDescription): Lookup {
  if (rest === '') return { kind: 'group', group: { name: definedBy, definedBy, description } };
  if (!description.autoSubgroups) return { kind: 'absent' };
  const inherited = { ...description, isPublic: false, description: '' };
  return { kind: 'group', group: { name: definedBy + rest, definedBy, description: inherited } };
}

async function contentOf(file: string, size: number): Promise<Content> {
  if (size > MAX_FILE_LENGTH * 4) return { problem: 'the file: is too large' };
  return readFile(file, 'utf8').then(
    (text) => ({ text }),
    (error: unknown) => ({ problem: reasonOf(error) }),
  );
}
