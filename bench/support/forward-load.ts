import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StreamId } from '../../src/core/stream.ts';
import type { FromWorker, RoomCommand, ToWorker } from '../../src/media/sfu/messages.ts';
import { Pipe } from '../../src/media/sfu/pipe.ts';
import { parseDescription } from '../../src/media/sfu/sdp/parse.ts';
import { ReceivedSource } from './received-source.ts';
import { quantile } from './table.ts';

/**
 * Publishers and receivers around a process that forwards, which is started here. Arguments: its script, how many
 * publish, how many receive each of them, packets a second of each publisher, seconds of measuring.
 */
const [script = '', ...numbers] = process.argv.slice(2);
const [PUBLISHERS = 1, RECEIVERS = 1, RATE = 1, SECONDS = 1] = numbers.map(Number);

export interface ForwardReport {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly cpuMicroseconds: number;
  readonly bytesPerReceiver: number;
  readonly p50: number;
  readonly p99: number;
}

const SIZE = 1200;
const HEADER = 12;
const PACKETS_PER_KEYFRAME = 200;

const worker = fork(fileURLToPath(new URL(script, import.meta.url)), [], { execArgv: [] });
const publishers = new Map<StreamId, Publisher>();
const receivers = new Map<string, Receiver>();
let latencies: number[] = [];

class Publisher {
  readonly pipe = newPipe(() => {});
  readonly ssrc: number;
  sequence = 0;
  timestamp = 0;

  constructor(ssrc: number) {
    this.ssrc = ssrc;
  }

  offer(): string {
    const { local } = this.pipe;
    return description(local, [
      'm=video 9 UDP/TLS/RTP/SAVPF 120',
      'c=IN IP4 0.0.0.0',
      'a=mid:0',
      'a=sendonly',
      'a=rtpmap:120 VP8/90000',
      `a=ssrc:${this.ssrc} cname:c`,
    ]);
  }

  send(): void {
    const packet = Buffer.alloc(SIZE, 1);
    const isKey = this.sequence % PACKETS_PER_KEYFRAME === 0;
    const isStart = this.sequence % 20 === 0;
    packet[0] = 0x80;
    packet[1] = 120 | (this.sequence % 20 === 19 ? 0x80 : 0);
    packet.writeUInt16BE(this.sequence & 0xffff, 2);
    packet.writeUInt32BE(this.timestamp, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    packet[HEADER] = isStart ? 0x10 : 0;
    packet[HEADER + 1] = isKey ? 0 : 1;
    packet.writeDoubleBE(performance.now(), HEADER + 10);
    this.sequence += 1;
    if (this.sequence % 20 === 0) this.timestamp = (this.timestamp + 3000) >>> 0;
    this.pipe.send(packet);
  }
}

class Receiver {
  pipe: Pipe | undefined;
  readonly source = new ReceivedSource();

