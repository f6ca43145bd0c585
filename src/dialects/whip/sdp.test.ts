import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  credentialsOf,
  fragmentOf,
  objectionTo,
  parseFragment,
  turnedDown,
  withCandidates,
  withTransport,
} from './sdp.ts';

const SEED = 20_260_731;
const lines = (...each: readonly string[]): string => `${each.join('\r\n')}\r\n`;

const PWD = '0123456789012345678901';
const section = (kind: string, mid: string, ...more: readonly string[]) => [
  `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
  `a=mid:${mid}`,
  'a=ice-ufrag:abcd',
  `a=ice-pwd:${PWD}`,
  'a=fingerprint:sha-256 AA',
  'a=setup:actpass',
  ...more,
];
const HEAD = ['v=0', 's=-', 'a=group:BUNDLE 0 1'];
const OFFER = lines(
  ...HEAD,
  ...section('audio', '0', 'a=sendonly', 'a=candidate:1 1 UDP 1 192.0.2.1 1 typ host', 'a=end-of-candidates'),
  ...section('video', '1', 'a=sendonly'),
);

describe('an offer', () => {
  test.each([
    ['send', OFFER, undefined],
    ['send', OFFER.replaceAll('sendonly', 'sendrecv'), undefined],
    // Without a direction, both are meant.
    ['send', OFFER.replaceAll('a=sendonly\r\n', ''), undefined],
    ['send', OFFER.replace('a=sendonly', 'a=inactive'), undefined],
    ['receive', OFFER.replaceAll('sendonly', 'recvonly'), undefined],
    ['receive', OFFER, 'The offer receives nothing.'],
    ['send', OFFER.replaceAll('sendonly', 'recvonly'), 'The offer sends neither sound nor pictures.'],
    ['send', OFFER.replaceAll(/m=(audio|video)/g, 'm=application'), 'The offer sends neither sound nor pictures.'],
    ['send', OFFER.replaceAll(PWD, 'short'), 'The offer has no ICE credentials.'],
    ['send', OFFER.replaceAll('fingerprint', 'x'), 'The offer has no fingerprint.'],
    ['send', OFFER.replace('v=0', 'v=1'), 'This is not a session description.'],
    ['send', '', 'This is not a session description.'],
  ] as const)('to %s is looked at first', (direction, offer, objection) => {
    expect(objectionTo(offer, direction)).toBe(objection);
  });

  test('says which of it was turned down', () => {
    const answer = OFFER.replace('m=video 9', 'm=video 0');
    expect(turnedDown(OFFER, answer)).toEqual(['video']);
    expect(turnedDown(OFFER, OFFER)).toEqual([]);
    // Nobody wanted to send it.
    expect(turnedDown(OFFER.replaceAll('sendonly', 'inactive'), answer)).toEqual([]);
    expect(turnedDown(OFFER.replace('m=video 9', 'm=video 0'), answer)).toEqual([]);
  });
});

describe('another way', () => {
  const CREDENTIALS = { ufrag: 'wxyz', pwd: 'p'.repeat(24) };

  test('takes the place of the one before, with its candidates', () => {
    const next = withTransport(OFFER, {
      credentials: CREDENTIALS,
      candidates: [{ candidate: 'candidate:9 1 UDP 1 192.0.2.9 9 typ host' }],
    });
    expect(next.match(/^a=ice-(ufrag|pwd):.*$/gm)).toEqual([
      'a=ice-ufrag:wxyz',
      `a=ice-pwd:${CREDENTIALS.pwd}`,
      'a=ice-ufrag:wxyz',
      `a=ice-pwd:${CREDENTIALS.pwd}`,
    ]);
    expect(next.match(/^a=candidate:.*$/gm)).toEqual(['a=candidate:9 1 UDP 1 192.0.2.9 9 typ host']);
    expect(next.indexOf('a=candidate')).toBeLessThan(next.indexOf('m=video'));
    expect(next).not.toContain('end-of-candidates');
    expect(next).toContain('a=fingerprint:sha-256 AA\r\n');
  });

  test('may have another certificate', () => {
    const next = withTransport(OFFER, { candidates: [], fingerprint: 'sha-256 BB', setup: 'active' });
    expect(next.match(/^a=(fingerprint|setup):.*$/gm)).toEqual([
      'a=fingerprint:sha-256 BB',
      'a=setup:active',
      'a=fingerprint:sha-256 BB',
      'a=setup:active',
    ]);
    expect(credentialsOf(next)).toEqual({ ufrag: 'abcd', pwd: PWD });
  });

  test('is told in a fragment, which says the same when it is read', () => {
    const answer = OFFER.replace('m=audio 9', 'm=audio 0');
    const fragment = fragmentOf(answer);
    expect(fragment).toBe(
      lines(
        ...['a=group:BUNDLE 0 1', 'a=fingerprint:sha-256 AA', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:1'],
        ...['a=ice-ufrag:abcd', `a=ice-pwd:${PWD}`, 'a=setup:actpass'],
      ),
    );
    expect(parseFragment(fragment)).toEqual({
      credentials: { ufrag: 'abcd', pwd: PWD },
      fingerprint: 'sha-256 AA',
      setup: 'actpass',
      candidates: [],
    });
  });
});

describe('candidates', () => {
  test('stand in the first section that is alive, each once', () => {
    const more = ['candidate:1 1 UDP 1 192.0.2.1 1 typ host', 'candidate:2 1 UDP 1 192.0.2.2 2 typ host'];
    const answer = withCandidates(OFFER, [...more, ...more]);
    expect(answer.match(/^a=candidate:\d/gm)).toEqual(['a=candidate:1', 'a=candidate:2']);
    expect(answer.indexOf('a=candidate:2')).toBeLessThan(answer.indexOf('m=video'));
    const rejected = OFFER.replace('m=audio 9', 'm=audio 0');
    const later = withCandidates(rejected, [more[1] ?? '']);
    expect(later.indexOf('a=candidate:2')).toBeGreaterThan(later.indexOf('m=video'));
  });

  test('of a fragment are of the section before them', () => {
    const fragment = lines(
      'a=ice-ufrag:abcd',
      `a=ice-pwd:${PWD}`,
      'm=audio 9 UDP/TLS/RTP/SAVPF 0',
      'a=mid:0',
      'a=candidate:1',
      'm=video 9 UDP/TLS/RTP/SAVPF 0',
      'a=mid:1',
      'a=candidate:2',
      'm=video 9 UDP/TLS/RTP/SAVPF 0',
      'a=candidate:3',
    );
    expect(parseFragment(fragment)?.candidates).toEqual([
      { candidate: 'candidate:1', mid: '0' },
      { candidate: 'candidate:2', mid: '1' },
      { candidate: 'candidate:3' },
    ]);
  });

  test('are so many and so long at most', () => {
    const long = `a=candidate:${'x'.repeat(2_000)}`;
    const fragment = parseFragment(lines(long, ...Array.from({ length: 1_000 }, (_, index) => `a=candidate:${index}`)));
    expect(fragment?.candidates).toHaveLength(64);
    expect(fragment?.candidates[0]?.candidate).toBe('candidate:0');
  });
});

test('nothing that arrives makes any of it fail', () => {
  const words = ['v=0', 'm=audio 9 x 0', 'm=video 0 x 0', 'a=mid:0', 'a=ice-ufrag:abcd', `a=ice-pwd:${PWD}`, 'a=', '='];
  const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' })), { maxLength: 20 });
  fc.assert(
    fc.property(text, text, fc.constantFrom('\r\n', '\n', '\r'), (one, other, end) => {
      const [offer, answer] = [one.join(end), other.join(end)];
      const fragment = parseFragment(answer) ?? { candidates: [] };
      objectionTo(offer, 'send');
      turnedDown(offer, answer);
      expect(typeof fragmentOf(withTransport(offer, fragment))).toBe('string');
    }),
    { numRuns: 500, seed: SEED },
  );
});
