import type { StrictClient } from './strict-clients.ts';

type Frame = Readonly<Record<string, unknown>>;

type Kind = 'string' | 'boolean' | 'texts' | 'object' | 'number';

/** `spec/galene.md` 1.2: clients with fixed types take nothing else. `value` may be anything. */
const FIELDS: Readonly<Record<string, Kind>> = {
  type: 'string',
  version: 'texts',
  kind: 'string',
  error: 'string',
  id: 'string',
  replace: 'string',
  source: 'string',
  dest: 'string',
  username: 'string',
  privileged: 'boolean',
  permissions: 'texts',
  status: 'object',
  data: 'object',
  group: 'string',
  noecho: 'boolean',
  time: 'string',
  sdp: 'string',
  candidate: 'object',
  label: 'string',
  rtcConfiguration: 'object',
};

const STATUS_FIELDS: Readonly<Record<string, Kind>> = {
  name: 'string',
  redirect: 'string',
  location: 'string',
  endpoint: 'string',
  displayName: 'string',
  description: 'string',
  authServer: 'string',
  authPortal: 'string',
  locked: 'boolean',
  clientCount: 'number',
  canChangePassword: 'boolean',
};

const CANDIDATE_FIELDS: Readonly<Record<string, Kind>> = {
  candidate: 'string',
  sdpMid: 'string',
  sdpMLineIndex: 'number',
  usernameFragment: 'string',
};

/** What they read without asking whether it is there. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  joined: ['group', 'kind'],
  chathistory: ['source', 'username', 'time', 'id'],
  usermessage: ['kind'],
  offer: ['id', 'label', 'source', 'username', 'sdp'],
  answer: ['id', 'sdp'],
  ice: ['id', 'candidate'],
  renegotiate: ['id'],
  close: ['id'],
  abort: ['id'],
};

/** Without a room, nothing of one comes. */
const OF_A_ROOM: ReadonlySet<unknown> = new Set([
  'user',
  'chat',
  'chathistory',
  'offer',
  'answer',
  'ice',
  'renegotiate',
  'close',
]);

/** The latest clients, those with fixed types among them (`spec/galene.md` 1.2, 1.3, 1.5, 1.6 and 1.8). */
export class StrictGalene implements StrictClient {
  readonly #id: string;
  #isGreeted = false;
  #state: 'out' | 'joined' | 'listing' = 'out';
  readonly #users = new Set<unknown>();

  constructor(id: string) {
    this.#id = id;
  }

  said(): void {}

  take(frame: Frame): void {
    expectTypes(frame, FIELDS);
    const type = String(frame.type);
    if (type !== 'handshake' && !this.#isGreeted) throw new Error(`${type} came before the handshake.`);
    if (this.#state === 'out' && OF_A_ROOM.has(type)) throw new Error(`${type} came without a group.`);
    switch (type) {
      case 'handshake':
        this.#greeted(frame);
        break;
      case 'joined':
        this.#joined(frame);
        break;
      case 'user':
        this.#user(frame);
        break;
      case 'chathistory':
        if (this.#state !== 'joined') throw new Error('History came after the users.');
        break;
      case 'chat':
        if (this.#state !== 'listing') throw new Error('A chat came before the users.');
        break;
      case 'usermessage':
      case 'offer':
      case 'answer':
      case 'ice':
      case 'renegotiate':
      case 'close':
      case 'abort':
      case 'ping':
      case 'pong':
        break;
      default:
        throw new Error(`No client knows ${type}.`);
    }
    expectFields(frame, NEEDED[type] ?? []);
    if (type === 'chat' || type === 'usermessage') expectDest(frame, this.#id);
    if (type === 'ice') expectCandidate(frame);
  }

  #greeted({ version }: Frame): void {
    if (this.#isGreeted) throw new Error('A second handshake came.');
    if (!(version as string[]).includes('2'))
      throw new Error('The latest version is not among those of the handshake.');
    this.#isGreeted = true;
  }

  #joined(frame: Frame): void {
    const { kind } = frame;
    if (kind === 'fail' || kind === 'redirect') {
      expectFields(frame, ['value']);
      return;
    }
    if (kind === 'leave') {
      if (this.#state === 'out') throw new Error('They left, and were not there.');
      this.#state = 'out';
      this.#users.clear();
      return;
    }
    expectFields(frame, ['username', 'permissions', 'status', 'rtcConfiguration']);
    expectTypes(frame.status as Frame, STATUS_FIELDS);
    if (kind === 'join') {
      if (this.#state !== 'out') throw new Error('They are told twice that they joined.');
      this.#state = 'joined';
    } else if (kind !== 'change') throw new Error(`Nobody joins by ${String(kind)}.`);
    else if (this.#state === 'out') throw new Error('Something changed in a group that they are not in.');
  }

  #user({ kind, id, username, permissions }: Frame): void {
    if (typeof id !== 'string' || typeof username !== 'string') throw new Error('A user has no id or no name.');
    switch (kind) {
      case 'add':
        if (this.#state === 'joined' && id !== this.#id) throw new Error('Somebody else was listed first.');
        if (this.#users.has(id)) throw new Error(`${username} was added twice.`);
        if (!permissions) throw new Error(`${username} has no permissions.`);
        this.#state = 'listing';
        this.#users.add(id);
        return;
      case 'change':
        if (!this.#users.has(id)) throw new Error(`${username} changed, and was not there.`);
        return;
      case 'delete':
        if (id === this.#id) throw new Error('They are told that they are gone themselves.');
        if (!this.#users.delete(id)) throw new Error(`${username} was deleted, and was not there.`);
        return;
      default:
        throw new Error(`No user can be ${String(kind)}.`);
    }
  }
}

function expectTypes(fields: Frame, types: Readonly<Record<string, Kind>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const kind = Object.hasOwn(types, name) ? types[name] : undefined;
    if (kind && !isOf(kind, value)) throw new Error(`${name} is no ${kind}: ${JSON.stringify(value)}.`);
    if (name === 'time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(String(value))) {
      throw new Error(`${String(value)} is no time.`);
    }
  }
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === 'texts') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (kind === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === kind;
}

function expectFields(frame: Frame, names: readonly string[]): void {
  for (const name of names) {
    if (frame[name] === undefined) throw new Error(`${String(frame.type)} has no ${name}.`);
  }
}

/** What is for one client goes to no other. */
function expectDest({ dest }: Frame, id: string): void {
  if (dest !== undefined && dest !== id) throw new Error(`${String(dest)} is somebody else.`);
}

function expectCandidate(frame: Frame): void {
  const candidate = frame.candidate as Frame;
  expectTypes(candidate, CANDIDATE_FIELDS);
  const line = candidate.sdpMLineIndex;
  if (line !== undefined && !(Number.isInteger(line) && Number(line) >= 0 && Number(line) <= 65_535)) {
    throw new Error(`${String(line)} is no line of a description.`);
  }
  if (candidate.candidate === undefined) throw new Error('A candidate is none.');
}
