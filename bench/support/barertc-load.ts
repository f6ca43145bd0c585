import { WebSocket } from 'ws';
import { BareRtcClient, type SocketLike } from '../../src/dialects/barertc/client.ts';

/**
 * Members on the BareRTC wire. They enter as the client library does; then only the first few look into what they get,
 * and the others count frames, so that the load weighs little beside the server.
 * Arguments: address, how many, the first one's number, `login` or `silent`.
 * Messages: `post` {perSecond} → posts from then on; `reset`; `report` → {received, latencies}.
 */
const [url = '', count = '0', first = '0', mode = 'login'] = process.argv.slice(2);
const READERS = 5;
const MARK = /sent-at:([\d.]+)/;
const clients: BareRtcClient[] = [];
let received = 0;
let latencies: number[] = [];

const now = (): number => performance.timeOrigin + performance.now();

async function join(index: number): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false });
  socket.on('close', (code) => process.stderr.write(`closed with ${code}\n`));
  socket.on('message', (data: Buffer) => {
    if (!isMessage(data)) return;
    received++;
    if (index < READERS) read(data);
  });
  const options = {
    url,
    username: `member-${Number(first) + index}`,
    generation: 'seed-2023-09',
    keepFrames: 1,
    connect: () => socket as unknown as SocketLike,
  } as const;
  clients.push(await (mode === 'silent' ? BareRtcClient.connect(options) : BareRtcClient.enter(options)));
  socket.onmessage = null;
}

function isMessage(data: Buffer): boolean {
  return data.subarray(0, 40).includes('"action":"message"');
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
        const text = `Hello everybody, this is a line of ordinary length. sent-at:${now()}`;
        clients[turn++ % clients.length]?.say('lobby', text);
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

for (let start = 0; start < Number(count); start += 25) {
  await Promise.all(Array.from({ length: Math.min(25, Number(count) - start) }, (_, index) => join(start + index)));
}
process.stdout.write('ready\n');
