import { WebSocket } from 'ws';

/**
 * Members on the BareRTC wire, as light as they can be: they count frames, and only the first few look into them.
 * Arguments: address, how many, the first one's number, `login` or `silent`.
 * Messages: `post` {perSecond} → posts from then on; `report` → {received, latencies}.
 */
const [url = '', count = '0', first = '0', mode = 'login'] = process.argv.slice(2);
const READERS = 5;
const MARK = /sent-at:([\d.]+)/;
const sockets: WebSocket[] = [];
let received = 0;
let latencies: number[] = [];

const now = (): number => performance.timeOrigin + performance.now();

function join(index: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false });
    sockets.push(socket);
    socket.on('error', reject);
    socket.on('close', (code) => process.stderr.write(`closed with ${code}\n`));
    socket.on('open', () => {
      if (mode === 'silent') return resolve();
      socket.send(
        JSON.stringify({ action: 'login', username: `member-${Number(first) + index}`, jwt: '', dnd: false }),
      );
    });
    socket.on('message', (data: Buffer) => {
      if (isMessage(data)) {
        received++;
        if (index < READERS) read(data);
      } else if (data.includes('"action":"echo"')) resolve();
    });
  });
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
        const socket = sockets[turn++ % sockets.length];
        const text = `Hello everybody, this is a line of ordinary length. sent-at:${now()}`;
        socket?.send(JSON.stringify({ action: 'message', channel: 'lobby', message: text }));
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
