import { openMemoryStorage } from '../storage/memory/memory-storage.ts';
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts';
import { StoredTokens } from './stored-tokens.ts';
import { describeTokenStore } from './token-store.test-suite.ts';

describeTokenStore('in memory', () => new StoredTokens(openMemoryStorage()));
describeTokenStore('in sqlite', () => new StoredTokens(openSqliteStorage({ file: ':memory:' })));
