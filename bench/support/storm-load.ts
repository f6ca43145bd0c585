import { loadWire } from './wires.ts';

/**
 * Members who all join at about the same time, as their client does. Arguments: address, how many, the first one's
 * number, how many in all, over how many milliseconds, the wire.
 * Messages: `go` → joins, evenly spread over that time, and `joined` when all are in; `report` → {frames,
 * bytes, complete, last}.
 */
const [url = '', count = '0', first = '0', everybody = '0', spread = '0', name = ''] = process.argv.slice(2);
const wire = loadWire(name);
let frames = 0;
/** What is in the frames, as the clients count it: without the headers of WebSocket and TCP. */
let bytes = 0;
let complete = 0;
/** When the last of them knew everybody; milliseconds since 1970. */
let last = 0;

async function join(index: number): Promise<void> {
  const number = Number(first) + index;
  await new Promise((resolve) => setTimeout(resolve, (number / Number(everybody)) * Number(spread)));
  const known = wire.roster();
  let knowsAll = false;
  await wire.enter(url, `member-${number}`, (data) => {
    frames++;
    bytes += data.length;
    // Reading a thousand long lists would take the machine from the server: no more than is needed.
    if (knowsAll || known(data) < Number(everybody)) return;
    knowsAll = true;
    complete++;
    last = Date.now();
  });
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
