import { Check } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../core/event.ts';
import { CHANNEL } from '../../core/testing.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import clientFrames from './fixtures/client-frames.json' with { type: 'json' };
import firstFrames from './fixtures/first-frames.json' with { type: 'json' };
import serverFrames from './fixtures/server-frames.json' with { type: 'json' };
import { ClientFrames, ServerFrames } from './wire.ts';

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

/** What the recorded frames of the server say, each for everybody. */
const EVENTS: Readonly<Record<string, Event>> = {
  channel: { type: 'channel-created', channel: { ...CHANNEL, id: 'night', name: 'Night <b>' } },
  'channel-gone': { type: 'channel-deleted', channelId: 'night' },
  notice: { type: 'notice', text: 'The kettle is <on> & hot.' },
};

describe('the recorded frames of the server', () => {
  test.each(serverFrames.server.map((frame) => [frame.type, frame] as const))('%s is said as it was', (type, frame) => {
    const viewer = { state: undefined, member: undefined, room: undefined };
    const said = encode(EVENTS[type] as Event, viewer, { seq: frame.seq });
    expect(said.map(({ text }) => JSON.parse(text))).toEqual([frame]);
    expect(Check(ServerFrames[type as keyof typeof ServerFrames], frame)).toBe(true);
  });
});
