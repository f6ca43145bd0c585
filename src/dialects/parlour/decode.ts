import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { Command, JoinCommand, Request } from '../../core/command.ts';
import { isShallow } from '../../core/json.ts';
import type { Target } from '../../core/message.ts';
import type { Decoded, InboundFrame } from '../dialect.ts';
import { isMeetingFrame, meetingCommandOf } from './decode-meeting.ts';
import { refusedFrame } from './encode.ts';
import { type ClientFrame, type ClientFrameOf, ClientFrames, type WireTarget } from './wire.ts';

const DEFAULT_PAGE = 50;

const validators = new Map<string, Validator>(
  Object.entries(ClientFrames).map(([type, schema]) => [type, Compile(schema as TSchema)]),
);

/** A frame that fits no schema is refused with its `ref`, if it has one; the connection goes on. */
export function decode(frame: InboundFrame): Decoded {
  if (frame.kind !== 'text') return bad(undefined, 'Frames are text.');
  const value = parse(frame.text);
  if (value === undefined) return bad(undefined, 'The frame is not a JSON object.');
  const ref = typeof value.ref === 'string' && value.ref.length <= 64 ? value.ref : undefined;
  const type = value.type;
  const validator = typeof type === 'string' ? validators.get(type) : undefined;
  if (!validator) return { requests: [], replies: [refusedFrame({ ref, refusal: { code: 'unsupported' } })] };
  if (!validator.Check(value)) return bad(ref, firstError(validator, value));
  return translate(value as ClientFrame);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && isShallow(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function firstError(validator: Validator, value: unknown): string {
  const [error] = validator.Errors(value);
  return error ? `${error.instancePath || 'The frame'} ${error.message}.` : '';
}

function bad(ref: string | undefined, detail: string): Decoded {
  return { requests: [], replies: [refusedFrame({ ref, refusal: { code: 'bad-frame', detail } })] };
}

function translate(frame: ClientFrame): Decoded {
  if (frame.type === 'ping') {
    return { requests: [], replies: [{ text: JSON.stringify({ type: 'pong', ...refOf(frame) }) }] };
  }
  if (frame.type === 'post' && (frame.text === undefined) === (frame.attachment === undefined)) {
    return bad(frame.ref, 'A message has either a text or an attachment.');
  }
  const request: Request = { command: commandOf(frame), ...refOf(frame) };
  return { requests: [request] };
}

function refOf(frame: ClientFrame): { readonly ref?: string } {
  return frame.ref === undefined ? {} : { ref: frame.ref };
}

function commandOf(frame: Exclude<ClientFrame, { type: 'ping' }>): Command {
  switch (frame.type) {
    case 'hello':
      return hello(frame);
    case 'leave':
      return { type: 'leave' };
    case 'post':
      return post(frame);
    case 'retract':
      return { type: 'retract-message', messageId: frame.messageId };
    case 'react':
      return { type: 'react', messageId: frame.messageId, emoji: frame.emoji, change: frame.on ? 'add' : 'remove' };
    case 'typing':
      return { type: 'set-typing', target: targetOf(frame.target), on: frame.on };
    case 'presence':
      return presence(frame);
    case 'relate':
      return { type: 'relate', kind: frame.kind, names: frame.names, on: frame.on };
    case 'open-camera':
      return { type: 'open-camera', name: frame.name };
    case 'watching':
      return { type: 'watch-camera', name: frame.name, on: frame.on };
    case 'signal':
      return { type: 'signal', name: frame.name, kind: frame.kind, payload: frame.payload };
    case 'history':
      return history(frame);
    case 'threads':
      return { type: 'list-threads' };
    case 'rename':
      return { type: 'rename', name: frame.name };
    case 'password':
      return {
        type: 'set-password',
        password: frame.password,
        ...(frame.current === undefined ? {} : { current: frame.current }),
      };
    case 'invite':
      return { type: 'create-invitation', role: frame.role };
    default:
      return isMeetingFrame(frame) ? meetingCommandOf(frame) : moderation(frame);
  }
}

type ModerationFrame = ClientFrameOf<
  | 'kick'
  | 'ban'
  | 'ban-addresses'
  | 'report'
  | 'unban'
  | 'bans'
  | 'operator'
  | 'mark-explicit'
  | 'cut-camera'
  | 'create-channel'
  | 'delete-channel'
  | 'announce'
>;

function moderation(frame: ModerationFrame): Command {
  switch (frame.type) {
    case 'kick':
      return { type: 'kick', name: frame.name, reason: frame.reason ?? '' };
    case 'ban':
      return { type: 'ban', name: frame.name, hours: frame.hours, reason: frame.reason ?? '' };
    case 'ban-addresses':
      return { type: 'ban-addresses', addresses: frame.addresses, hours: frame.hours, reason: frame.reason ?? '' };
    case 'report':
      return report(frame);
    case 'unban':
      return { type: 'unban', name: frame.name };
    case 'bans':
      return { type: 'list-bans' };
    case 'operator':
      return { type: 'set-operator', name: frame.name, on: frame.on };
    case 'mark-explicit':
      return { type: 'mark-explicit', name: frame.name };
    case 'cut-camera':
      return { type: 'cut-camera', name: frame.name };
    case 'create-channel':
      return {
        type: 'create-channel',
        name: frame.name,
        ...(frame.id === undefined ? {} : { id: frame.id }),
        ...(frame.description === undefined ? {} : { description: frame.description }),
        ...(frame.vip === undefined ? {} : { vip: frame.vip }),
        ...(frame.photos === undefined ? {} : { photos: frame.photos }),
      };
    case 'delete-channel':
      return { type: 'delete-channel', id: frame.id };
    case 'announce':
      return { type: 'announce', text: frame.text };
    default:
      return frame satisfies never;
  }
}

function report(frame: ClientFrameOf<'report'>): Command {
  return {
    type: 'report',
    about: frame.name,
    target: frame.target && targetOf(frame.target),
    timestamp: frame.at === undefined ? '' : new Date(frame.at).toISOString(),
    reason: frame.reason,
    text: frame.text ?? '',
    comment: frame.comment ?? '',
  };
}

function hello(frame: ClientFrameOf<'hello'>): Command {
  const join: JoinCommand = {
    type: 'join',
    room: frame.room,
    name: frame.name,
    credentials: {
      ...(frame.token === undefined ? {} : { token: frame.token }),
      ...(frame.invitation === undefined ? {} : { invitation: frame.invitation }),
      ...(frame.jwt === undefined ? {} : { jwt: frame.jwt }),
      ...(frame.password === undefined ? {} : { password: frame.password }),
      ...(frame.roomPassword === undefined ? {} : { roomPassword: frame.roomPassword }),
      ...(frame.roomToken === undefined ? {} : { roomToken: frame.roomToken }),
    },
    presence: frame.status === undefined ? {} : { status: frame.status },
    relations: {},
  };
  if (!frame.resume) return join;
  const { session, ...seen } = frame.resume;
  return { type: 'resume', session, seen, otherwise: join };
}

function post(frame: ClientFrameOf<'post'>): Command {
  const target = targetOf(frame.target);
  const id = frame.id === undefined ? {} : { clientId: frame.id };
  if (frame.attachment !== undefined) {
    return {
      type: 'post-attachment',
      target,
      attachmentId: frame.attachment,
      fileName: frame.fileName ?? '',
      ...id,
    };
  }
  return { type: 'post-message', target, body: { kind: 'text', text: frame.text ?? '', breaks: true }, ...id };
}

function presence(frame: ClientFrameOf<'presence'>): Command {
  return {
    type: 'set-presence',
    ...(frame.status === undefined ? {} : { status: frame.status }),
    ...(frame.camera === undefined ? {} : { camera: frame.camera }),
    ...(frame.dnd === undefined ? {} : { dnd: frame.dnd }),
  };
}

function history(frame: ClientFrameOf<'history'>): Command {
  return {
    type: 'fetch-history',
    target: targetOf(frame.target),
    limit: frame.limit ?? DEFAULT_PAGE,
    ...(frame.before === undefined ? {} : { before: frame.before }),
    ...(frame.after === undefined ? {} : { after: frame.after }),
  };
}

function targetOf(target: WireTarget): Target {
  return 'channel' in target ? { kind: 'channel', channel: target.channel } : { kind: 'member', name: target.to };
}
