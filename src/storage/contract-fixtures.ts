import type { Attachment, Author, Message } from '../core/message.ts';
import type { Sanction } from '../core/moderation.ts';
import type { StoredRecord } from '../core/record.ts';
import type { Invitation, StoredIdentity } from './port.ts';

/** What the contract suite and the drivers' own tests store. */

export const ROOM = 'lobby';
export const alice: Author = { identityId: 'id-alice', name: 'Alice' };
export const bob: Author = { identityId: 'id-bob', name: 'Bob' };
export const carol: Author = { identityId: 'id-carol', name: 'Carol' };

export function channelMessage(id: number, changes: Partial<Message> = {}): Message {
  return {
    id,
    target: { kind: 'channel', channel: 'general' },
    author: alice,
    body: { kind: 'text', text: `message ${id}` },
    at: 1_000 + id,
    reactions: [],
    ...changes,
  };
}

export function directMessage(id: number, sides: { readonly from: Author; readonly to: Author }): Message {
  const { from, to } = sides;
  return { ...channelMessage(id), target: { kind: 'member', name: to.name }, author: from, recipient: to };
}

export function imageMessage(id: number, attachment: Attachment): Message {
  return channelMessage(id, { body: { kind: 'image', attachment, fileName: 'cat.png' } });
}

export function posted(message: Message, room = ROOM): StoredRecord {
  return { type: 'message-posted', room, message };
}

export function retracted(messageId: number, room = ROOM): StoredRecord {
  return { type: 'message-retracted', room, messageId };
}

export function reacted(messageId: number, emoji: string, by: Author): StoredRecord {
  return { type: 'reaction-changed', room: ROOM, messageId, emoji, by, added: true };
}

export function unreacted(messageId: number, emoji: string, by: Author): StoredRecord {
  return { type: 'reaction-changed', room: ROOM, messageId, emoji, by, added: false };
}

export function attachment(id: string): Attachment {
  return { id, mediaType: 'image/png', width: 640, height: 480, byteLength: 4 };
}

export const BYTES = Uint8Array.of(0, 1, 254, 255);

export function sanction(id: string, changes: Partial<Sanction> = {}): Sanction {
  return { id, room: ROOM, name: 'Mallory', reason: 'spam', by: 'Alice', at: 1_000, expiresAt: 2_000, ...changes };
}

export function storedIdentity(changes: Partial<StoredIdentity> = {}): StoredIdentity {
  return {
    id: 'id-alice',
    name: 'Alice',
    operator: false,
    ownsName: false,
    createdAt: 1_000,
    tokensRevokedAt: 0,
    ...changes,
  };
}

export function invitation(changes: Partial<Invitation> = {}): Invitation {
  return {
    tokenHash: 'hash',
    role: 'guest',
    usesLeft: 1,
    createdBy: 'id-alice',
    createdAt: 1_000,
    expiresAt: 2_000,
    ...changes,
  };
}

export function idsOf(messages: readonly Message[]): number[] {
  return messages.map((message) => message.id);
}
