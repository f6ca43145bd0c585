import { ParlourClient } from '../src/dialects/parlour/client.ts';
import { messageFrom, sleep, startParlour, startScript } from './support/processes.ts';
import { printTable } from './support/table.ts';

const MEMBERS = 1000;
const PER_PROCESS = 250;
const MESSAGES_PER_SECOND = 2;
const WINDOW_MS = 60_000;
/** Whoever is cut off at the end is back by then. */
const PATIENCE_MS = 60_000;

const CONFIG = `
log_level = "error"
[limits]
connections_per_address = 0
logins_per_minute_per_address = 1_000_000
`;

interface Report {
  readonly type: 'report';
  readonly missing: number;
  readonly doubled: number;
  readonly disordered: number;
  readonly cuts: number;
  readonly recovered: number;
  readonly anew: number;
}

/**
 * 1,000 members on the native wire, each cut off about every 15 s for about 2 s, while two messages a second are posted
 * for a minute: all of them reach everybody, once, in order. The floor is what there is to deliver: 100 %.
 */
export async function jitter(): Promise<boolean> {
  const server = await startParlour(CONFIG);
  const loads = [];
  for (let first = 0; first < MEMBERS; first += PER_PROCESS) {
    loads.push(await startScript('./jitter-load.ts', [server.url, String(PER_PROCESS), String(first)]));
  }
  const author = await enter(server.url);
  const cpu = server.cpuSeconds();
  for (const load of loads) load.child.send({ type: 'go' });
  const posted = await postAll(author);
  const cpuSeconds = server.cpuSeconds() - cpu;
  const result = await whenAllThere(loads, posted);
  author.close();
  for (const load of loads) load.child.kill('SIGKILL');
  await server.stop();

  const owed = posted * MEMBERS;
  printTable(`jitter: ${MEMBERS} members on the native wire, cut off every 15 s for 2 s`, [
    ['messages posted', String(posted)],
    ['connections cut', String(result.cuts)],
    ['sessions resumed with all that was missed', String(result.recovered)],
    ['entered anew', String(result.anew)],
    ['delivered', `${owed - result.missing} of ${owed} (${(100 * (1 - result.missing / owed)).toFixed(3)} %)`],
    ['twice', String(result.doubled)],
    ['out of order', String(result.disordered)],
    ['CPU of the server', `${cpuSeconds.toFixed(1)} s in ${WINDOW_MS / 1000} s`],
  ]);
  return result.missing + result.doubled + result.disordered === 0 && result.cuts > MEMBERS;
}

async function enter(url: string): Promise<ParlourClient> {
  const client = new ParlourClient({ url: `${url.replace('http', 'ws')}/ws`, room: 'lobby', name: 'author' });
  const entered = Promise.withResolvers<void>();
  client.on((event) => {
    if (event.type === 'welcome') entered.resolve();
  });
  client.start();
  await entered.promise;
  return client;
}

async function postAll(author: ParlourClient): Promise<number> {
  const count = (WINDOW_MS / 1000) * MESSAGES_PER_SECOND;
  for (let number = 0; number < count; number++) {
    await author.post({ target: { channel: 'lobby' }, text: `n:${number}` });
    await sleep(1000 / MESSAGES_PER_SECOND);
  }
  return count;
}

async function whenAllThere(
  loads: readonly Awaited<ReturnType<typeof startScript>>[],
  posted: number,
): Promise<Omit<Report, 'type'>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const reports = await Promise.all(
      loads.map((load) => {
        const report = messageFrom<Report>(load.child, 'report');
        load.child.send({ type: 'report', upTo: posted });
        return report;
      }),
    );
    const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
    const missing = sum((report) => report.missing);
    if (missing === 0 || Date.now() > deadline) {
      return {
        missing,
        doubled: sum((report) => report.doubled),
        disordered: sum((report) => report.disordered),
        cuts: sum((report) => report.cuts),
        recovered: sum((report) => report.recovered),
        anew: sum((report) => report.anew),
      };
    }
    await sleep(2000);
  }
}
