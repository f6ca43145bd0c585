import { describe, expect, test } from 'vitest';
import { mediaFindings } from './media.ts';

const PORTS = [20_000, 20_001, 20_002, 20_003];
const findings = (facts: Partial<Parameters<typeof mediaFindings>[0]>) =>
  mediaFindings({
    told: ['192.168.1.5'],
    announced: [],
    port: 0,
    ports: PORTS,
    publicAddresses: [],
    relayOnly: false,
    ...facts,
  });
const problems = (facts: Partial<Parameters<typeof mediaFindings>[0]>) =>
  findings(facts).filter(({ level }) => level === 'warn' || level === 'fail');

describe('addresses for streams', () => {
  test('that are private do in a private network', () => {
    expect(problems({ publicHost: 'chat.home', publicAddresses: ['192.168.1.5'] })).toEqual([]);
    expect(problems({ publicHost: 'localhost', publicAddresses: ['127.0.0.1'] })).toEqual([]);
    expect(findings({}).map(({ what }) => what)).toContain(
      'browsers are told to send streams to 192.168.1.5 (private)',
    );
  });

  test('that are private are of no use to the world: the advice is what to write', () => {
    const [one, ...more] = problems({ publicHost: 'chat.example.org', publicAddresses: ['93.184.216.34'] });
    expect(one).toMatchObject({ level: 'fail', what: expect.stringContaining('nobody outside') });
    expect(one?.advice).toMatch(/port = 20000 and addresses = \["93\.184\.216\.34"\].*UDP ports 20000 to 20003 on/);
    expect(more).toEqual([]);
  });

  test('that are the public ones are well', () => {
    const told = ['10.0.0.2', '93.184.216.34'];
    expect(problems({ told, publicHost: 'chat.example.org', publicAddresses: ['93.184.216.34'] })).toEqual([]);
    expect(problems({ told, publicHost: 'chat.example.org', publicAddresses: ['93.184.216.99'] })).toMatchObject([
      { level: 'warn', what: expect.stringContaining('elsewhere') },
    ]);
  });

  test('need a port that stays where a router passes it on', () => {
    const announced = ['93.184.216.34'];
    expect(problems({ announced, told: announced })).toMatchObject([
      { level: 'fail', advice: expect.stringContaining('UDP ports 20000 to 20003 on') },
    ]);
    expect(problems({ announced, told: announced, port: 20_000 })).toEqual([]);
  });

  test('are addresses', () => {
    expect(problems({ announced: ['chat.example.org'], port: 1 })[0]?.what).toContain('"chat.example.org"');
  });

  test('are none where forwarding does not start', () => {
    expect(problems({ told: { problem: 'no library' } })).toMatchObject([{ level: 'fail' }]);
    expect(problems({ told: [] })).toMatchObject([{ level: 'fail' }]);
  });

  test('do not matter where all goes by TURN', () => {
    const facts = { publicHost: 'chat.example.org', publicAddresses: ['93.184.216.34'], relayOnly: true };
    expect(problems(facts)).toEqual([]);
  });
});
