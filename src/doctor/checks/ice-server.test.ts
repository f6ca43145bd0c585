import { describe, expect, test } from 'vitest';
import { linesOf } from '../report.ts';
import type { TurnFault } from '../turn-client/turn-error.ts';
import { iceListFindings } from './ice-list.ts';
import { type IceProbe, type IceServerUrl, iceServerFindings } from './ice-server.ts';

const UDP: IceServerUrl = {
  url: { scheme: 'turn', host: 'turn.example', port: 3478, transport: 'udp' },
  ...{ source: '[ice]', login: 'timed', username: '1:doctor', credential: 'very secret' },
};
const TLS: IceServerUrl = { ...UDP, url: { ...UDP.url, port: 5349, transport: 'tls' } };
const RELAY: IceProbe = {
  ...{ kind: 'turn', isOpenToAnybody: false, inward: [] },
  reached: [{ address: '192.168.1.5', outcome: 'arrived' }],
};

const said = (server: IceServerUrl, probe: IceProbe) =>
  iceServerFindings(server, probe).map(({ level, what, advice = '' }) => `${level} ${what} | ${advice}`);

describe('a TURN server', () => {
  test('that lets us in, relays to us and to nothing within is well', () => {
    expect(iceServerFindings(UDP, RELAY).map(({ level }) => level)).toEqual(['ok', 'ok', 'ok']);
  });

  test('that lets anybody in is not', () => {
    expect(said(UDP, { ...RELAY, isOpenToAnybody: true })[0]).toMatch(/^fail .*without a login/);
  });

  test('whose password every visitor learns could be better', () => {
    expect(said({ ...UDP, login: 'static' }, RELAY)[0]).toMatch(/^warn .*every visitor learns.*turn_secret/);
  });

  test('that leads into the network is an open door', () => {
    expect(said(UDP, { ...RELAY, inward: ['127.0.0.1', '10.254.254.254'] })[2]).toMatch(
      /^warn .*127\.0\.0\.1, 10\.254\.254\.254.*denied-peer-ip/,
    );
  });

  test('that does not reach our streams says why', () => {
    const reached = (outcome: 'forbidden' | 'lost' | 'permitted') =>
      said(UDP, { ...RELAY, reached: [{ address: '192.168.1.5', outcome }] })[1];
    expect(reached('forbidden')).toMatch(/^fail .*own address.*allowed-peer-ip=192\.168\.1\.5$/);
    expect(reached('lost')).toMatch(/^fail .*does not arrive.*firewall/);
    expect(reached('permitted')).toMatch(/^ok .*not tried/);
  });

  test.each<[TurnFault, number | undefined, IceServerUrl, RegExp]>([
    ['unreachable', undefined, UDP, /UDP port 3478/],
    ['silent', undefined, TLS, /TCP port 5349/],
    ['certificate', undefined, TLS, /renew/],
    ['garbled', undefined, TLS, /right port.*5349/],
    ['refused', 401, UDP, /static-auth-secret.*clock/],
    ['refused', 401, { ...UDP, login: 'static' }, /lt-cred-mech/],
    ['refused', 401, { ...UDP, login: 'none' }, /set turn_secret/],
    ['refused', 486, UDP, /user-quota/],
  ])('that cannot be used (%s %s) comes with advice', (fault, code, server, advice) => {
    const probe = { kind: 'failed', fault, reason: 'so', ...(code === undefined ? {} : { code }) } as const;
    expect(said(server, probe)).toEqual([expect.stringMatching(new RegExp(`^fail .*${advice.source}`))]);
  });

  test('is told without its login', () => {
    for (const probe of [RELAY, { kind: 'failed', fault: 'refused', code: 401, reason: '401 no' }] as const) {
      const text = iceServerFindings(UDP, probe).flatMap(linesOf).join('\n');
      expect(text).toContain('TURN turn.example:3478 over UDP');
      expect(text).not.toMatch(/very secret|1:doctor/);
    }
  });
});

describe('all of them together', () => {
  const list = (probed: Parameters<typeof iceListFindings>[0]['probed'], relayOnly = false) =>
    iceListFindings({ probed, relayOnly, unreadable: [] }).map(({ level, what }) => `${level} ${what}`);

  test('serve networks without UDP, or do not', () => {
    expect(list([])).toEqual([expect.stringMatching(/^warn no STUN/)]);
    expect(list([{ server: UDP, probe: RELAY }])).toEqual([expect.stringMatching(/^warn .*no UDP/)]);
    expect(list([{ server: TLS, probe: RELAY }])).toEqual([expect.stringMatching(/^ok /)]);
    const broken = { kind: 'failed', fault: 'silent', reason: '' } as const;
    expect(list([{ server: TLS, probe: broken }])).toEqual([expect.stringMatching(/^warn .*no UDP/)]);
  });

  test('have a way for our own end, where all goes by them', () => {
    expect(list([{ server: TLS, probe: RELAY }], true)[1]).toMatch(/^fail .*relay_only/);
    expect(list([{ server: UDP, probe: RELAY }], true)[1]).toMatch(/^ok /);
  });

  test.each([
    ['turn:name:very secret@turn.example:3478', '"turn:…@turn.example:3478"'],
    ['turns://name:very@secret@turn.example', '"turns:…@turn.example"'],
    ['name:very secret@turn.example', '"name:…@turn.example"'],
    ['turn:turn.example?transport=udp&secret=very secret', '"turn:turn.example?transport=udp&secret=…"'],
  ])('that is written with its login (%s) is told without', (url, told) => {
    const [one] = iceListFindings({ probed: [], relayOnly: false, unreadable: [url] });
    expect(one?.what).toContain(told);
    expect(JSON.stringify(one)).not.toContain('secret@');
  });

  test('are written as they must be', () => {
    const [one] = iceListFindings({ probed: [], relayOnly: false, unreadable: ['turns:a?transport=udp'] });
    expect(one).toMatchObject({ level: 'fail', what: expect.stringContaining('turns:a?transport=udp') });
  });
});
