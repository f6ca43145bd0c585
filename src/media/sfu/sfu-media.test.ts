import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MediaStage, until } from '../testing/media-stage.ts';
import type { SfuLog } from './options.ts';
import { SfuMedia } from './sfu-media.ts';

const logged: unknown[] = [];
const log: SfuLog = {
  info: () => {},
  warn: (details) => logged.push(details),
  error: (details) => logged.push(details),
};

const CAMERA = {
  sections: [
    { mid: '0', kind: 'audio' },
    { mid: '1', kind: 'video' },
  ],
} as const;
const VP8 = 96;
const OPUS = 111;

let media: SfuMedia;
let stage: MediaStage;

beforeEach(() => {
  logged.length = 0;
  media = new SfuMedia({ workers: 1, bindAddress: '127.0.0.1', announced: [], iceServers: () => [], log });
  stage = new MediaStage(media);
});

afterEach(async () => {
  stage.close();
  await media.close();
});

describe('forwarding through a process', () => {
  it('takes a camera to somebody else', async () => {
    stage.publish('s', CAMERA);
    const receiver = stage.forward('s', 'bob');
    stage.roll();
    await until(() => receiver.marks(VP8).length > 30 && receiver.marks(OPUS).length > 10, 'packets');
    expect(new Set(receiver.marks(OPUS))).toEqual(new Set([1]));
    expect(new Set(receiver.marks(VP8))).toEqual(new Set([2]));
    expect(logged).toEqual([]);
  });
});
