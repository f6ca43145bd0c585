import { actionIn } from '../../core/action.ts';
import type { Event } from '../../core/event.ts';
import { isOperator } from '../../core/member.ts';
import type { Author, Message } from '../../core/message.ts';
import { mayRead } from '../../core/view.ts';
import { readableText } from '../../markup/readable-text.ts';
import type { Frame, Viewer } from '../dialect.ts';
import { frame } from './frames.ts';
import type { GaleneState } from './state.ts';
import type { ServerMessage } from './wire.ts';

type GaleneViewer = Viewer<GaleneState>;

/** A private one goes to its reader alone: its author's client shows it by itself (`spec/galene.md` 1.9). */
export function chat(message: Message, viewer: GaleneViewer): readonly Frame[] {
  const { state, member } = viewer;
  const isAuthor = message.author.identityId === member?.identity.id;
  if (isAuthor && (message.recipient || state.isUnechoed(message.clientId))) {
    state.forgetUnechoed(message.clientId);
    return [];
  }
  const fields = chatFields(message, viewer);
  return [frame({ type: 'chat', ...fields, ...(message.recipient ? { dest: state.id } : {}) })];
}

/** As it is shown to somebody who comes later; who was an operator then is not known. */
export function historic(message: Message, viewer: GaleneViewer): readonly Frame[] {
  const { privileged: _, ...fields } = chatFields(message, viewer);
  return [frame({ type: viewer.state.variant.history, ...fields })];
}

function chatFields(message: Message, viewer: GaleneViewer): Omit<ServerMessage, 'type'> {
  const { author, at, clientId } = message;
  const { state } = viewer;
  const sender = senderOf(author, viewer);
  const { action, text } = wordsOf(message, viewer);
  return {
    kind: action ? 'me' : undefined,
    id: wireId({ id: message.id, clientId }),
    source: sender.id,
    username: author.name,
    privileged: sender.privileged || undefined,
    time: timeOf(at, state),
    value: text,
  };
}

/** Who has gone since is known by what storage knows them by. */
function senderOf(author: Author, { room }: GaleneViewer): { readonly id: string; readonly privileged: boolean } {
  const { name, identityId } = author;
  const id = room?.handleOf(identityId) ?? identityId;
  const member = room?.memberNamed(name);
  return { id, privileged: member?.identity.id === identityId && isOperator(member) };
}

/** The channel that is the group's conversation to them. */
export function homeOf({ room, member }: GaleneViewer): string | undefined {
  return room?.channels.find((channel) => member && mayRead(channel, member))?.id;
}

function wordsOf(message: Message, viewer: GaleneViewer): { action: boolean; text: string } {
  const { state } = viewer;
  const { body, target, clientId } = message;
  const home = homeOf(viewer);
  const prefix = target.kind === 'channel' && target.channel !== home ? `#${target.channel}: ` : '';
  if (body.kind === 'image') {
    const { publicUrl } = state.context.settings;
    return { action: false, text: `${prefix}${body.fileName}: ${publicUrl()}/attachments/${body.attachment.id}` };
  }
  const action = actionIn(body.text);
  // What was written on this wire is as it was; elsewhere it may be Markdown.
  const isPlain = clientId !== undefined && /^[gn]:/.test(clientId);
  const text = action ?? body.text;
  return { action: action !== undefined, text: `${prefix}${isPlain ? text : readableText(text)}` };
}

/** As its author's client called it, or else ours. */
export function wireId({ id, clientId }: { readonly id: number; readonly clientId?: string | undefined }): string {
  return clientId?.startsWith('g:') ? clientId.slice(2) : String(id);
}

export function timeOf(at: number, { variant }: GaleneState): string | number {
  return variant.times === 'number' ? at : new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Old clients would clear everything. */
export function retracted(
  event: Extract<Event, { type: 'message-retracted' }>,
  viewer: GaleneViewer,
): readonly Frame[] {
  const { author, messageId, clientId, target } = event;
  if (!viewer.state.variant.isRecent || target.kind !== 'channel') return [];
  // Clients look for a line by both its id and the `source` that it came with.
  return [clearFrame({ id: wireId({ id: messageId, clientId }), userId: senderOf(author, viewer).id })];
}

export function cleared(event: Extract<Event, { type: 'messages-cleared' }>, state: GaleneState): readonly Frame[] {
  if (event.author === undefined) return [clearFrame(undefined)];
  return state.variant.isRecent ? [clearFrame({ userId: event.author })] : [];
}

/** To everybody, and so without a `dest`. */
function clearFrame(value: object | undefined): Frame {
  return frame({ type: 'usermessage', kind: 'clearchat', privileged: true, value });
}

/** Clients of before it would show it as something said. */
export function caption(event: Extract<Event, { type: 'captioned' }>, state: GaleneState): readonly Frame[] {
  if (!state.variant.isRecent) return [];
  const { author, handle, text, at } = event;
  return [
    frame({
      type: 'chat',
      kind: 'caption',
      source: handle,
      username: author.name,
      time: timeOf(at, state),
      value: text,
    }),
  ];
}

export function note(event: Extract<Event, { type: 'note-passed' }>, state: GaleneState): Frame {
  const { from, kind, payload, privileged, to, at } = event;
  return frame({
    type: 'usermessage',
    kind,
    source: from.handle,
    dest: to,
    username: from.name,
    privileged: privileged || undefined,
    time: timeOf(at, state),
    // Nothing is not said (1.1).
    value: (JSON.parse(payload) as unknown) ?? undefined,
  });
}

/** From the server, to one client: a line of the chat that nobody else reads. */
export function serverLine(state: GaleneState, text: string): Frame {
  const time = timeOf(state.context.now(), state);
  return frame({ type: 'chat', dest: state.id, username: 'Server', privileged: true, time, value: text });
}
