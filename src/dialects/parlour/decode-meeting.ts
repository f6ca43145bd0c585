import type { Command, Grantable } from '../../core/command.ts';
import type { SharedData } from '../../core/json.ts';
import type { ClientFrame, ClientFrameOf } from './wire.ts';

type MeetingFrame = ClientFrameOf<
  | 'lock'
  | 'room-data'
  | 'own-data'
  | 'grant'
  | 'clear'
  | 'identify'
  | 'caption'
  | 'record'
  | 'note'
  | 'publish'
  | 'unpublish'
  | 'stream-candidate'
  | 'want'
  | 'want-stream'
  | 'stream-answer'
  | 'stream-restart'
  | 'refuse-stream'
  | 'make-token'
  | 'edit-token'
  | 'tokens'
>;

const TYPES: { readonly [T in MeetingFrame['type']]: true } = {
  lock: true,
  'room-data': true,
  'own-data': true,
  grant: true,
  clear: true,
  identify: true,
  caption: true,
  record: true,
  note: true,
  publish: true,
  unpublish: true,
  'stream-candidate': true,
  want: true,
  'want-stream': true,
  'stream-answer': true,
  'stream-restart': true,
  'refuse-stream': true,
  'make-token': true,
  'edit-token': true,
  tokens: true,
};

/** What belongs to meetings: streams, and what people do beside talking. */
export function isMeetingFrame(frame: ClientFrame): frame is MeetingFrame {
  return frame.type in TYPES;
}

export function meetingCommandOf(frame: MeetingFrame): Command {
  switch (frame.type) {
    case 'lock':
      return { type: 'set-lock', on: frame.on, ...(frame.message === undefined ? {} : { message: frame.message }) };
    case 'room-data':
      return { type: 'set-room-data', changes: frame.changes as SharedData };
    case 'own-data':
      return { type: 'set-own-data', changes: frame.changes as SharedData };
    case 'grant':
      return { type: 'grant', name: frame.name, permission: frame.permission as Grantable, on: frame.on };
    case 'clear':
      return { type: 'clear-messages', ...(frame.by === undefined ? {} : { by: frame.by }) };
    case 'identify':
      return { type: 'identify', name: frame.name };
    case 'caption':
      return { type: 'caption', text: frame.text };
    case 'record':
      return { type: 'record', on: frame.on };
    case 'note':
      return note(frame);
    case 'make-token':
      return makeToken(frame);
    case 'edit-token':
      return { type: 'edit-room-token', order: { token: frame.token, ...timesOf(frame) } };
    case 'tokens':
      return { type: 'list-room-tokens' };
    default:
      return streamCommandOf(frame);
  }
}

type StreamFrame = ClientFrameOf<
  | 'publish'
  | 'unpublish'
  | 'stream-candidate'
  | 'want'
  | 'want-stream'
  | 'stream-answer'
  | 'stream-restart'
  | 'refuse-stream'
>;

function streamCommandOf(frame: StreamFrame): Command {
  switch (frame.type) {
    case 'publish': {
      const { stream, label, sdp, replaces } = frame;
      return { type: 'publish', stream, label, sdp, ...(replaces === undefined ? {} : { replaces }) };
    }
    case 'unpublish':
      return { type: 'unpublish', stream: frame.stream };
    case 'stream-candidate':
      return { type: 'trickle', stream: frame.stream, candidate: frame.candidate };
    case 'want':
      return { type: 'request-streams', byLabel: Object.entries(frame.byLabel), otherwise: frame.otherwise };
    case 'want-stream':
      return { type: 'request-stream', stream: frame.stream, wanted: frame.wanted };
    case 'stream-answer':
      return { type: 'answer-stream', stream: frame.stream, sdp: frame.sdp };
    case 'stream-restart':
      return { type: 'restart-stream', stream: frame.stream };
    case 'refuse-stream':
      return { type: 'refuse-stream', stream: frame.stream };
    default:
      return frame satisfies never;
  }
}

function note(frame: ClientFrameOf<'note'>): Command {
  return {
    type: 'pass-note',
    kind: frame.kind,
    payload: JSON.stringify(frame.value ?? null),
    echo: frame.echo ?? false,
    ...(frame.to === undefined ? {} : { to: frame.to }),
  };
}

function makeToken(frame: ClientFrameOf<'make-token'>): Command {
  const { permissions, username } = frame;
  return {
    type: 'make-room-token',
    order: { permissions, ...timesOf(frame), ...(username === undefined ? {} : { username }) },
  };
}

function timesOf({ expires, notBefore }: { readonly expires?: number; readonly notBefore?: number }): SharedData {
  return {
    ...(expires === undefined ? {} : { expires: new Date(expires).toISOString() }),
    ...(notBefore === undefined ? {} : { 'not-before': new Date(notBefore).toISOString() }),
  };
}
