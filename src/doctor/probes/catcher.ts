import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';

/** Stands where streams would arrive, and waits for what we send there ourselves by other ways. */
export class Catcher {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, () => void>();

  /** Undefined where the port is not to be had. */
  static open(port: number): Promise<Catcher | undefined> {
    const socket = createSocket('udp4');
    return new Promise((resolve) => {
      socket.once('error', () => resolve(undefined));
      socket.bind(port, () => resolve(new Catcher(socket)));
    });
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('message', (message) => this.#waiting.get(message.toString('hex'))?.());
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Whether what is sent arrives: said again every so often, as some of it may be lost on the way. */
  async catches(send: (mark: Buffer) => void, { withinMs }: { readonly withinMs: number }): Promise<boolean> {
    const mark = randomBytes(16);
    const id = mark.toString('hex');
    send(mark);
    const again = setInterval(() => send(mark), 200);
    let timer: NodeJS.Timeout | undefined;
    const caught = await new Promise<boolean>((resolve) => {
      this.#waiting.set(id, () => resolve(true));
      timer = setTimeout(() => resolve(false), withinMs);
    });
    clearInterval(again);
    clearTimeout(timer);
    this.#waiting.delete(id);
    return caught;
  }

  close(): void {
    this.#socket.close();
  }
}
