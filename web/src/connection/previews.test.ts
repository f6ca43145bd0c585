import { expect, test } from 'vitest';
import { NOON, reduce, roomFrame } from '../room/fixtures.ts';
import type { PendingMessage } from '../room/thread.ts';
import { Previews } from './previews.ts';
import { FakeUrls } from './testing/fake-urls.ts';

const lobby = { channel: 'lobby' };

function pending(clientId: string, previewUrl: string): PendingMessage {
  return { clientId, at: NOON, image: { attachment: 'a', fileName: 'cat.png', previewUrl }, status: 'sending' };
}

test('what was handed over goes when no pending message shows it any more', () => {
  const urls = new FakeUrls();
  const previews = new Previews(urls);
  const url = previews.open(new Blob());
  const kept = previews.open(new Blob());
  const sending = reduce([roomFrame(), { type: 'pend', target: lobby, message: pending('c1', url) }]);
  previews.handOver(url);
  previews.sweep(sending);
  expect(urls.open).toEqual([url, kept]);

  const key = 'channel:lobby';
  const failed = reduce([{ type: 'not-posted', key, clientId: 'c1', error: 'no' }], sending);
  previews.sweep(failed);
  expect(urls.open, 'a failed message still shows its picture').toEqual([url, kept]);

  previews.sweep(reduce([{ type: 'discard', key, clientId: 'c1' }], failed));
  expect(urls.open, 'what was not handed over is its owner’s').toEqual([kept]);
});

test('none that was handed over outlives it', () => {
  const urls = new FakeUrls();
  const previews = new Previews(urls);
  for (let count = 0; count < 3; count++) previews.handOver(previews.open(new Blob()));
  previews.close();
  expect(urls.open).toEqual([]);
});
