import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../testing/media-stage.ts';
import { Pipe, type PipeOptions } from './pipe.ts';
import type { TransportParameters } from './sdp/description.ts';
import { SideDoor } from './side-door/side-door.ts';

const pipes: Pipe[] = [];
const doors: SideDoor[] = [];
afterEach(() => {
  for (const pipe of pipes.splice(0)) pipe.close();
  for (const door of doors.splice(0)) door.close();
});

interface End {
  readonly options: PipeOptions;
  readonly packets: Buffer[];
  readonly candidates: string[];
  opened: number;
  lost: number;
}

function end(): End {
  const packets: Buffer[] = [];
  const candidates: string[] = [];
  const made: End = {
    ...{ packets, candidates, opened: 0, lost: 0 },
    options: {
      network: { announced: [], relayOnly: false, bindAddress: '127.0.0.1' },
      iceServers: [],
      onPacket: (packet) => packets.push(packet),
      onOpen: () => {
        made.opened += 1;
      },
      onLost: () => {
        made.lost += 1;
      },
      onCandidate: (candidate) => candidates.push(candidate),
    },
  };
  return made;
}

type Tamper = (transport: TransportParameters) => TransportParameters;
const asTheyAre: Tamper = (transport) => transport;
const forged: Tamper = (transport) => ({
  ...transport,
  fingerprint: { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') },
});

/** What the offering end says goes through one, and what the answering end says through the other. */
function joined(offer: Tamper, answer: Tamper) {
  const [left, right] = [end(), end()];
  const offering = Pipe.offering(left.options);
  const answering = Pipe.answering(offer(offering.local), right.options);
  pipes.push(offering, answering);
  offering.accept(answer(answering.local));
  const pass = () => {
    for (const candidate of left.candidates.splice(0)) answering.addCandidate({ candidate });
    for (const candidate of right.candidates.splice(0)) offering.addCandidate({ candidate });
    return true;
  };
  return { left, right, offering, answering, pass };
}

const RTP = Buffer.concat([Buffer.of(0x80, 96, 0, 1), Buffer.alloc(20, 7)]);

const HOST = 'candidate:1 1 udp 2122265343 192.0.2.7 9 typ host';
const RELAY = 'candidate:2 1 udp 25042943 192.0.2.7 9 typ relay raddr 0.0.0.0 rport 0';

/** The ports and preferences that the answering end tells of. */
async function told(sideDoor: SideDoor, options: Partial<PipeOptions>, candidate: string) {
  const [left, right] = [end(), end()];
  const offering = Pipe.offering(left.options);
  const answering = Pipe.answering(offering.local, { ...right.options, sideDoor, ...options });
  pipes.push(offering, answering);
  answering.addCandidate({ candidate });
  const door = await new Promise<number>((resolve) => sideDoor.whenOpen(resolve));
  await until(() => right.candidates.length > 0, 'candidates');
  const ways = right.candidates.map((line) => line.split(' '));
  return { door, ways: ways.map(([, , , priority, , port]) => ({ port: Number(port), priority: Number(priority) })) };
}

describe('a pipe with a side door', () => {
  function newDoor(): SideDoor {
    const door = new SideDoor({ bindAddress: '127.0.0.1', now: () => 0 });
    doors.push(door);
    return door;
  }

  it('tells of it, last of all, whoever may come by a TURN server', async () => {
    const sideDoor = newDoor();
    const { door, ways } = await told(sideDoor, {}, RELAY);
    expect(ways).toHaveLength(2);
    const [least] = [...ways].sort((a, b) => a.priority - b.priority);
    expect(least?.port).toBe(door);
  });

  it('tells nobody else', async () => {
    const { door, ways } = await told(newDoor(), {}, HOST);
    expect(ways.map(({ port }) => port)).not.toContain(door);
  });

  it('tells of nothing else, where it is the only way', async () => {
    const { door, ways } = await told(newDoor(), { isBySideDoorOnly: true }, HOST);
    expect(ways.map(({ port }) => port)).toEqual([door]);
  });
});

describe('Pipe', () => {
  it('opens at both ends, however quick the other end is', async () => {
    for (let time = 0; time < 6; time += 1) {
      const { left, right, offering, pass } = joined(asTheyAre, asTheyAre);
      await until(() => pass() && left.opened === 1 && right.opened === 1, 'both ends');
      await until(() => offering.send(RTP) && right.packets.length > 0, 'a packet');
      expect([left.lost, right.lost]).toEqual([0, 0]);
    }
  });

  it.each([
    ['answers', forged, asTheyAre, 'answering'],
    ['offers', asTheyAre, forged, 'offering'],
  ] as const)('who %s lets nobody in whose certificate is not the promised one', async (_who, offer, answer, wary) => {
    const both = joined(offer, answer);
    const own = wary === 'answering' ? both.right : both.left;
    const other = wary === 'answering' ? both.offering : both.answering;
    await until(() => both.pass() && (other.send(RTP) || true) && own.lost > 0, 'the end of it');
    expect(own.opened).toBe(0);
    expect(own.packets).toEqual([]);
    expect(both[wary].isOpen).toBe(false);
    expect(both[wary].send(RTP)).toBe(false);
  });
});
