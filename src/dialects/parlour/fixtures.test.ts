import { Check } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../core/event.ts';
import { NO_TERMS } from '../../core/terms.ts';
import { CHANNEL, TestRoom } from '../../core/testing.ts';
import type { RoomView } from '../../core/view.ts';
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
  meeting: { type: 'room-changed', what: 'lock', locked: true, by: 'op' },
  cleared: {
    type: 'messages-cleared',
    by: 'op',
    author: 'm1',
    messages: [
      {
        id: 1_753_000_000_001,
        target: { kind: 'channel', channel: 'lobby' },
        author: { identityId: 'i1', name: 'ann' },
      },
    ],
  },
  caption: {
    type: 'captioned',
    author: { identityId: 'i1', name: 'ann' },
    handle: 'm1',
    text: 'and then',
    at: 1_753_000_000_000,
  },
  note: {
    type: 'note-passed',
    from: { handle: 'm3', name: 'op' },
    privileged: true,
    kind: 'mute',
    payload: 'null',
    at: 1_753_000_000_000,
  },
  'stream-answer': { type: 'stream-answered', stream: 's1', sdp: 'v=0\r\n' },
  'stream-ended': { type: 'stream-ended', stream: 's1', refusal: { code: 'rule-no-broadcast' } },
  'stream-restart': { type: 'stream-restart', stream: 's1' },
  'stream-candidate': { type: 'stream-candidate', stream: 's1', candidate: { candidate: '' } },
  'stream-offer': {
    type: 'stream-offered',
    stream: 's2',
    label: 'camera',
    publisher: { id: 'm2', handle: 'm2', name: 'bob' },
    sdp: 'v=0\r\n',
    tracks: [{ mid: '0', kind: 'video' }],
    replaces: 's0',
  },
  'stream-closed': { type: 'stream-closed', stream: 's2' },
};

/** What the room is like meanwhile. */
const ROOM = {
  ...new TestRoom().view,
  title: 'Lobby',
  lock: 'Back at eight',
  data: { topic: 'kettles' },
  terms: { ...NO_TERMS, description: 'Tea' },
} as RoomView;

describe('the recorded frames of the server', () => {
  test.each(serverFrames.server.map((frame) => [frame.type, frame] as const))('%s is said as it was', (type, frame) => {
    const viewer = { state: undefined, member: undefined, room: ROOM };
    const said = encode(EVENTS[type] as Event, viewer, { seq: frame.seq });
    expect(said.map(({ text }) => JSON.parse(text))).toEqual([frame]);
    expect(Check(ServerFrames[type as keyof typeof ServerFrames], frame)).toBe(true);
  });
});