  answer(sdp: string): string {
    const { transport, candidates = [], mid = '0' } = parseDescription(sdp).sections[0] ?? {};
    if (!transport) throw new Error('no transport');
    this.pipe = Pipe.answering(
      transport,
      pipeOptions((packet) => this.#take(packet)),
    );
    for (const candidate of candidates) this.pipe.addCandidate({ candidate });
    return description(this.pipe.local, [
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'c=IN IP4 0.0.0.0',
      `a=mid:${mid}`,
      'a=recvonly',
      'a=rtpmap:96 VP8/90000',
    ]);
  }

  report(): void {
    const report = this.source.report(performance.now());
    if (report) this.pipe?.send(report);
  }

  #take(packet: Buffer): void {
    if (packet.length < SIZE) {
      this.source.hear(packet, performance.now());
      return;
    }
    this.source.take(packet);
    if (this.source.received % 16 === 0)
      latencies.push(performance.now() - packet.readDoubleBE(packet.length - SIZE + HEADER + 10));
  }
}

worker.on('message', (message: FromWorker) => {
  if (message.type === 'failed') throw new Error(message.error);
  if (message.type !== 'event') return;
  const { event } = message;
  if (event.type === 'answered') answered(event.stream, event.sdp);
  if (event.type === 'receiver-candidate') {
    receivers.get(`${event.stream}/${event.to}`)?.pipe?.addCandidate(event.candidate);
  }
  if (event.type === 'offered') offered(event.stream, event.to, event.offer.sdp);
});

say({ type: 'begin', network: { announced: [], relayOnly: false, bindAddress: '127.0.0.1' } });
say({ type: 'open', room: 1 });
for (let i = 0; i < PUBLISHERS; i += 1) {
  const publisher = new Publisher(1000 + i);
  publishers.set(`s${i}`, publisher);
  order({ type: 'publish', stream: `s${i}`, offer: { sdp: publisher.offer() }, codecs: ['vp8'] });
}
await until(() => [...publishers.values()].every(({ pipe }) => pipe.isOpen));
const before = residentBytes();
for (const stream of publishers.keys()) {
  for (let i = 0; i < RECEIVERS; i += 1) {
    receivers.set(`${stream}/r${i}`, new Receiver());
    order({ type: 'forward', stream, to: `r${i}`, wanted: { audio: true, video: 'high' } });
  }
}
await until(() => [...receivers.values()].every(({ pipe }) => pipe?.isOpen));
const began = performance.now();
let ticks = 0;
setInterval(() => {
  const due = Math.floor(((performance.now() - began) * RATE) / 1000);
  for (; ticks < due; ticks += 1) for (const publisher of publishers.values()) publisher.send();
}, 2);
reportInTurn([...receivers.values()]);
await until(() => [...receivers.values()].every(({ source }) => source.received > 0));
await sleep(2000);
const start = { ticks, cpu: cpuSeconds(), ...sums() };
latencies = [];
await sleep(SECONDS * 1000);
const end = { ticks, cpu: cpuSeconds(), ...sums() };
latencies.sort((a, b) => a - b);
process.send?.({
  type: 'report',
  sent: (end.ticks - start.ticks) * PUBLISHERS * RECEIVERS,
  received: end.received - start.received,
  lost: end.lost - start.lost,
  cpuMicroseconds: (end.cpu - start.cpu) * 1e6,
  bytesPerReceiver: (residentBytes() - before) / receivers.size,
  p50: quantile(latencies, 0.5),
  p99: quantile(latencies, 0.99),
} satisfies ForwardReport & { type: 'report' });
worker.kill('SIGKILL');
// The library's threads would take their time to end.
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200);

function answered(stream: StreamId, sdp: string): void {
  const section = parseDescription(sdp).sections[0];
  const pipe = publishers.get(stream)?.pipe;
  if (!section?.transport || !pipe) throw new Error('no answer');
  pipe.accept(section.transport);
  for (const candidate of section.candidates) pipe.addCandidate({ candidate });
  for (const candidate of pipe.candidates) order({ type: 'publisher-candidate', stream, candidate: { candidate } });
}

function offered(stream: StreamId, to: string, sdp: string): void {
  const receiver = receivers.get(`${stream}/${to}`);
  if (!receiver) return;
  order({ type: 'answer', stream, to, sdp: receiver.answer(sdp) });
  for (const candidate of receiver.pipe?.candidates ?? []) {
    order({ type: 'receiver-candidate', stream, to, candidate: { candidate } });
  }
}

function sums(): { readonly received: number; readonly lost: number } {
  const all = [...receivers.values()];
  return {
    received: all.reduce((sum, { source }) => sum + source.received, 0),
    lost: all.reduce((sum, { source }) => sum + source.lost, 0),
  };
}

/** Each once a second, and not all of them at the same moment. */
function reportInTurn(all: readonly Receiver[]): void {
  const from = performance.now();
  let reports = 0;
  setInterval(() => {
    const due = Math.floor(((performance.now() - from) * all.length) / 1000);
    for (; reports < due; reports += 1) all[reports % all.length]?.report();
  }, 10);
}

function newPipe(onPacket: (packet: Buffer) => void): Pipe {
  return Pipe.offering(pipeOptions(onPacket));
}

function pipeOptions(onPacket: (packet: Buffer) => void) {
  const network = { announced: [], relayOnly: false, bindAddress: '127.0.0.1' };
  return { network, iceServers: [], onPacket, onOpen: () => {}, onLost: () => {}, onCandidate: () => {} };
}

function description({ ufrag, pwd, fingerprint, setup }: Pipe['local'], lines: readonly string[]): string {
  const shared = [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`, `a=setup:${setup}`, 'a=rtcp-mux'];
  const session = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0'];
  return [...session, ...lines, `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`, ...shared, ''].join(
    '\r\n',
  );
}

function order(command: RoomCommand): void {
  say({ type: 'command', room: 1, command });
}

function say(message: ToWorker): void {
  worker.send(message);
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await sleep(10);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${worker.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentBytes(): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
