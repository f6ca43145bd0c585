import { bob, channelMessage, posted, reacted } from '../contract-fixtures.ts';
import { openSqliteStorage } from './sqlite-storage.ts';

/**
 * Commits messages as fast as it can, several at a time, and prints the id of each once it is acknowledged. Started
 * and killed by `kill.test.ts`; ends by itself where its parent is gone.
 */
const WRITERS = 8;
const storage = openSqliteStorage({ file: process.argv[2] ?? '' });
let id = await storage.lastMessageId();

async function write(): Promise<void> {
  for (;;) {
    const own = ++id;
    await storage.commit([posted(channelMessage(own, { clientId: `c-${own}` })), reacted(own, '❤', bob)]);
    process.stdout.write(`${own}\n`);
  }
}

process.stdout.on('error', () => process.exit(1));
process.on('disconnect', () => process.exit(1));
await Promise.all(Array.from({ length: WRITERS }, write));
