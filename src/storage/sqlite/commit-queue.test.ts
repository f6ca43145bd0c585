import { describe, expect, test } from 'vitest';
import type { StoredRecord } from '../../core/record.ts';
import { channelMessage, posted } from '../contract-fixtures.ts';
import { StorageError } from '../storage-error.ts';
import { CommitQueue } from './commit-queue.ts';

const record = (id: number) => posted(channelMessage(id));
const idsIn = (records: readonly StoredRecord[]) =>
  records.map((one) => (one.type === 'message-posted' ? one.message.id : 0));

function queueOver(write: (ids: readonly number[]) => void) {
  const transactions: number[][] = [];
  const splits: number[] = [];
  const queue = new CommitQueue({
    write: (records) => {
      transactions.push(idsIn(records));
      write(idsIn(records));
    },
    onSplit: ({ commits }) => splits.push(commits),
  });
  return { queue, transactions, splits };
}

const statuses = (outcomes: readonly PromiseSettledResult<void>[]) => outcomes.map((outcome) => outcome.status);

describe('the commit queue', () => {
  test('writes what is committed within one turn of the event loop in one transaction', async () => {
    const { queue, transactions } = queueOver(() => {});
    await Promise.all([queue.commit([record(1), record(2)]), Promise.resolve().then(() => queue.commit([record(3)]))]);
    await queue.commit([record(4)]);
    expect(transactions).toEqual([[1, 2, 3], [4]]);
  });

  test('flushes at once when asked to, and once', async () => {
    const { queue, transactions } = queueOver(() => {});
    const committed = queue.commit([record(1)]);
    queue.flush();
    expect(transactions).toEqual([[1]]);
    queue.flush();
    await committed;
    await new Promise((resolve) => setImmediate(resolve));
    expect(transactions).toEqual([[1]]);
  });

  test('tries each alone where they cannot be written together', async () => {
    const { queue, transactions, splits } = queueOver((ids) => {
      if (ids.includes(2)) throw new Error('two is bad');
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map((id) => queue.commit([record(id)])));
    expect(statuses(outcomes)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: expect.any(StorageError) });
    expect(transactions).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(splits).toEqual([3]);
  });

  test('does not try a single commit twice', async () => {
    const { queue, transactions } = queueOver(() => {
      throw new Error('no');
    });
    await expect(queue.commit([record(1)])).rejects.toThrow('SQLite: no');
    expect(transactions).toEqual([[1]]);
  });

  test('does not wait for a locked file once for each', async () => {
    const { queue, transactions } = queueOver(() => {
      throw Object.assign(new Error('database is locked'), { errcode: 5 });
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map((id) => queue.commit([record(id)])));
    expect(statuses(outcomes)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(transactions).toEqual([[1, 2, 3]]);
  });
});
