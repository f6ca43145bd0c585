import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from './database.ts';
import { NAME_OWNERS } from './identities.ts';
import * as sql from './message-sql.ts';
import { migrate } from './migrations.ts';
import { text } from './row.ts';

/** How SQLite would answer, one line a step. */
let database: Database;
beforeAll(() => {
  database = Database.open(':memory:');
  migrate(database);
});
afterAll(() => database.close());

const steps = (query: string) => database.all(`EXPLAIN QUERY PLAN ${query}`).map((row) => text(row, 'detail'));
const onMessages = (query: string) => steps(query).filter((step) => / messages\b/.test(step));

describe('queries of messages', () => {
  test.each(Object.entries(sql))('%s reads no table from end to end and sorts no messages', (name, query) => {
    const plan = steps(query);
    expect(plan.length).toBeGreaterThan(0);
    const ends = name === 'LAST_ID' ? [] : plan.filter((step) => /^SCAN (messages|reactions|attachments)\b/.test(step));
    expect(ends).toEqual([]);
    if (/WARDS$|COUNT$|^EXPIRED/.test(name)) expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });

  const BOUNDS = 'AND rowid>? AND rowid<?';
  test.each([
    ['CHANNEL_FORWARDS', sql.CHANNEL_FORWARDS],
    ['CHANNEL_BACKWARDS', sql.CHANNEL_BACKWARDS],
  ])('%s starts at its bounds in the index of the channel', (_, query) => {
    expect(onMessages(query)).toEqual([
      `SEARCH messages USING INDEX messages_in_channel (room=? AND channel=? ${BOUNDS})`,
    ]);
  });

  test.each([
    ['DIRECT_FORWARDS', sql.DIRECT_FORWARDS],
    ['DIRECT_BACKWARDS', sql.DIRECT_BACKWARDS],
  ])('%s merges what was sent and what was received', (_, query) => {
    expect(steps(query)).toContain('MERGE (UNION ALL)');
    expect(onMessages(query)).toEqual([
      `SEARCH messages USING INDEX messages_sent (room=? AND author_identity=? AND recipient_key=? ${BOUNDS})`,
      `SEARCH messages USING INDEX messages_received (room=? AND recipient_identity=? AND author_key=? ${BOUNDS})`,
    ]);
  });

  test.each([
    ['CHANNEL_COUNT', sql.CHANNEL_COUNT],
    ['DIRECT_COUNT', sql.DIRECT_COUNT],
  ])('%s counts in the indexes that the pages come from, up to its bound', (name, query) => {
    const found = onMessages(query).map((step) => /INDEX (\w+) .*rowid</.exec(step)?.[1]);
    expect(found).toEqual(name === 'CHANNEL_COUNT' ? ['messages_in_channel'] : ['messages_sent', 'messages_received']);
  });

  test.each([
    ['newest', sql.THREADS_NEWEST],
    ['oldest', sql.THREADS_OLDEST],
    ['a-z', sql.THREADS_A_TO_Z],
    ['z-a', sql.THREADS_Z_TO_A],
  ])('the list of threads (%s) uses the two indexes of direct messages, and looks up the last of each', (_, query) => {
    const indexes = onMessages(query).map((step) => /INDEX (\w+)|INTEGER (PRIMARY KEY)/.exec(step)?.slice(1).join(''));
    expect(new Set(indexes)).toEqual(new Set(['messages_sent', 'messages_received', 'PRIMARY KEY']));
  });

  test('all direct messages of somebody are found by index, each by another one', () => {
    const indexes = onMessages(sql.ALL_DIRECT).map((step) => /INDEX (\w+)/.exec(step)?.[1]);
    expect(indexes).toEqual([
      'messages_sent',
      'messages_received',
      'messages_kept_back',
      'messages_by_author_name',
      'messages_by_recipient_name',
    ]);
  });

  test.each([
    [sql.EXPIRED_DIRECT, 'messages_direct_by_age'],
    [sql.EXPIRED_IN_CHANNELS, 'messages_in_channels_by_age'],
  ])('%s starts with the oldest', (query, index) => {
    expect(onMessages(query)).toEqual([`SEARCH messages USING INDEX ${index} (at<?)`]);
  });

  test('the owners of names are found by name', () => {
    const step = steps(NAME_OWNERS).find((one) => one.includes(' identities '));
    expect(step).toBe('SEARCH identities USING COVERING INDEX identities_owned_names (name_key=?)');
  });
});
