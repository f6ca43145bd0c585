import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from './database.ts';
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
    if (/DIRECT|CHANNEL/.test(name)) expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
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

  test('the list of threads uses the two indexes of direct messages, and looks up the last message of each', () => {
    const indexes = onMessages(sql.THREADS).map((step) =>
      /INDEX (\w+)|INTEGER (PRIMARY KEY)/.exec(step)?.slice(1).join(''),
    );
    expect(new Set(indexes)).toEqual(new Set(['messages_sent', 'messages_received', 'PRIMARY KEY']));
  });
});
