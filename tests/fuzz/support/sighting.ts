import type { RoomView } from '../../../src/core/view.ts';
import { clientIdOf } from '../../../src/dialects/camus/addresses.ts';
import { GROUND_CONTROL } from '../../../src/dialects/camus/wire.ts';
import type { Wire } from './script.ts';

/** What a frame lets somebody see, in the words of no wire. */
export type Sighting =
  | { readonly kind: 'entered'; readonly self: Row; readonly rows: readonly Row[] }
  | { readonly kind: 'welcome'; readonly session: string; readonly epoch: string; readonly recovered: boolean }
  | { readonly kind: 'roster'; readonly rows: readonly Row[] }
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'self'; readonly row: Row }
  | { readonly kind: 'came' | 'went'; readonly name: string }
  | { readonly kind: 'out-of-sight'; readonly id: string; readonly name: string | undefined }
  /** Some wires say no ids. */
  | {
      readonly kind: 'message';
      readonly id: number | undefined;
      readonly from: string;
      readonly marker: string | undefined;
    }
  | { readonly kind: 'about-message'; readonly id: number; readonly by: string | undefined }
  | { readonly kind: 'typing' | 'ring' | 'opened' | 'signal' | 'watch' | 'unwatch'; readonly name: string }
  | { readonly kind: 'channels'; readonly ids: readonly string[] }
  | { readonly kind: 'answer'; readonly ok: boolean }
  /** Said of an operator: what they did to the room, or asked of somebody. */
  | { readonly kind: 'did'; readonly name: string }
  /** That all is recorded, or no longer. */
  | { readonly kind: 'recording'; readonly on: boolean }
  /** From where somebody comes. */
  | { readonly kind: 'address' }
  | StreamSighting
  /** Goodbye: whether to come back. */
  | { readonly kind: 'bye'; readonly comeBack: boolean };

export type StreamSighting =
  | {
      readonly kind: 'stream-offered';
      readonly id: string;
      readonly name: string;
      readonly replaces: string | undefined;
    }
  | {
      readonly kind: 'stream-closed' | 'stream-candidate' | 'stream-answered' | 'stream-ended' | 'stream-restart';
      readonly id: string;
    };

export interface Row {
  /** Of the stay, on the wires that say it. */
  readonly id: string | undefined;
  readonly name: string;
  readonly camera: number;
}

export type Frame = Readonly<Record<string, unknown>>;

/** Whose eyes they are: on RWCI's wire the name that they logged in with. The room tells who has which id. */
export interface Onlooker {
  readonly self: string;
  readonly room: RoomView;
}

export function sightingsIn(wire: Wire, frame: Frame, onlooker: Onlooker): readonly Sighting[] {
  switch (wire) {
    case 'parlour':
      return nativeSightings(frame);
    case 'barertc':
      return bareSightings(frame);
    case 'camus':
      return camusSightings(frame, onlooker);
    case 'rwci':
      return rwciSightings(frame, onlooker);
    case 'galene':
      return galeneSightings(frame);
    default:
      return wire satisfies never;
  }
}

const MARKER = /zq\d+qz/g;

export function markerOf(number: number): string {
  return `zq${number}qz`;
}

/** Every message that can be read anywhere in a frame, pictures included. */
export function markersIn(text: string): ReadonlySet<string> {
  const pictures = [...text.matchAll(/base64,([A-Za-z0-9+/=]+)/g)].map((match) =>
    Buffer.from(match[1] ?? '', 'base64'),
  );
  return new Set([text, ...pictures].flatMap((part) => part.toString().match(MARKER) ?? []));
}

function nativeSightings(frame: Frame): readonly Sighting[] {
  const name = String(frame.name);
  switch (frame.type) {
    case 'welcome':
      return [
        {
          kind: 'welcome',
          session: String(frame.session),
          epoch: String(frame.epoch),
          recovered: frame.recovered === true,
        },
      ];
    case 'room':
      return [
        { kind: 'entered', self: nativeRow(frame.self), rows: (frame.members as unknown[]).map(nativeRow) },
        recordingIn(frame),
      ];
    case 'member': {
      const row = nativeRow(frame.member);
      return frame.joined === true
        ? [
            { kind: 'row', row },
            { kind: 'came', name: row.name },
          ]
        : [{ kind: 'row', row }];
    }
    case 'self':
      return [{ kind: 'self', row: nativeRow(frame.self) }];
    case 'gone':
      return [
        {
          kind: 'out-of-sight',
          id: String(frame.id),
          name: frame.name === undefined ? undefined : String(frame.name),
        },
      ];
    case 'message': {
      const { id, from } = frame.message as { id: number; from: string };
      return [{ kind: 'message', id, from, marker: onlyMarker(frame) }];
    }
    case 'retracted':
      return [{ kind: 'about-message', id: Number(frame.messageId), by: undefined }];
    case 'reaction':
      return [{ kind: 'about-message', id: Number(frame.messageId), by: String(frame.by) }];
    case 'typing':
    case 'ring':
    case 'opened':
    case 'signal':
      return [{ kind: frame.type, name }];
    case 'watching':
      return [{ kind: frame.on === true ? 'watch' : 'unwatch', name }];
    case 'ok':
    case 'refused': {
      const answer: Sighting = { kind: 'answer', ok: frame.type === 'ok' };
      return ADDRESS.test(String(frame.detail)) ? [answer, { kind: 'address' }] : [answer];
    }
    case 'caption':
    case 'note':
      return [{ kind: 'message', id: undefined, from: name, marker: onlyMarker(frame) }];
    case 'cleared':
      return [
        ...did(String(frame.by)),
        ...(frame.messageIds as number[]).map((id) => ({ kind: 'about-message', id, by: undefined }) as const),
      ];
    case 'meeting':
      return [recordingIn(frame), ...[frame.lockedBy, frame.recordingBy].flatMap((by) => (by ? did(String(by)) : []))];
    case 'notice':
      return saidOfOperators(String(frame.text));
    case 'stream-offer':
      return [offered({ id: frame.stream, name, replaces: frame.replaces })];
    case 'stream-closed':
    case 'stream-candidate':
    case 'stream-ended':
    case 'stream-restart':
      return [{ kind: frame.type, id: String(frame.stream) }];
    case 'stream-answer':
      return [{ kind: 'stream-answered', id: String(frame.stream) }];
    case 'bye':
      return [{ kind: 'bye', comeBack: frame.comeBack === true }];
    default:
      return [];
  }
}

