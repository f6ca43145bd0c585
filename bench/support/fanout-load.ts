import { WebSocket } from 'ws';
import { loadWire } from './wires.ts';

/**
 * Members on one of the wires. They enter as the client library does; then only the first few look into what they get,
 * and the others count frames, so that the load weighs little beside the server.
 * Arguments: address, how many, the first one's number, the wire, or `silent` for connections that say nothing.
 * Messages: `post` {perSecond} → posts from then on; `reset`; `report` → {received, latencies}.
 */
const [url = '', count = '0', first = '0', mode = 'silent'] = process.argv.slice(2);
const READERS = 5;
const AT_ONCE = 25;
const MARK = /sent-at:([\d.]+)/;
const speakers: ((text: string) => void)[] = [];
let received = 0;
let latencies: number[] = [];

const now = (): number => performance.timeOrigin + performance.now();

async function join(index: number): Promise<void> {
  if (mode === 'silent') return listen();
  const wire = loadWire(mode);
  const { say } = await wire.enter(url, `member-${Number(first) + index}`, (data) => {
    if (!wire.isMessage(data)) return;
    received++;
    if (index < READERS) read(data);
  });
  speakers.push(say);
}

function listen(): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false });
  socket.on('message', () => received++);
  return new Promise((resolve) => socket.on('open', () => resolve()));
}

function read(data: Buffer): void {
  const [, at] = MARK.exec(data.toString()) ?? [];
  if (at) latencies.push(now() - Number(at));
}

process.on('message', (message: { type: string; perSecond?: number }) => {
  if (message.type === 'post') {
    let turn = 0;
    setInterval(
      () => {
        speakers[turn++ % speakers.length]?.(`Hello everybody, this is a line of ordinary length. sent-at:${now()}`);
      },
      1000 / (message.perSecond ?? 1),
    );
  }
  if (message.type === 'reset') {
    received = 0;
    latencies = [];
  }
  if (message.type === 'report') process.send?.({ type: 'report', received, latencies });
});

for (let start = 0; start < Number(count); start += AT_ONCE) {
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, Number(count) - start) }, (_, index) => join(start + index)),
  );
}
process.stdout.write('ready\n');
