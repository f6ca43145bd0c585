import { WebSocket } from 'ws';
import { BareRtcClient, type SocketLike } from '../../src/dialects/barertc/client.ts';

/**
 * Members who all join at about the same time, as the latest client does. Arguments: address, how many, the first one's
 * number, how many in all, over how many milliseconds.
 * Messages: `go` → joins, evenly spread over that time, and `joined` when all are in; `report` → {frames,
 * bytes, complete, last}.
 */
const [url = '', count = '0', first = '0', everybody = '0', spread = '0'] = process.argv.slice(2);
const WHO = Buffer.from('{"action":"who"');
const ROW = Buffer.from('"loginAt"');
let frames = 0;
/** What is in the frames, as the clients count it: without the headers of WebSocket and TCP. */
let bytes = 0;
let complete = 0;
/** When the last of them had the whole list; milliseconds since 1970. */
let last = 0;

async function join(index: number): Promise<void> {
  const number = Number(first) + index;
  await new Promise((resolve) => setTimeout(resolve, (number / Number(everybody)) * Number(spread)));
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false });
  let hasAll = false;
  socket.on('close', (code) => process.stderr.write(`closed with ${code}\n`));
  socket.on('message', (data: Buffer) => {
    frames++;
    bytes += data.length;
    if (hasAll || !data.subarray(0, WHO.length).equals(WHO) || rows(data) < Number(everybody)) return;
    hasAll = true;
    complete++;
    last = Date.now();
  });
  const connect = () => socket as unknown as SocketLike;
  await BareRtcClient.enter({ url, username: `member-${number}`, keepFrames: 1, connect });
  // It has entered and said its state; reading a thousand long lists would take the machine from the server.
  socket.onmessage = null;
}

function rows(data: Buffer): number {
  let found = 0;
  for (let at = data.indexOf(ROW); at >= 0; at = data.indexOf(ROW, at + ROW.length)) found++;
  return found;
}

process.on('message', (message: { type: string }) => {
  if (message.type === 'go') {
    void Promise.all(Array.from({ length: Number(count) }, (_, index) => join(index))).then(() =>
      process.send?.({ type: 'joined' }),
    );
  }
  if (message.type === 'report') process.send?.({ type: 'report', frames, bytes, complete, last });
});
process.stdout.write('ready\n');
