import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The floor: nothing but `ws`, sending one shared buffer to all its sockets at the rate given.
 * Arguments: messages per second. Starts on the message `start`, with the frame's text.
 */
const perSecond = Number(process.argv[2]);
const sockets = new Set<WebSocket>();
const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
let frame = Buffer.alloc(0);
let sent = 0;

server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});
process.on('message', (message: { type: string; text?: string }) => {
  if (message.type === 'start') {
    frame = Buffer.from(message.text ?? '');
    setInterval(broadcast, 1000 / perSecond);
  }
  if (message.type === 'count') process.send?.({ type: 'count', sent });
});
http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${(http.address() as AddressInfo).port}\n`);
});

function broadcast(): void {
  for (const socket of sockets) socket.send(frame, { binary: false });
  sent += sockets.size;
}
