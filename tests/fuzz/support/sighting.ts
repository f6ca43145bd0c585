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
  | { readonly kind: 'message'; readonly id: number; readonly from: string; readonly marker: string | undefined }
  | { readonly kind: 'about-message'; readonly id: number; readonly by: string | undefined }
  | { readonly kind: 'typing' | 'ring' | 'opened' | 'signal' | 'watch' | 'unwatch'; readonly name: string }
  | { readonly kind: 'answer'; readonly ok: boolean }
  /** Goodbye: whether to come back. */
  | { readonly kind: 'bye'; readonly comeBack: boolean };

export interface Row {
  /** Of the stay, on the wires that say it. */
  readonly id: string | undefined;
  readonly name: string;
  readonly camera: number;
}

export type Frame = Readonly<Record<string, unknown>>;

export function sightingsIn(wire: Wire, frame: Frame): readonly Sighting[] {
  return wire === 'parlour' ? nativeSightings(frame) : bareSightings(frame);
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
      return [{ kind: 'entered', self: nativeRow(frame.self), rows: (frame.members as unknown[]).map(nativeRow) }];
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
    case 'refused':
      return [{ kind: 'answer', ok: frame.type === 'ok' }];
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
    default:
      return [];
  }
}

function bareRow(value: unknown): Row {
  const { username, video } = value as { username: string; video: number };
  return { id: undefined, name: username, camera: video };
}

function onlyMarker(frame: Frame): string | undefined {
  return [...markersIn(JSON.stringify(frame))][0];
}
