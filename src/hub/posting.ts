import { ImageError } from '../attachments/image.ts';
import type { RoomCommand, SessionCommand } from '../core/command.ts';
import type { Refusal } from '../core/errors.ts';
import type { Attachment } from '../core/message.ts';
import type { Asker } from './asking.ts';
import { namesOfOthers } from './entering.ts';
import type { Answer, HubContext } from './services.ts';
import { slugOf } from './slug.ts';

type CommandOf<T extends SessionCommand['type']> = Extract<SessionCommand, { type: T }>;

const MAX_FILE_NAME_LENGTH = 200;

/** Checks, re-encodes and stores an image. */
export async function storeImage(
  hub: HubContext,
  bytes: Uint8Array,
): Promise<{ readonly attachment: Attachment; readonly bytes: Uint8Array } | Refusal> {
  try {
    const image = await hub.images.process(bytes);
    const attachment: Attachment = {
      id: hub.secret(),
      mediaType: image.mediaType,
      width: image.width,
      height: image.height,
      byteLength: image.bytes.byteLength,
    };
    await hub.storage.putAttachment(attachment, image.bytes, hub.now());
    return { attachment, bytes: image.bytes };
  } catch (error) {
    if (error instanceof ImageError) return { code: error.code };
    throw error;
  }
}

export async function postImage(
  hub: HubContext,
  asker: Asker,
  answer: Answer,
  command: CommandOf<'post-image'>,
): Promise<void> {
  const refusal = imageRefusal(asker, command.target);
  if (refusal) return hub.refuse(asker.session, answer, refusal);
  const stored = await storeImage(hub, command.bytes);
  if ('code' in stored) return hub.refuse(asker.session, answer, stored);
  await applyAndAnswer(hub, asker, answer, {
    type: 'post-message',
    target: command.target,
    body: { kind: 'image', attachment: stored.attachment, fileName: cleanFileName(command.fileName) },
    image: { bytes: stored.bytes },
  });
}

/** What the room would refuse anyway, asked before the work of decoding. */
export function imageRefusal(asker: Asker, target: CommandOf<'post-image'>['target']): Refusal | undefined {
  if (asker.member.rules.has('no-image')) return { code: 'rule-no-image' };
  if (target.kind === 'member') return undefined;
  const channel = asker.place.room.view.channel(target.channel);
  if (!channel) return { code: 'channel-unknown' };
  return channel.photos ? undefined : { code: 'photos-not-permitted' };
}

export async function postAttachment(
  hub: HubContext,
  asker: Asker,
  answer: Answer,
  command: CommandOf<'post-attachment'>,
): Promise<void> {
  const stored = await hub.storage.attachment(command.attachmentId);
  if (!stored) return hub.refuse(asker.session, answer, { code: 'image-invalid' });
  await applyAndAnswer(hub, asker, answer, {
    type: 'post-message',
    target: command.target,
    body: { kind: 'image', attachment: stored.attachment, fileName: cleanFileName(command.fileName) },
    image: { bytes: stored.bytes },
    ...(command.clientId === undefined ? {} : { clientId: command.clientId }),
  });
}

function cleanFileName(name: string): string {
  return (
    name
      .replace(/[\p{Cc}\p{Cf}<>&"'`\\/]/gu, '')
      .trim()
      .slice(0, MAX_FILE_NAME_LENGTH) || 'image'
  );
}

/** Applies a room command with the facts it needs from storage, and answers. */
export async function applyAndAnswer(
  hub: HubContext,
  asker: Asker,
  answer: Answer,
  command: RoomCommand,
): Promise<void> {
  const complete = await withFacts(hub, asker, command);
  const reply = await asker.place.room.apply(asker.member.id, complete);
  if ('refused' in reply) hub.refuse(asker.session, answer, reply.refused);
  else hub.accept(asker.session, answer, reply.accepted);
}

/** Whether the command needs to know something that may be in storage only. */
export function needsFacts(command: RoomCommand): boolean {
  if (command.type === 'post-message') return command.clientId !== undefined;
  return FACTUAL.has(command.type);
}

const FACTUAL: ReadonlySet<RoomCommand['type']> = new Set(['retract-message', 'react', 'rename', 'create-channel']);

async function withFacts(hub: HubContext, asker: Asker, command: RoomCommand): Promise<RoomCommand> {
  const { room } = asker.place;
  const { name } = room.view;
  if (command.type === 'post-message' && command.clientId !== undefined) {
    const posted = await hub.storage.postedAs(name, asker.member.identity.id, command.clientId);
    return posted ? { ...command, posted } : command;
  }
  if (command.type === 'retract-message' || command.type === 'react') {
    const message = room.remembered(command.messageId) ?? (await hub.storage.message(name, command.messageId));
    return message ? { ...command, message } : command;
  }
  if (command.type === 'rename') {
    const ownedNames = await namesOfOthers(hub, { id: asker.member.identity.id, name: command.name });
    return { ...command, ownedNames };
  }
  return command.type === 'create-channel' ? withId(command) : command;
}

/** A channel's id is made of its name, where nobody says another. */
export function withId<C extends { readonly name: string; readonly id?: string }>(command: C): C {
  return command.id === undefined ? { ...command, id: slugOf(command.name) } : command;
}
