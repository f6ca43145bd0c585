import { WireError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Candidate } from '../../core/stream.ts';
import type { Decoded, Viewer } from '../dialect.ts';
import { asks, NOTHING, soft } from './frames.ts';
import { requestOf, wantedOf } from './requests.ts';
import type { GaleneState } from './state.ts';
import { type ClientMessage, FieldError, objectIn, textIn } from './wire.ts';

/** `spec/galene.md` 1.7 and 1.8. What names a stream that is gone is a race that anybody may lose. */
export function stream(state: GaleneState, message: ClientMessage, viewer: Viewer<GaleneState>): Decoded {
  if (message.type === 'request') return asks(requestOf(objectIn(message, 'request') ?? {}));
  const id = textIn(message, 'id') ?? '';
  if (id === '') {
    state.end = { code: 1002, text: 'empty id' };
    throw new WireError('empty id', { severity: 'close' });
  }
  switch (message.type) {
    case 'requestStream':
      return requestStream(id, message);
    case 'offer':
      return offer(state, id, message, viewer);
    case 'answer':
      return asks({ type: 'answer-stream', stream: id, sdp: textIn(message, 'sdp') ?? '' }, id);
    case 'ice':
      return ice(state, id, message);
    case 'renegotiate':
      return asks({ type: 'restart-stream', stream: id }, id);
    case 'close':
      return asks({ type: 'unpublish', stream: id }, id);
    case 'abort':
      return asks({ type: 'refuse-stream', stream: id }, id);
    default:
      return NOTHING;
  }
}

/** `null`, which is as good as absent, is as of the others. */
function requestStream(id: string, { fields }: ClientMessage): Decoded {
  const value = fields.get('request');
  return asks({ type: 'request-stream', stream: id, wanted: value === undefined ? undefined : wantedOf(value) }, id);
}

function offer(state: GaleneState, id: string, message: ClientMessage, viewer: Viewer): Decoded {
  const source = textIn(message, 'source') ?? '';
  const username = textIn(message, 'username');
  if (source !== '' && source !== state.id) return soft(state, 'not authorised');
  if (username !== undefined && username !== viewer.member?.name) return soft(state, 'not authorised');
  const labels = objectIn(message, 'labels');
  const replaces = textIn(message, 'replace') ?? '';
  return asks(
    {
      type: 'publish',
      stream: id,
      label: textIn(message, 'label') ?? (labels ? labelOf(labels) : 'camera'),
      sdp: textIn(message, 'sdp') ?? '',
      ...(replaces === '' ? {} : { replaces }),
      // What bears no label is to be ignored (1.15).
      ...(labels && Object.keys(labels).length > 0 ? { mids: Object.keys(labels) } : {}),
    },
    id,
  );
}

/** Of a stream whose tracks were labelled one by one. */
function labelOf(labels: Readonly<Record<string, Json>>): string {
  return Object.values(labels).includes('screenshare') ? 'screenshare' : 'camera';
}

function ice(state: GaleneState, id: string, message: ClientMessage): Decoded {
  const value = objectIn(message, 'candidate');
  if (!value) return soft(state, 'malformed message: null candidate');
  const candidate: Candidate = {
    candidate: required(value.candidate),
    ...(typeof value.sdpMid === 'string' ? { sdpMid: value.sdpMid } : {}),
    ...(Number.isInteger(value.sdpMLineIndex) ? { sdpMLineIndex: Number(value.sdpMLineIndex) } : {}),
    ...(typeof value.usernameFragment === 'string' ? { usernameFragment: value.usernameFragment } : {}),
  };
  return asks({ type: 'trickle', stream: id, candidate }, id);
}

function required(value: Json | undefined): string {
  if (typeof value !== 'string') throw new FieldError('candidate must be a string');
  return value;
}
