import { describe, expect, test } from 'vitest';
import { decode } from './decode.ts';
import clientFrames from './fixtures/client-frames.json' with { type: 'json' };
import firstFrames from './fixtures/first-frames.json' with { type: 'json' };
import { ClientFrames } from './wire.ts';

const frames = [...firstFrames.client, ...clientFrames.client];

describe('the recorded frames of the native wire', () => {
  test('are of every type that clients send', () => {
    expect(new Set(frames.map((frame) => frame.type))).toEqual(new Set(Object.keys(ClientFrames)));
  });

  test.each(frames.map((frame) => [JSON.stringify(frame), frame]))('%s is understood', (text, frame) => {
    const { requests, replies = [] } = decode({ kind: 'text', text });
    if (frame.type === 'ping') {
      expect(requests).toEqual([]);
      expect(replies.map((reply) => JSON.parse(reply.text))).toEqual([{ type: 'pong', ref: '1' }]);
      return;
    }
    expect(replies).toEqual([]);
    expect(requests.map((request) => request.ref)).toEqual([frame.ref]);
  });
});
