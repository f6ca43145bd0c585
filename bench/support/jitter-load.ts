import { WebSocket } from 'ws';
import { historyAfter, ParlourClient, type SocketLike } from '../../src/dialects/parlour/client.ts';

/**
 * Members on the native wire whose network comes and goes: each is cut off about every 15 s, for about 2 s.
 * Arguments: address, how many, the first one's number. Messages: `report` → what each of them has seen, summed up.
 */
const [url = '', count = '0', first = '0'] = process.argv.slice(2);
const HELD_MS = 15_000;
const CUT_MS = 2000;
const LOBBY = { channel: 'lobby' };
const NUMBER = /^n:(\d+)$/;

/** Half more or less, so that they do not all go at once. */
const about = (milliseconds: number): number => milliseconds * (0.5 + Math.random());

class Member {
  readonly client: ParlourClient;
  /** The numbers of the messages in the order in which they came. */
  readonly seen: number[] = [];
  #lastId = 0;
  #socket: WebSocket | undefined;
  #downUntil = 0;
  cuts = 0;
  recovered = 0;
  anew = 0;

  constructor(name: string) {
    this.client = new ParlourClient({
      url: `${url.replace('http', 'ws')}/ws`,
      room: 'lobby',
      name,
      connect: (address) => this.#connect(address),
    });
  }

  enter(): Promise<void> {
    return new Promise((resolve) => {
      this.client.on((event) => {
        if (event.type === 'welcome') {
          if (this.cuts > 0) this.#cameBack(event.welcome.recovered);
          resolve();
        }
        if (event.type === 'frame' && event.frame.type === 'message') this.#take(event.frame.message);
      });
      this.client.start();
    });
  }

  start(): void {
    setTimeout(() => this.#cut(), about(HELD_MS));
  }

  /** As the web client does: what came while nobody could tell is fetched. */
  #cameBack(recovered: boolean): void {
    if (recovered) {
      this.recovered++;
      return;
    }
    this.anew++;
    void historyAfter(this.client, LOBBY, this.#lastId).then((missed) => {
      for (const message of missed) this.#take(message);
    });
  }

  #take(message: { readonly id: number; readonly text?: string }): void {
    const [, number] = NUMBER.exec(message.text ?? '') ?? [];
    if (number === undefined) return;
    this.seen.push(Number(number));
    this.#lastId = Math.max(this.#lastId, message.id);
  }

  #cut(): void {
    this.cuts++;
    this.#downUntil = Date.now() + about(CUT_MS);
    this.#socket?.terminate();
    setTimeout(() => this.#cut(), about(HELD_MS));
  }

  #connect(address: string): SocketLike {
    if (Date.now() < this.#downUntil) return nowhere();
    this.#socket = new WebSocket(address, { perMessageDeflate: false });
    return this.#socket as unknown as SocketLike;
  }
}

/** What connecting is like without a network. */
function nowhere(): SocketLike {
  const socket: SocketLike = {
    send: () => {},
    close: () => {},
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
  };
  setTimeout(() => socket.onclose?.({ code: 1006, reason: '' }), 50);
  return socket;
}

const members = Array.from({ length: Number(count) }, (_, index) => new Member(`member-${Number(first) + index}`));

process.on('message', (message: { type: string; upTo?: number }) => {
  if (message.type === 'go') for (const member of members) member.start();
  if (message.type !== 'report') return;
  const upTo = message.upTo ?? 0;
  const sum = { missing: 0, doubled: 0, disordered: 0, cuts: 0, recovered: 0, anew: 0 };
  for (const { seen, cuts, recovered, anew } of members) {
    const numbers = new Set(seen);
    for (let number = 0; number < upTo; number++) if (!numbers.has(number)) sum.missing++;
    sum.doubled += seen.length - numbers.size;
    sum.disordered += seen.filter((number, index) => number < (seen[index - 1] ?? -1)).length;
    sum.cuts += cuts;
    sum.recovered += recovered;
    sum.anew += anew;
  }
  process.send?.({ type: 'report', ...sum });
});

for (let start = 0; start < members.length; start += 25) {
  await Promise.all(members.slice(start, start + 25).map((member) => member.enter()));
}
process.stdout.write('ready\n');