function nativeRow(value: unknown): Row {
  const { id, name, camera } = value as { id: string; name: string; camera: number };
  return { id, name, camera };
}

function bareSightings(frame: Frame): readonly Sighting[] {
  const name = String(frame.username);
  switch (frame.action) {
    case 'me':
      return [{ kind: 'entered', self: { id: undefined, name, camera: Number(frame.video) }, rows: [] }];
    case 'who':
      return [{ kind: 'roster', rows: (frame.whoList as unknown[]).map(bareRow) }];
    case 'presence':
      return [{ kind: /joined/.test(String(frame.message)) ? 'came' : 'went', name }];
    case 'message':
      return [{ kind: 'message', id: Number(frame.msgID), from: name, marker: onlyMarker(frame) }];
    case 'takeback':
      return [{ kind: 'about-message', id: Number(frame.msgID), by: undefined }];
    case 'react':
      return [{ kind: 'about-message', id: Number(frame.msgID), by: name }];
    case 'ring':
      return [{ kind: 'ring', name }];
    case 'open':
      return [{ kind: 'opened', name }];
    case 'candidate':
    case 'sdp':
      return [{ kind: 'signal', name }];
    case 'watch':
    case 'unwatch':
      return [{ kind: frame.action, name }];
    case 'disconnect':
      return [{ kind: 'bye', comeBack: false }];
    case 'error':
      return saidOfOperators(String(frame.message));
    default:
      return [];
  }
}

function bareRow(value: unknown): Row {
  const { username, video } = value as { username: string; video: number };
  return { id: undefined, name: username, camera: video };
}

function camusSightings(frame: Frame, { room }: Onlooker): readonly Sighting[] {
  const { sender, type, data } = frame as { sender: string; type: string; data: unknown };
  if (type === 'room-info') {
    const { clients } = data as { clients: { username: string }[] };
    return [{ kind: 'roster', rows: clients.map(({ username }) => nameRow(username)) }];
  }
  if (type === 'text' && sender === GROUND_CONTROL) return toldByServer((data as { text: string }).text);
  if (type === 'text') {
    return [{ kind: 'message', id: undefined, from: (data as { from: string }).from, marker: onlyMarker(frame) }];
  }
  if (sender === GROUND_CONTROL) return [];
  const from = [...room.members()].find((member) => clientIdOf(member.identity.id) === sender);
  return from ? [{ kind: 'signal', name: from.name }] : [];
}

const LISTED = /^Also here, in the chat only: (.*)\.$/;
const RENAMED = /^(.*) is now called (.*)\.$/;
const CAME = /^(.*) joined the room\.$/;
const WENT = /^(.*) (left the room|was kicked from the room|was banned|timed out)\.$/;

/** People of other wires, as the server's lines name them. */
function toldByServer(text: string): readonly Sighting[] {
  const [, listed] = LISTED.exec(text) ?? [];
  if (listed !== undefined) return listed.split(', ').map((name) => ({ kind: 'came', name }));
  const [, from, to] = RENAMED.exec(text) ?? [];
  if (from !== undefined && to !== undefined)
    return [
      { kind: 'went', name: from },
      { kind: 'came', name: to },
    ];
  const [, came] = CAME.exec(text) ?? [];
  if (came !== undefined) return [{ kind: 'came', name: came }];
  const [, went] = WENT.exec(text) ?? [];
  return went === undefined ? saidOfOperators(text) : [{ kind: 'went', name: went }];
}

