import { messageFrom, type RunningServer, sleep, startParlour, startScript } from './support/processes.ts';
import { printTable } from './support/table.ts';
import { loadWire } from './support/wires.ts';

const MEMBERS = 1000;
const PER_PROCESS = 250;
const SPREAD_MS = 5000;
const GOAL_DELAY_MS = 50;
const PATIENCE_MS = 120_000;
/** The floor sends as many bytes to as many sockets in so many frames a second, for as long as the storm is. */
const FLOOR_PER_SECOND = 10;

const CONFIG = `
log_level = "error"
[limits]
connections_per_address = 0
logins_per_minute_per_address = 100000
requests_per_minute_per_address = 100000
people_per_address = 100000
[accounts]
per_hour_per_address = 100000
`;

interface Report {
  readonly type: 'report';
  readonly frames: number;
  readonly bytes: number;
  readonly complete: number;
  readonly last: number;
}

/**
 * 1,000 members of one wire, BareRTC's unless said, join one room within five seconds: what it costs, how late the event loop
 * is, and when all hold the final list. The floor for the CPU is `ws` alone, sending as many bytes to as many sockets.
 */
export async function joinstorm(wire: string = 'barertc'): Promise<boolean> {
  loadWire(wire);
  const server = await startParlour(CONFIG);
  const loads = await startLoads('./storm-load.ts', server.url, [String(MEMBERS), String(SPREAD_MS), wire]);
  await loopDelay(server);
  const cpu = server.cpuSeconds();
  const start = Date.now();
  for (const load of loads) load.child.send({ type: 'go' });
  await Promise.all(loads.map((load) => messageFrom(load.child, 'joined')));
  const joined = Date.now() - start;
  const result = await whenComplete(loads);
  const cpuSeconds = server.cpuSeconds() - cpu;
  const delay = await loopDelay(server);
  for (const load of loads) load.child.kill('SIGKILL');
  await server.stop();

  const took = result.last - start;
  const floor = await measureFloor(result.bytes, took);
  printTable(`joinstorm: ${MEMBERS} members on the wire of ${wire} within ${SPREAD_MS / 1000} s`, [
    ['members with the whole list', `${result.complete} of ${MEMBERS}`],
    ['all have joined after', `${(joined / 1000).toFixed(1)} s`],
    ['all hold the final list after', `${(took / 1000).toFixed(1)} s`],
    ['frames received', String(result.frames)],
    ['bytes in them', `${(result.bytes / 1e6).toFixed(0)} MB`],
    ['CPU of the server', `${cpuSeconds.toFixed(2)} s`],
    ['CPU of the floor, as many bytes', `${floor.toFixed(2)} s`],
    ['ratio', (cpuSeconds / floor).toFixed(2)],
    ['event loop delay p99', `${delay.p99.toFixed(0)} ms (goal: at most ${GOAL_DELAY_MS}; 10 is rest)`],
    ['event loop delay, worst', `${delay.worst.toFixed(0)} ms`],
  ]);
  return result.complete === MEMBERS && delay.p99 <= GOAL_DELAY_MS;
}

type Load = Awaited<ReturnType<typeof startScript>>;

async function startLoads(script: string, url: string, more: readonly string[]): Promise<Load[]> {
  const loads: Load[] = [];
  for (let first = 0; first < MEMBERS; first += PER_PROCESS) {
    loads.push(await startScript(script, [url, String(PER_PROCESS), String(first), ...more]));
  }
  return loads;
}

/** Asked for once a second: the answers cost the loads something. */
async function whenComplete(loads: readonly Load[]): Promise<Omit<Report, 'type'>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const reports = await Promise.all(
      loads.map((load) => {
        const report = messageFrom<Report>(load.child, 'report');
        load.child.send({ type: 'report' });
        return report;
      }),
    );
    const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
    const complete = sum((report) => report.complete);
    if (complete === MEMBERS || Date.now() > deadline) {
      return {
        complete,
        frames: sum((report) => report.frames),
        bytes: sum((report) => report.bytes),
        last: Math.max(...reports.map((report) => report.last)),
      };
    }
    await sleep(1000);
  }
}

/** Milliseconds, since it was last asked for. */
async function loopDelay({ url }: RunningServer): Promise<{ readonly p99: number; readonly worst: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const of = (quantile: string): number =>
    Number(new RegExp(`parlour_event_loop_delay_seconds\\{quantile="${quantile}"\\} ([\\d.e-]+)`).exec(text)?.[1]) *
    1000;
  return { p99: of('0.99'), worst: of('1') };
}

async function measureFloor(bytes: number, milliseconds: number): Promise<number> {
  const server = await startScript('./bare-floor.ts', [String(FLOOR_PER_SECOND)]);
  const loads = await startLoads('./fanout-load.ts', server.ready, ['silent']);
  const frames = Math.max(1, Math.round((milliseconds / 1000) * FLOOR_PER_SECOND));
  const cpu = server.cpuSeconds();
  server.child.send({ type: 'start', text: 'x'.repeat(Math.max(1, Math.round(bytes / MEMBERS / frames))) });
  await sleep(milliseconds);
  const seconds = server.cpuSeconds() - cpu;
  for (const load of loads) load.child.kill('SIGKILL');
  await server.stop();
  return seconds;
}
