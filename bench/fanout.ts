import { type Measured, messageFrom, sleep, startParlour, startScript } from './support/processes.ts';
import { printTable, quantile } from './support/table.ts';
import { loadWire } from './support/wires.ts';

const MEMBERS = 1000;
const PER_PROCESS = 250;
const MESSAGES_PER_SECOND = 50;
const WARM_UP_MS = 3000;
const WINDOW_MS = 10_000;
const GOAL = 1.25;

const CONFIG = `
log_level = "error"
[limits]
connections_per_address = 0
messages_burst = 1000
messages_per_second = 1000
logins_per_minute_per_address = 100000
requests_per_minute_per_address = 100000
people_per_address = 100000
[accounts]
per_hour_per_address = 100000
`;

interface Report {
  readonly type: 'report';
  readonly received: number;
  readonly latencies: readonly number[];
}

interface Measurement {
  readonly cpuMicroseconds: number;
  readonly deliveries: number;
  readonly latencies: readonly number[];
}

/**
 * 1,000 members of one room on one wire, BareRTC's unless said, 50 messages a second: CPU of the server per delivery, against `ws`
 * alone sending one shared buffer to as many sockets.
 */
export async function fanout(wire: string = 'barertc'): Promise<boolean> {
  const { sample, isPersonal = false } = loadWire(wire);
  const floor = await measureFloor(sample);
  const parlour = await measureParlour(wire);
  const perDelivery = (result: Measurement) => result.cpuMicroseconds / result.deliveries;
  const ratio = perDelivery(parlour) / perDelivery(floor);
  const sorted = [...parlour.latencies].sort((a, b) => a - b);
  printTable(
    `fanout: ${MEMBERS} members on the wire of ${wire}, ${MESSAGES_PER_SECOND} messages/s, ${WINDOW_MS / 1000} s`,
    [
      ['deliveries, floor', String(floor.deliveries)],
      ['deliveries, Parlour', `${parlour.deliveries} of ${(MEMBERS * MESSAGES_PER_SECOND * WINDOW_MS) / 1000}`],
      ['CPU per delivery, floor', `${perDelivery(floor).toFixed(2)} µs`],
      ['CPU per delivery, Parlour', `${perDelivery(parlour).toFixed(2)} µs`],
      ['ratio', `${ratio.toFixed(2)} (${isPersonal ? 'each frame names its receiver' : `goal: at most ${GOAL}`})`],
      ['latency p50', `${quantile(sorted, 0.5).toFixed(1)} ms`],
      ['latency p99', `${quantile(sorted, 0.99).toFixed(1)} ms`],
    ],
  );
  return isPersonal || ratio <= GOAL;
}

async function measureFloor(sample: string): Promise<Measurement> {
  const server = await startScript('./bare-floor.ts', [String(MESSAGES_PER_SECOND)]);
  const loads = await startLoads(server.ready, 'silent');
  server.child.send({ type: 'start', text: sample });
  const result = await window(server, loads);
  for (const load of loads) await load.stop();
  await server.stop();
  return result;
}

async function measureParlour(wire: string): Promise<Measurement> {
  const server = await startParlour(CONFIG);
  const loads = await startLoads(server.url, wire);
  for (const load of loads) load.child.send({ type: 'post', perSecond: MESSAGES_PER_SECOND / loads.length });
  const result = await window(server, loads);
  for (const load of loads) load.child.kill('SIGKILL');
  await server.stop();
  return result;
}

type Load = Awaited<ReturnType<typeof startScript>>;

async function startLoads(url: string, mode: string): Promise<Load[]> {
  const loads: Load[] = [];
  for (let first = 0; first < MEMBERS; first += PER_PROCESS) {
    loads.push(await startScript('./fanout-load.ts', [url, String(PER_PROCESS), String(first), mode]));
  }
  return loads;
}

async function window(server: Measured, loads: readonly Load[]): Promise<Measurement> {
  await sleep(WARM_UP_MS);
  for (const load of loads) load.child.send({ type: 'reset' });
  const cpu = server.cpuSeconds();
  await sleep(WINDOW_MS);
  const cpuMicroseconds = (server.cpuSeconds() - cpu) * 1e6;
  const reports = await Promise.all(
    loads.map((load) => {
      const report = messageFrom<Report>(load.child, 'report');
      load.child.send({ type: 'report' });
      return report;
    }),
  );
  return {
    cpuMicroseconds,
    deliveries: reports.reduce((sum, report) => sum + report.received, 0),
    latencies: reports.flatMap((report) => report.latencies),
  };
}
