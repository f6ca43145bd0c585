import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Author } from '../core/message.ts';
import { nameKey } from '../core/name.ts';
import type { StoredRecord } from '../core/record.ts';
import { alice, attachment, BYTES, bob, channelMessage, directMessage, imageMessage } from './contract-fixtures.ts';
import { openMemoryStorage } from './memory/memory-storage.ts';
import { type Storage, TOMBSTONE_LIFE } from './port.ts';
import { openSqliteStorage } from './sqlite/sqlite-storage.ts';

/** Few of everything, so that records meet: the same message, emoji, client id and name again and again. */
const IDS = [1, 2, 3, 4, 5, 6];
const ROOMS = ['lobby', 'attic'];
const AUTHORS: readonly Author[] = [alice, bob, { ...alice, name: 'ALICE' }, { ...bob, name: 'Robert' }];
const ATTACHMENTS = ['a', 'b'];
/** Late enough for what was removed before to be forgotten. */
const LATER = 1_001 + TOMBSTONE_LIFE;
/** An identity without messages: only the name counts. */
const ROBERT = { identityId: 'id-robert', name: 'robert' };

const id = fc.constantFrom(...IDS);
const room = fc.constantFrom(...ROOMS);
const author = fc.constantFrom(...AUTHORS);

const message = fc.oneof(
  fc
    .record({ id, author, clientId: fc.constantFrom('x', 'y'), at: fc.constantFrom(1_000, LATER) })
    .map((m) => channelMessage(m.id, m)),
  fc.record({ id, author }).map((m) => channelMessage(m.id, m)),
  fc.record({ id, from: author, to: author }).map((m) => directMessage(m.id, m)),
  fc.record({ id, from: author, to: author }).map((m) => ({ ...directMessage(m.id, m), shadow: true })),
  fc.record({ id, name: fc.constantFrom(...ATTACHMENTS) }).map((m) => imageMessage(m.id, attachment(m.name))),
);

const record: fc.Arbitrary<StoredRecord> = fc.oneof(
  fc.record({ type: fc.constant('message-posted'), room, message }),
  fc.record({ type: fc.constant('message-retracted'), room, messageId: id }),
  fc.record({
    type: fc.constant('reaction-changed'),
    room,
    messageId: id,
    emoji: fc.constantFrom('❤', '👍', '👎'),
    by: author,
    added: fc.boolean(),
  }),
);

async function everything(storage: Storage) {
  const identities = [alice, bob].map((one) => one.identityId);
  const names = AUTHORS.map((one) => nameKey(one.name));
  const answers: unknown[] = [await storage.lastMessageId()];
  for (const name of ATTACHMENTS) answers.push((await storage.attachment(name))?.attachment);
  for (const place of ROOMS) {
    const thread = { kind: 'channel', channel: 'general' } as const;
    answers.push(await storage.messages(place, { thread, limit: 2 }));
    answers.push(await storage.countBefore(place, { thread, before: 5 }));
    for (const messageId of IDS) answers.push(await storage.message(place, messageId));
    for (const identityId of identities) {
      for (const sort of ['newest', 'oldest', 'a-z', 'z-a'] as const) {
        answers.push(await storage.threads(place, identityId, { sort, offset: 0, limit: 10 }));
        answers.push(await storage.threads(place, identityId, { sort, offset: 1, limit: 1 }));
      }
      answers.push(await storage.postedAs(place, identityId, 'x'));
      for (const peer of names) {
        const thread = { kind: 'direct', identityId, peer } as const;
        answers.push(await storage.messages(place, { thread, limit: 2 }));
        answers.push(await storage.messages(place, { thread, limit: 2, after: 2 }));
        answers.push(await storage.countBefore(place, { thread, before: 5 }));
      }
    }
  }
  return answers;
}

async function play(storage: Storage, commits: readonly (readonly StoredRecord[])[]) {
  for (const name of ATTACHMENTS) await storage.putAttachment(attachment(name), BYTES, 1);
  const outcomes = await Promise.allSettled(commits.map((records) => storage.commit(records)));
  const statuses = outcomes.map((outcome) => outcome.status);
  const before = await everything(storage);
  const swept = await storage.sweepAttachments(2);
  const after = await everything(storage);
  const removed = [await storage.expireMessages({ channels: LATER }), await storage.eraseDirect('lobby', ROBERT)];
  const left = await everything(storage);
  await storage.close();
  return { statuses, before, swept, after, removed, left };
}

test('the drivers agree on whatever is committed', async () => {
  const commits = fc.array(fc.array(record, { maxLength: 4 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(commits, async (sequence) => {
      const expected = await play(openMemoryStorage(), sequence);
      expect(await play(openSqliteStorage({ file: ':memory:' }), sequence)).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});
