import { type Measured, sleep, startParlour, startScript } from './support/processes.ts';
import { printTable } from './support/table.ts';

const MEMBERS = 10_000;
const PER_PROCESS = 250;
const PER_ROOM = 100;
const GOAL_BYTES = 20_000;
const SETTLE_MS = 5000;
const SETTLED_BYTES = 1_000_000;
const MAX_ROUNDS = 24;

const CONFIG = `
log_level = "error"
rooms_on_demand = true
[limits]
connections_per_address = 0
logins_per_minute_per_address = 1_000_000
`;

/** 10,000 members on the native wire in rooms of 100, doing nothing: resident memory of each, over the empty server. */
export async function idle(): Promise<boolean> {
  const server = await startParlour(CONFIG);
  const empty = await settled(server);
  const loads = [];
  for (let first = 0; first < MEMBERS; first += PER_PROCESS) {
    const args = [server.url, String(PER_PROCESS), String(first), String(PER_ROOM)];
    loads.push(await startScript('./native-load.ts', args));
  }
  const highest = server.residentBytes();
  const full = await settled(server);
  const members = await membersOf(server.url);
  for (const load of loads) process.kill(load.pid, 'SIGKILL');
  await server.stop();

  const each = (full - empty) / members;
  printTable(`idle: ${MEMBERS} members on the native wire, in rooms of ${PER_ROOM}`, [
    ['members', String(members)],
    ['empty server', megabytes(empty)],
    ['after the last one joined', megabytes(highest)],
    ['settled', megabytes(full)],
    ['per member', `${(each / 1000).toFixed(1)} KB (goal: at most ${GOAL_BYTES / 1000} KB)`],
    ['ratio to the goal', (each / GOAL_BYTES).toFixed(2)],
  ]);
  return members === MEMBERS && each <= GOAL_BYTES;
}

/** The resident memory once it no longer changes by much. */
async function settled(server: Measured): Promise<number> {
  let last = server.residentBytes();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await sleep(SETTLE_MS);
    const now = server.residentBytes();
    if (Math.abs(now - last) < SETTLED_BYTES) return now;
    last = now;
  }
  return last;
}

async function membersOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/parlour_members\{dialect="parlour"\} (\d+)/.exec(text)?.[1] ?? 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
