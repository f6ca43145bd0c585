import { describeStorage } from '../contract.test-suite.ts';
import { openMemoryStorage } from './memory-storage.ts';

describeStorage('memory', openMemoryStorage);
