import { describe, expect, test } from 'vitest';
import { en } from '../../i18n/en.ts';
import { type CheckFacts, checkFindings } from './findings.ts';

const FACTS: CheckFacts = {
  ...{ isSecure: true, camera: 'granted', microphone: 'granted', socketMs: 40 },
  network: { hasHost: true, udp: 'open' },
  relays: [{ way: 'tcp', loopMs: 80 }],
};
const NO_UDP = { hasHost: true, udp: 'blocked' } as const;

const found = (facts: Partial<CheckFacts>) =>
  Object.fromEntries(checkFindings({ ...FACTS, ...facts }).map(({ id, level }) => [id, level]));

describe('what the check comes to', () => {
  test('is good where all is', () => {
    expect(found({})).toEqual({
      ...{ secure: 'good', camera: 'good', microphone: 'good', socket: 'good', udp: 'good' },
      ...{ 'relay-tcp': 'good', verdict: 'good' },
    });
  });

  test('is good where a relay stands in for UDP, and bad where none does', () => {
    expect(found({ network: NO_UDP })).toMatchObject({ udp: 'note', verdict: 'good' });
    const relays = [{ way: 'tcp', loopMs: undefined }] as const;
    expect(found({ network: NO_UDP, relays })).toMatchObject({ 'relay-tcp': 'note', verdict: 'bad' });
    expect(found({ network: NO_UDP, relays: [] })).toMatchObject({ verdict: 'bad' });
  });

  test('is open where there is no server to ask', () => {
    const network = { hasHost: true, udp: 'unknown' } as const;
    expect(found({ network, relays: [] })).toMatchObject({ udp: 'note', verdict: 'note' });
    // A relay that is reached says as much.
    expect(found({ network, relays: [{ way: 'udp', loopMs: 5 }] })).toMatchObject({ udp: 'good', verdict: 'good' });
  });

  test('is bad without a secure page, of whose devices nothing is said, and without a server', () => {
    expect(found({ isSecure: false })).toMatchObject({ secure: 'bad', verdict: 'bad' });
    expect(found({ isSecure: false })).not.toHaveProperty('camera');
    expect(found({ socketMs: undefined })).toMatchObject({ socket: 'bad', verdict: 'bad' });
    expect(found({ camera: 'denied' })).toMatchObject({ camera: 'bad', verdict: 'note' });
  });

  test('has words for everything', () => {
    const devices = ['granted', 'ask', 'denied', 'missing'] as const;
    const networks = (['open', 'blocked', 'unknown'] as const).flatMap((udp) =>
      [true, false].map((hasHost) => ({ hasHost, udp })),
    );
    const all = devices.flatMap((camera) =>
      networks.flatMap((network) =>
        [true, false].flatMap((isSecure) =>
          [undefined, 40, 900].flatMap((socketMs) => {
            const relays = [{ way: 'tls', loopMs: socketMs }] as const;
            return checkFindings({ isSecure, camera, microphone: camera, socketMs, network, relays });
          }),
        ),
      ),
    );
    for (const { text, advice } of all) {
      expect(en).toHaveProperty([text]);
      if (advice !== undefined) expect(en).toHaveProperty([advice]);
    }
  });
});
