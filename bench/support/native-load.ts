import { WebSocket } from 'ws';

/**
 * Members on the native wire who do nothing, spread over rooms. Arguments: address, how many, the first one's number,
 * members per room.
 */
const [url = '', count = '0', first = '0', perRoom = '100'] = process.argv.slice(2);

function join(number: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false });
    socket.on('error', reject);
    socket.on('close', (code) => process.stderr.write(`closed with ${code}\n`));
    socket.on('open', () => {
      const room = `room-${Math.floor(number / Number(perRoom))}`;
      socket.send(JSON.stringify({ type: 'hello', ref: 'hello', version: 1, room, name: `member-${number}` }));
    });
    socket.on('message', (data: Buffer) => {
      if (data.includes('"type":"ok"')) resolve();
    });
  });
}

for (let start = 0; start < Number(count); start += 25) {
  const batch = Array.from(
    { length: Math.min(25, Number(count) - start) },
    (_, index) => Number(first) + start + index,
  );
  await Promise.all(batch.map(join));
}
process.stdout.write('ready\n');
