import { describe, expect, test } from 'vitest';
import { fingerprintOf, readSignal, ufragsOf } from './session-description.ts';

describe('signals of peers', () => {
  test.each([
    ['description', 'not JSON'],
    ['description', 'null'],
    ['description', '{"type":"rollback","sdp":""}'],
    ['description', '{"type":"offer","sdp":5}'],
    ['candidate', '{"candidate":""}'],
    ['candidate', '[]'],
  ] as const)('%s %s is nothing', (kind, payload) => {
    expect(readSignal(kind, payload)).toBeUndefined();
  });

  test('a candidate tells its transport, in its field or in its line', () => {
    const line = 'candidate:1 1 udp 1 10.0.0.1 5 typ host generation 0 ufrag abcd network-id 1';
    expect(readSignal('candidate', JSON.stringify({ candidate: line, sdpMid: '0' }))).toMatchObject({
      candidate: { usernameFragment: 'abcd', sdpMid: '0', sdpMLineIndex: null },
    });
    expect(readSignal('candidate', JSON.stringify({ candidate: line, usernameFragment: 'zz' }))).toMatchObject({
      candidate: { usernameFragment: 'zz' },
    });
  });

  test('fragments and fingerprint are read from the description, whatever ends its lines', () => {
    const sdp = 'a=ice-ufrag:ab/c\r\na=fingerprint:sha-256 AA:BB\r\nm=video\r\na=ice-ufrag:ab/c\n';
    expect(ufragsOf({ type: 'offer', sdp })).toEqual(['ab/c', 'ab/c']);
    expect(fingerprintOf({ type: 'offer', sdp })).toBe('sha-256 AA:BB');
  });
});
