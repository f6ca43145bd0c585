import { describeMedia } from './contract.test-suite.ts';
import { FakeMedia } from './fake/fake-media.ts';
import { SfuMedia } from './sfu/sfu-media.ts';

const log = { info: () => {}, warn: () => {}, error: (details: object) => console.error(details) };

describeMedia('the fake', () => new FakeMedia());
describeMedia(
  'a process that forwards',
  () => new SfuMedia({ workers: 1, bindAddress: '127.0.0.1', announced: [], iceServers: () => [], log }),
);
