import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from '../core/member.ts';
import type { Login, OpenRecording, RecordedRoom, Recording, Recordings } from '../dialects/desk.ts';
import { recordingFolder } from '../recordings/folders.ts';
import { listRecordings } from '../recordings/list-recordings.ts';
import { isRecordingName, openRecording, removeRecording } from '../recordings/stored-recording.ts';
import type { Hub } from './hub.ts';

/** Before a login is refused: whoever guesses is not to guess fast. */
const REFUSAL_MS = 200;

type Verdict = Awaited<ReturnType<Recordings['admit']>>;

/** By what does not change before a definition is read anew. They are random: what is in it is secret. */
const versions = new WeakMap<object, string>();

/** Recorded files, for those who may record; see {@link Recordings}. */
export class HubRecordings implements Recordings {
  readonly #hub: Hub;
  readonly #root: string;

  constructor(hub: Hub, root: string) {
    this.#hub = hub;
    this.#root = root;
  }

  async admit(room: RecordedRoom, login: Login): Promise<Verdict> {
    const verdict = await this.#asMember(room, login);
    if (verdict !== 'refused') return verdict;
    const second = await this.#asOperator(login);
    if (second === 'refused') await sleep(REFUSAL_MS);
    return second;
  }

  async admissionVersion({ group }: RecordedRoom): Promise<string> {
    const found = group && (await this.#hub.context.groups.find(group.name));
    if (!found) return '';
    const { users } = found.description;
    const version = versions.get(users) ?? randomUUID();
    versions.set(users, version);
    return version;
  }

  recorder({ name }: RecordedRoom, session: string): Member | undefined {
    const asker = this.#hub.askerBySecret(session);
    return asker?.place.room.view.name === name && mayRecord(asker.member) ? asker.member : undefined;
  }

  async standing({ name }: RecordedRoom, id: Member['id']): ReturnType<Recordings['standing']> {
    const member = (await this.#hub.roomIfOpen(name))?.view.member(id);
    if (!member) return 'away';
    return mayRecord(member) ? 'may-record' : 'may-not';
  }

  async list(room: RecordedRoom): Promise<readonly Recording[]> {
    const folder = await this.#folder(room);
    if (folder === undefined) return [];
    // Those that can be opened by their names.
    return (await listRecordings(folder)).filter(({ file }) => isRecordingName(file));
  }

  async open(room: RecordedRoom, file: string): Promise<OpenRecording | undefined> {
    const folder = await this.#folder(room);
    return folder === undefined ? undefined : openRecording(folder, file);
  }

  async remove(room: RecordedRoom, file: string): Promise<boolean> {
    const folder = await this.#folder(room);
    return folder !== undefined && removeRecording(folder, file);
  }

  #folder({ name, group }: RecordedRoom): Promise<string | undefined> {
    return recordingFolder(this.#root, group?.name ?? name);
  }

  /** By the definition of the group (`spec/galene.md` 3.4). */
  async #asMember({ group }: RecordedRoom, { name, password, address }: Login): Promise<Verdict> {
    if (!group) return 'refused';
    const household = this.#hub.context.ranges.household(address);
    const admission = await this.#hub.context.groups.admit(group.name, { username: name, password, household });
    if (admission.kind === 'refused') return admission.reason === 'too-often' ? 'too-often' : 'refused';
    return admission.permissions.has('record') ? { name: admission.username } : 'refused';
  }

  /** Operators of the whole server may record in any room; some have an account with a password. */
  async #asOperator({ name, password, address }: Login): Promise<Verdict> {
    const { identities, ranges } = this.#hub.context;
    if (password === '') return 'refused';
    const household = ranges.household(address);
    const proof = await identities.authenticate({ name, credentials: { password }, guestsAllowed: false, household });
    if (proof.kind === 'refused') return proof.refusal.code === 'too-fast' ? 'too-often' : 'refused';
    return proof.identity.permissions.has('record') ? { name: proof.identity.name } : 'refused';
  }
}

function mayRecord({ permissions }: Member): boolean {
  return permissions.has('record');
}
