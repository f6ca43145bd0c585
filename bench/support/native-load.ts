import { ParlourClient } from '../../src/dialects/parlour/client.ts';

/**
 * Members on the native wire who do nothing, spread over rooms. Arguments: address, how many, the first one's number,
 * members per room.
 */
const [url = '', count = '0', first = '0', perRoom = '100'] = process.argv.slice(2);

function join(number: number): Promise<void> {
  const room = `room-${Math.floor(number / Number(perRoom))}`;
  const client = new ParlourClient({ url: `${url.replace('http', 'ws')}/ws`, room, name: `member-${number}` });
  return new Promise((resolve, reject) => {
    client.on((event) => {
      if (event.type === 'welcome') resolve();
      if (event.type === 'state' && event.state.kind === 'closed') reject(new Error('A member was not let in.'));
      if (event.type === 'state' && event.state.kind === 'waiting') process.stderr.write('a connection was lost\n');
    });
    client.start();
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