function rwciSightings(frame: Frame, { self }: Onlooker): readonly Sighting[] {
  const name = String(frame.username);
  switch (frame.type) {
    case 'auth':
      return frame.success === true ? [{ kind: 'entered', self: nameRow(self), rows: [] }] : [];
    case 'channel_list':
      return [{ kind: 'channels', ids: frame.channels as string[] }];
    case 'channel_create':
    case 'default_channel':
      return [{ kind: 'channels', ids: [String(frame.channel)] }];
    case 'user_list':
      return [{ kind: 'roster', rows: (frame.users as string[]).map(nameRow) }];
    case 'join':
      return [
        { kind: 'row', row: nameRow(name) },
        { kind: 'came', name },
      ];
    case 'quit':
      return [{ kind: 'out-of-sight', id: name, name }];
    case 'typing':
      return [{ kind: 'typing', name }];
    case 'broadcast':
      return saidOfOperators(String(frame.message));
    case 'message':
    case 'direct_message':
      return [{ kind: 'message', id: undefined, from: String(frame.author), marker: onlyMarker(frame) }];
    default:
      return [];
  }
}

function galeneSightings(frame: Frame): readonly Sighting[] {
  const [id, name] = [String(frame.id), String(frame.username)];
  switch (frame.type) {
    case 'joined':
      return joinedSightings(frame, name);
    case 'user': {
      if (name === RECORDER) return [{ kind: 'recording', on: frame.kind === 'add' }];
      if (frame.kind === 'delete') return [{ kind: 'out-of-sight', id, name }];
      const row: Row = { id, name, camera: 0 };
      return frame.kind === 'add'
        ? [
            { kind: 'row', row },
            { kind: 'came', name },
          ]
        : [{ kind: 'row', row }];
    }
    case 'chat':
      return [{ kind: 'message', id: numberIn(frame.id), from: name, marker: onlyMarker(frame) }];
    case 'usermessage':
      return userMessageSightings(frame, name);
    case 'offer':
      return [offered({ id, name, replaces: frame.replace })];
    case 'answer':
      return [{ kind: 'stream-answered', id }];
    case 'ice':
      return [{ kind: 'stream-candidate', id }];
    case 'renegotiate':
      return [{ kind: 'stream-restart', id }];
    case 'close':
      return [{ kind: 'stream-closed', id }];
    case 'abort':
      return [{ kind: 'stream-ended', id }];
    default:
      return [];
  }
}

function joinedSightings({ kind }: Frame, name: string): readonly Sighting[] {
  const row: Row = { id: undefined, name, camera: 0 };
  switch (kind) {
    case 'join':
      return [{ kind: 'entered', self: row, rows: [] }];
    case 'change':
      return [{ kind: 'self', row }];
    case 'leave':
      return [{ kind: 'bye', comeBack: false }];
    default:
      return [];
  }
}

function userMessageSightings(frame: Frame, name: string): readonly Sighting[] {
  const value = frame.value as { readonly id?: unknown } | string | null | undefined;
  switch (frame.privileged === true ? frame.kind : undefined) {
    case 'userinfo':
      return [{ kind: 'address' }];
    case 'clearchat': {
      const id = numberIn(typeof value === 'object' ? value?.id : undefined);
      return id === undefined ? [] : [{ kind: 'about-message', id, by: undefined }];
    }
    case 'error':
    case 'info':
    case 'kicked':
      return saidOfOperators(String(value));
    default: {
      const marker = onlyMarker(frame);
      if (marker === undefined) return saidOfOperators(String(value));
      return [{ kind: 'message', id: undefined, from: name, marker }];
    }
  }
}

/** Messages that were sent with an id of their author's own have no other. */
function numberIn(id: unknown): number | undefined {
  return /^\d+$/.test(String(id)) ? Number(id) : undefined;
}

function offered({ id, name, replaces }: { id: unknown; name: string; replaces: unknown }): StreamSighting {
  return {
    kind: 'stream-offered',
    id: String(id),
    name,
    replaces: replaces === undefined ? undefined : String(replaces),
  };
}

/** Where connections come from, and nothing else is said to be. */
const ADDRESS = /198\.51\.100\.\d+/;

/** Nobody of the scripts is called so. */
const RECORDER = 'RECORDING';

function recordingIn({ meeting }: Frame): Sighting {
  return { kind: 'recording', on: (meeting as Frame).recordingSince !== undefined };
}

const DID =
  /^(.*) (has (un)?locked the room|records this room from now on|has ended the recording|has cleared the chat|asked from which address you are connected|is not recorded: .*)\.$/;

function saidOfOperators(text: string): readonly Sighting[] {
  const [marker] = text.match(MARKER) ?? [];
  if (marker !== undefined) return [{ kind: 'message', id: undefined, from: text.split(': ')[0] ?? '', marker }];
  const [, name] = DID.exec(text) ?? [];
  return name === undefined ? [] : did(name);
}

/** The server is nobody. */
function did(name: string): readonly Sighting[] {
  return name === 'The server' || name === 'An operator' || name === 'Somebody' ? [] : [{ kind: 'did', name }];
}

/** On wires whose rosters say no more than names. */
function nameRow(name: string): Row {
  return { id: undefined, name, camera: 0 };
}

function onlyMarker(frame: Frame): string | undefined {
  return [...markersIn(JSON.stringify(frame))][0];
}
