import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ForwardReport } from './support/forward-load.ts';
import { messageFrom } from './support/processes.ts';
import { printTable } from './support/table.ts';

const GOAL = 1.3;
/** What is not there when the time is over waits somewhere: a machine with other things to do measures nothing. */
const ARRIVED = 0.99;
const SECONDS = 8;
const ROUNDS = 2;
const FLOOR = './bare-forwarder.ts';
const PARLOUR = '../../src/media/sfu/worker-main.ts';

interface Scenario {
  readonly name: string;
  readonly publishers: number;
  readonly receivers: number;
  readonly rate: number;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'one to a hundred', publishers: 1, receivers: 100, rate: 1000 },
  { name: 'ten to all others', publishers: 10, receivers: 9, rate: 250 },
];

/**
 * Streams of packets of 1,200 bytes through the process that forwards: its CPU per packet that goes out, against the
 * same connections with nothing done between them but the numbers that must be others. Turn by turn, as the machine
 * may have other things to do.
 */
export async function forward(): Promise<boolean> {
  let isGood = true;
  for (const scenario of SCENARIOS) isGood = (await measure(scenario)) && isGood;
  return isGood;
}

async function measure(scenario: Scenario): Promise<boolean> {
  const floor: ForwardReport[] = [];
  const parlour: ForwardReport[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    floor.push(await run(FLOOR, scenario));
    parlour.push(await run(PARLOUR, scenario));
  }
  const ratio = perPacket(parlour) / perPacket(floor);
  const lost = sum(parlour, 'lost');
  print(scenario, { floor, parlour, ratio, lost });
  return ratio <= GOAL && lost === 0 && arrived(parlour) >= ARRIVED;
}

function print(
  { name, publishers, receivers, rate }: Scenario,
  {
    floor,
    parlour,
    ratio,
    lost,
  }: {
    readonly floor: readonly ForwardReport[];
    readonly parlour: readonly ForwardReport[];
    readonly ratio: number;
    readonly lost: number;
  },
): void {
  const added = best(parlour, 'p99') - best(floor, 'p99');
  printTable(`forward: ${name} (${publishers} × ${receivers}), ${rate} packets/s each, ${ROUNDS} × ${SECONDS} s`, [
    ['packets, floor', `${sum(floor, 'received')} of ${sum(floor, 'sent')}`],
    ['packets, Parlour', `${sum(parlour, 'received')} of ${sum(parlour, 'sent')}`],
    ['arrived within the time', `${(arrived(parlour) * 100).toFixed(1)} % (goal: at least ${ARRIVED * 100} %)`],
    ['lost', `${lost} (floor: ${sum(floor, 'lost')})`],
    ['CPU per packet, floor', `${perPacket(floor).toFixed(2)} µs`],
    ['CPU per packet, Parlour', `${perPacket(parlour).toFixed(2)} µs`],
    ['ratio', `${ratio.toFixed(2)} (goal: at most ${GOAL})`],
    ['latency p50', `${best(parlour, 'p50').toFixed(2)} ms (floor: ${best(floor, 'p50').toFixed(2)} ms)`],
    ['latency p99', `${best(parlour, 'p99').toFixed(2)} ms (added: ${added.toFixed(2)} ms)`],
    ['memory per receiver', `${(best(parlour, 'bytesPerReceiver') / 1024).toFixed(0)} KiB`],
  ]);
}

async function run(script: string, { publishers, receivers, rate }: Scenario): Promise<ForwardReport> {
  const load = fileURLToPath(new URL('./support/forward-load.ts', import.meta.url));
  const child = fork(load, [script, publishers, receivers, rate, SECONDS].map(String), { execArgv: [] });
  return await messageFrom<ForwardReport & { readonly type: 'report' }>(child, 'report');
}

function perPacket(reports: readonly ForwardReport[]): number {
  return sum(reports, 'cpuMicroseconds') / sum(reports, 'received');
}

function arrived(reports: readonly ForwardReport[]): number {
  return sum(reports, 'received') / sum(reports, 'sent');
}

function sum(reports: readonly ForwardReport[], key: keyof ForwardReport): number {
  return reports.reduce((total, report) => total + report[key], 0);
}

function best(reports: readonly ForwardReport[], key: keyof ForwardReport): number {
  return Math.min(...reports.map((report) => report[key]));
}
