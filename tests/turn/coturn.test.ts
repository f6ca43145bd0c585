import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Transport } from '../../src/doctor/turn-client/ice-url.ts';
import { TurnClient, type TurnClientOptions } from '../../src/doctor/turn-client/turn-client.ts';
import { type Coturn, machineAddress, startCoturn } from '../support/coturn.ts';

/** coturn with the text of docs/operations.md, asked by our own client. */
let coturn: Coturn;
beforeAll(async () => {
  coturn = await startCoturn();
});
afterAll(() => coturn.close());

function open(transport: Transport, options: Partial<TurnClientOptions> = {}): Promise<TurnClient> {
  return TurnClient.open({
    url: { host: coturn.address, port: transport === 'tls' ? coturn.tlsPort : coturn.port, transport },
    ...{ ca: coturn.ca, timeoutMs: 10_000, random: randomBytes, login: coturn.login(), ...options },
  });
}

const WAYS = ['udp', 'tcp', 'tls'] as const;

describe('coturn as documented', () => {
  test.each(WAYS)('tells us our address over %s', async (transport) => {
    const client = await open(transport);
    expect((await client.binding()).address).toBe(coturn.address);
    await client.close();
  });

  test.each(WAYS)('relays over %s to the machine itself, there and back', async (transport) => {
    const heard: string[] = [];
    const client = await open(transport, { onData: (from, data) => heard.push(`${from.port} ${data}`) });
    const { relayed, isOpenToAnybody } = await client.allocate();
    expect(relayed.address).toBe(coturn.address);
    expect(isOpenToAnybody).toBe(false);
    await client.permit(coturn.address);
    const peer = createSocket('udp4').bind(0, coturn.address);
    await once(peer, 'listening');
    const arrived = once(peer, 'message');
    const { port } = peer.address();
    client.send({ address: coturn.address, port }, Buffer.from('there'));
    const [data] = await arrived;
    expect(String(data)).toBe('there');
    peer.send('back', relayed.port, relayed.address);
    await expect.poll(() => heard).toEqual([`${port} back`]);
    peer.close();
    await client.close();
  });

  test.each([
    ...['127.0.0.1', '127.8.9.1', '0.0.0.0', '169.254.169.254', '10.0.0.1', '172.20.3.4', '192.168.1.1'],
    ...['100.64.0.1', '192.0.0.8', '198.18.0.1', '224.0.0.251', '255.255.255.255'],
  ])('refuses to relay to %s', async (address) => {
    const client = await open('udp');
    await client.allocate();
    await expect(client.permit(address)).rejects.toMatchObject({ fault: 'refused', code: 403 });
    await client.close();
  });

  test
    .skipIf(machineAddress('IPv6') === undefined)
    .each([
      ...['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::7f00:1'],
      ...['2002:7f00:1::1', '2001::7f00:1', '100::1', 'fc00::1', 'fd12::1', 'fe80::1', 'ff02::1'],
    ])('refuses to relay to %s', async (address) => {
    const client = await open('udp');
    await client.allocate({ family: 6 });
    await expect(client.permit(address)).rejects.toMatchObject({ fault: 'refused', code: 403 });
    await client.permit('2001:db8::1');
    await client.close();
  });

  test('relays to an address elsewhere, as that is what it is for', async () => {
    const client = await open('udp');
    await client.allocate();
    await client.permit('203.0.113.5');
    await client.close();
  });

  test('lets nobody in without a login, with a wrong one, or one whose time is up', async () => {
    const wrong = { ...coturn.login(), password: 'guessed' };
    for (const login of [undefined, wrong, coturn.login('late', -60)]) {
      const client = await open('udp', login ? { login } : { login: undefined as never });
      await expect(client.allocate()).rejects.toMatchObject({ fault: 'refused', code: 401 });
      await client.close();
    }
  });
});

describe('its quotas', () => {
  test('set max-bps aside for each allocation, of bps-capacity', async () => {
    await using small = await startCoturn({ settings: { 'max-bps': '1000', 'bps-capacity': '2000' } });
    const url = { host: small.address, port: small.port, transport: 'udp' } as const;
    const clients: TurnClient[] = [];
    const allocate = async () => {
      const client = await TurnClient.open({ url, login: small.login(), timeoutMs: 10_000, random: randomBytes });
      clients.push(client);
      return client.allocate();
    };
    for (let time = 0; time < 2; time += 1) await allocate();
    await expect(allocate()).rejects.toMatchObject({ fault: 'refused', code: 486 });
    await Promise.all(clients.map((client) => client.close()));
  });

  test('bound how many allocations one login has, and not those of others', async () => {
    await using small = await startCoturn({ settings: { 'user-quota': '2' } });
    const [one, other] = [small.login('one'), small.login('other')];
    const url = { host: small.address, port: small.port, transport: 'udp' } as const;
    const outcomes: (number | string | undefined)[] = [];
    const clients: TurnClient[] = [];
    for (const login of [one, one, one, other]) {
      const client = await TurnClient.open({ url, login, timeoutMs: 10_000, random: randomBytes });
      clients.push(client);
      outcomes.push(
        await client.allocate().then(
          () => 'allocated',
          ({ code }) => code,
        ),
      );
    }
    expect(outcomes).toEqual(['allocated', 'allocated', 486, 'allocated']);
    await Promise.all(clients.map((client) => client.close()));
  });
});
