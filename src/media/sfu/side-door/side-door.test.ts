import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { signedForIce } from '../../../stun/integrity.ts';
import { ATTRIBUTE, decodeMessage, METHOD } from '../../../stun/stun-message.ts';
import { SideDoor } from './side-door.ts';

const PASSWORD = 'our password';
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listening(): Promise<{ readonly socket: Socket; readonly port: number; readonly heard: Buffer[] }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  const heard: Buffer[] = [];
  socket.on('message', (bytes) => heard.push(bytes));
  closers.push(() => socket.close());
  await once(socket, 'listening');
  return { socket, port: socket.address().port, heard };
}

/** A door, the library's port behind it, and somebody outside. */
async function stage(onVisit = () => {}) {
  const door = new SideDoor({ bindAddress: '127.0.0.1', now: () => 0 });
  closers.push(() => door.close());
  const port = await new Promise<number>((resolve) => door.whenOpen(resolve));
  const [library, guest] = [await listening(), await listening()];
  door.admit('ours', { password: PASSWORD, port: library.port, onVisit });
  const say = (bytes: Buffer) => guest.socket.send(bytes, port, '127.0.0.1');
  return { door, library, guest, say };
}

function check(password = PASSWORD, ufrag = 'ours'): Buffer {
  const attributes = [
    { type: ATTRIBUTE.username, value: Buffer.from(`${ufrag}:theirs`) },
    { type: ATTRIBUTE.iceControlled, value: Buffer.alloc(8) },
  ];
  const message = { method: METHOD.binding, kind: 'request', transaction: randomBytes(12), attributes } as const;
  return signedForIce(message, Buffer.from(password));
}

test('who shows that they were invited is passed on, there and back', async () => {
  let visits = 0;
  const { library, guest, say } = await stage(() => {
    visits += 1;
  });
  say(check());
  await expect.poll(() => library.heard.length).toBe(1);
  expect(decodeMessage(library.heard[0] ?? Buffer.alloc(0))?.kind).toBe('request');
  expect(visits).toBe(1);
  say(Buffer.from('\x80 a packet'));
  await expect.poll(() => library.heard[1]?.toString()).toBe('\x80 a packet');
  const inner = new Promise<number>((resolve) => library.socket.once('message', (_bytes, { port }) => resolve(port)));
  say(Buffer.from('\x80 another'));
  library.socket.send('\x80 back', await inner, '127.0.0.1');
  await expect.poll(() => guest.heard[0]?.toString()).toBe('\x80 back');
});

test('nobody else is: no packet reaches the library that no invitation came before', async () => {
  const { door, library, guest, say } = await stage();
  const stranger = await listening();
  for (const bytes of [Buffer.from('\x80 a packet'), check('a guess'), randomBytes(200), Buffer.alloc(0)]) say(bytes);
  say(check());
  await expect.poll(() => library.heard.length).toBe(1);
  door.dismiss('ours');
  door.admit('next', { password: PASSWORD, port: library.port });
  for (const bytes of [Buffer.from('\x80 too late'), check(), check(PASSWORD, 'next')]) say(bytes);
  await expect.poll(() => library.heard.length).toBe(2);
  expect(library.heard.map((bytes) => decodeMessage(bytes)?.kind)).toEqual(['request', 'request']);
  expect([guest.heard, stranger.heard]).toEqual([[], []]);
});

test('one connection leaves room for the others, from however many ports it is sought', async () => {
  const { door, library, guest, say } = await stage();
  const other = await listening();
  door.admit('next', { password: PASSWORD, port: other.port });
  const port = await new Promise<number>((resolve) => door.whenOpen(resolve));
  const many = await Promise.all(Array.from({ length: 40 }, () => listening()));
  for (const { socket } of many) socket.send(check(), port, '127.0.0.1');
  for (const { socket } of many) socket.send('\x80 a packet', port, '127.0.0.1');
  guest.socket.send(check(PASSWORD, 'next'), port, '127.0.0.1');
  say(Buffer.from('\x80 the end'));
  await expect.poll(() => other.heard.at(-1)?.toString()).toBe('\x80 the end');
  expect(library.heard.length).toBe(16);
});

test('a door that cannot be opened is none, and says nothing', async () => {
  const taken = await listening();
  const door = new SideDoor({ bindAddress: '127.0.0.1', port: taken.port, now: () => 0 });
  let told = false;
  door.whenOpen(() => {
    told = true;
  });
  await expect.poll(() => door.isClosed).toBe(true);
  door.whenOpen(() => {
    told = true;
  });
  door.close();
  expect(told).toBe(false);
});
