import { WebSocket } from 'ws';
import type { TestServer } from './server.ts';

const TIMEOUT_MS = 10_000;
export const GC = 'ground control';

export interface CamusFrame {
  readonly sender: string;
  readonly receiver: string;
  readonly type: string;
  readonly data: unknown;
}

/** A browser's cookies, and what it asks of pages. */
export class Jar {
  readonly #server: TestServer;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(server: TestServer) {
    this.#server = server;
  }

  /** As a browser sends them to this path: the longest paths first. */
  cookiesFor(path: string): string {
    return [...this.#cookies]
      .filter(([, cookie]) => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')))
      .sort(([, one], [, other]) => other.path.length - one.path.length)
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');
  }

  async request(method: string, path: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const response = await fetch(`${this.#server.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { cookie: this.cookiesFor(path.split('?')[0] ?? '') },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    for (const header of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = header.split('; ');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const cookiePath = attributes.find((one) => one.startsWith('Path='))?.slice(5) ?? '/';
      this.#cookies.set(`${name} ${cookiePath}`, { value, path: cookiePath });
    }
    return response;
  }

  get(path: string): Promise<Response> {
    return this.request('GET', path);
  }

  /** The field by which a page's form is known for ours. */
  async token(path: string): Promise<string> {
    const html = await (await this.get(path)).text();
    return /name="csrf_token" value="([^"]+)"/.exec(html)?.[1] ?? '';
  }
}

let rooms = 0;

/** Makes a room by the form, and says its name. */
export async function makeRoom(
  server: TestServer,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ readonly name: string; readonly jar: Jar; readonly form: Readonly<Record<string, string>> }> {
  rooms += 1;
  const jar = new Jar(server);
  const form = {
    csrf_token: await jar.token('/rooms'),
    room_name: `Room ${rooms}`,
    password: '',
    public: 'No',
    guest_limit: '0',
    submit: 'Create',
    ...fields,
  };
  const response = await jar.request('POST', '/rooms', form);
  if (response.status !== 307) throw new Error(`No room was made: ${response.status}`);
  return { name: response.headers.get('location')?.replace('/room/', '') ?? '', jar, form };
}

/** A connection on Camus' wire, with exactly what it received. */
export class Camus {
  readonly jar: Jar;
  readonly frames: CamusFrame[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly #looks = new Set<() => void>();

  private constructor(socket: WebSocket, jar: Jar) {
    this.socket = socket;
    this.jar = jar;
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as CamusFrame);
      for (const look of [...this.#looks]) look();
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
  }

  /** Loads the page of a room, and connects; rejects with the status where it is refused. */
  static async connect(
    server: TestServer,
    room: string,
    options: { readonly jar?: Jar; readonly load?: boolean; readonly prefix?: string; readonly origin?: string } = {},
  ): Promise<Camus> {
    const { jar = new Jar(server), load = true, prefix = '/room', origin } = options;
    const path = `${prefix}/${room}`;
    if (load) {
      const page = await jar.get(path);
      if (page.status !== 200) throw new Error(`The page says ${page.status}.`);
    }
    const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}${path}/ws`, {
      perMessageDeflate: false,
      headers: { cookie: jar.cookiesFor(`${path}/ws`) },
      ...(origin === undefined ? {} : { origin }),
    });
    const camus = new Camus(socket, jar);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('unexpected-response', (_request, response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => reject(new Error(`${response.statusCode} ${Buffer.concat(chunks).toString()}`)));
      });
    });
    return camus;
  }

  /** Connects, and does what the original does before anybody speaks; with a name, says it. */
  static async enter(
    server: TestServer,
    room: string,
    options: { readonly jar?: Jar; readonly name?: string; readonly prefix?: string } = {},
  ): Promise<Camus> {
    const camus = await Camus.connect(server, room, options);
    await camus.begin();
    if (options.name !== undefined) {
      camus.send(GC, 'profile', { username: options.name });
      await camus.until(() => camus.names.includes(options.name ?? ''));
    }
    return camus;
  }

  async begin(): Promise<void> {
    this.send(GC, 'ping', 1_700_000_000_000);
    this.send(GC, 'get-ice-servers');
    this.send(GC, 'get-room-info');
    await this.received({ type: 'room-info' });
  }

  get id(): string {
    return this.frames.find(({ type }) => type === 'pong')?.receiver ?? '';
  }

  /** Who is listed, by the latest room-info. */
  get clients(): readonly { readonly id: string; readonly username: string }[] {
    const info = this.of('room-info').at(-1)?.data as {
      readonly clients?: readonly { id: string; username: string }[];
    };
    return info?.clients ?? [];
  }

  get names(): readonly string[] {
    return this.clients.map(({ username }) => username);
  }

  /** Of each text, who said it and what. */
  get texts(): readonly { readonly from: string; readonly time: number; readonly text: string }[] {
    return this.of('text').map(({ data }) => data as { from: string; time: number; text: string });
  }

  send(receiver: string | undefined, type: string | undefined, data?: unknown): void {
    this.sendText(JSON.stringify({ receiver, type, data }));
  }

  say(text: string): void {
    this.send('room', 'text', { from: 'nobody in particular', time: 1_700_000_000_000, text });
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  of(type: string): CamusFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Resolves once this holds; looked at after each frame. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => condition() && resolve();
    this.#looks.add(look);
    const timer = setTimeout(
      () => reject(new Error(`It did not come to that; the last frame was ${JSON.stringify(this.frames.at(-1))}`)),
      TIMEOUT_MS,
    );
    return promise.finally(() => {
      this.#looks.delete(look);
      clearTimeout(timer);
    });
  }

  async received(fields: Partial<CamusFrame>): Promise<CamusFrame> {
    const fits = (frame: CamusFrame) =>
      Object.entries(fields).every(([key, value]) => frame[key as keyof CamusFrame] === value);
    await this.until(() => this.frames.some(fits));
    return this.frames.find(fits) as CamusFrame;
  }

  /** Resolves when all that this connection sent was carried out, and all that it was sent until then arrived. */
  async fence(): Promise<void> {
    const mark = `fence ${Math.random()}`;
    this.send(GC, 'ping', mark);
    await this.until(() => this.frames.some(({ type, data }) => type === 'pong' && data === mark));
    this.frames.splice(
      this.frames.findIndex(({ data }) => data === mark),
      1,
    );
  }

  clear(): void {
    this.frames.splice(0, this.frames.length, ...this.of('pong').slice(0, 1));
  }

  /** All but the pong by which it knows its id. */
  get heard(): readonly CamusFrame[] {
    return this.frames.filter(({ type }) => type !== 'pong');
  }

  async close(): Promise<void> {
    this.socket.close(1000);
    await this.closed;
  }

  /** Says goodbye as a page does that is left. */
  async bye(): Promise<void> {
    this.send(GC, 'bye', Date.now());
    await this.closed;
  }

  async drop(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}
