import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageFrom, sleep, startParlour, startScript } from './support/processes.ts';
import { printTable, quantile } from './support/table.ts';
import type { Seen } from './support/watch-load.ts';

const AUDIENCES = [1, 20];
const NEWCOMERS = 40;
/** Not in step with what the server does once a second, or twice. */
const PAUSE_MS = 730;
const GOAL_MS = 1_000;
const GROUP = 'bench';

/** Anybody may present. */
const DEFINITION = { 'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' } };

/**
 * People who come one after the other into a group on Galène's wire and watch the one camera there: how long it takes
 * from their request, and from the server's offer, to the first picture that a decoder could show. The camera sends no
 * keyframes but those that are asked for.
 */
export async function joinToFrame(): Promise<boolean> {
  let isGood = true;
  for (const members of AUDIENCES) isGood = (await measure(members)) && isGood;
  return isGood;
}

async function measure(members: number): Promise<boolean> {
  const groups = await mkdtemp(join(tmpdir(), 'parlour-bench-groups-'));
  await writeFile(join(groups, `${GROUP}.json`), JSON.stringify(DEFINITION));
  const server = await startParlour(configuration(groups));
  const address = `${server.url.replace('http', 'ws')}/ws`;
  const audience = await startScript('./watch-load.ts', [address, GROUP, 'audience', String(members)]);
  const newcomers = await startScript('./watch-load.ts', [address, GROUP, 'newcomers']);
  const seen: Seen[] = [];
  for (let i = 0; i < NEWCOMERS; i += 1) {
    await sleep(PAUSE_MS);
    const answer = messageFrom<Seen>(newcomers.child, 'seen');
    newcomers.child.send({ type: 'next' });
    seen.push(await answer);
  }
  await Promise.all([audience.stop(), newcomers.stop()]);
  await server.stop();
  await rm(groups, { recursive: true, force: true });
  return print(members, seen);
}

function print(members: number, seen: readonly Seen[]): boolean {
  const row = (key: 'sinceRequest' | 'sinceOffer') => {
    const sorted = seen.map((each) => each[key]).sort((a, b) => a - b);
    return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
  };
  const [request, offer] = [row('sinceRequest'), row('sinceOffer')];
  printTable(`join-to-frame: ${NEWCOMERS} newcomers, one after the other, to ${members} present`, [
    ['from the request, p50', `${request.p50.toFixed(0)} ms`],
    ['from the request, p95', `${request.p95.toFixed(0)} ms (goal: at most ${GOAL_MS})`],
    ['from the offer, p50', `${offer.p50.toFixed(0)} ms`],
    ['from the offer, p95', `${offer.p95.toFixed(0)} ms`],
  ]);
  return request.p95 <= GOAL_MS;
}

function configuration(groups: string): string {
  return `
log_level = "error"
[limits]
connections_per_address = 0
logins_per_minute_per_address = 100000
people_per_address = 100000
[galene]
groups = ${JSON.stringify(groups)}
`;
}
