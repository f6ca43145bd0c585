import type { ConnectionStatistics } from '../port.ts';
import type { FromWorker, RoomCommand, RoomEvent, RoomNumber } from './messages.ts';
import type { IceServer, SfuLog } from './options.ts';
import type { PipeNetwork } from './pipe-config.ts';
import { WorkerProcess } from './worker-process.ts';

export interface WorkerSlotOptions {
  readonly network: PipeNetwork;
  readonly log: SfuLog;
  readonly patienceMs: number;
  iceServers(): readonly IceServer[];
  onEvent(room: RoomNumber, event: RoomEvent): void;
  /** With the rooms it had, which are open again in another process by then. */
  onDeath(rooms: readonly RoomNumber[]): void;
}

/** A process that ends this soon after it began would end again at once. Milliseconds. */
const TOO_SOON = 5_000;
const LONGEST_PAUSE = 30_000;

/** A place for a process that forwards: one that dies there is followed by another. */
export class WorkerSlot {
  readonly #options: WorkerSlotOptions;
  readonly #rooms = new Set<RoomNumber>();
  readonly #questions = new Map<number, (statistics: readonly ConnectionStatistics[]) => void>();
  #process: WorkerProcess | undefined;
  #beganAt = 0;
  #pause = 0;
  #restart: NodeJS.Timeout | undefined;
  #lastQuestion = 0;
  #toldServers = '[]';

  constructor(options: WorkerSlotOptions) {
    this.#options = options;
    this.#begin();
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** What is least goes first. */
  get load(): number {
    return this.#process ? this.#process.connections + this.#rooms.size : Number.POSITIVE_INFINITY;
  }

  open(room: RoomNumber): void {
    this.#rooms.add(room);
    this.#process?.send({ type: 'open', room });
  }

  close(room: RoomNumber): void {
    this.#rooms.delete(room);
    this.#process?.send({ type: 'close', room });
  }

  order(room: RoomNumber, command: RoomCommand): void {
    if (!this.#process) {
      this.#refuse(room, command);
      return;
    }
    if (makesConnections(command)) this.#tellServers(this.#process);
    this.#process.send({ type: 'command', room, command });
  }

  statistics(room: RoomNumber): Promise<readonly ConnectionStatistics[]> {
    const process = this.#process;
    if (!process) return Promise.resolve([]);
    this.#lastQuestion += 1;
    const id = this.#lastQuestion;
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
      process.send({ type: 'statistics', room, id });
    });
  }

  async end(): Promise<void> {
    clearTimeout(this.#restart);
    this.#rooms.clear();
    this.#answerAll();
    await this.#process?.close();
    this.#process = undefined;
  }

  #begin(): void {
    this.#beganAt = performance.now();
    this.#toldServers = '[]';
    this.#process = new WorkerProcess({
      network: this.#options.network,
      log: this.#options.log,
      patienceMs: this.#options.patienceMs,
      onMessage: (message) => this.#hear(message),
      onDeath: () => this.#died(),
    });
    for (const room of this.#rooms) this.#process.send({ type: 'open', room });
  }

  #died(): void {
    const lived = performance.now() - this.#beganAt;
    this.#pause = lived > TOO_SOON ? 0 : Math.min(LONGEST_PAUSE, Math.max(500, this.#pause * 2));
    this.#process = undefined;
    this.#answerAll();
    // At least one turn of the loop later: its rooms hear of it when they can publish again.
    this.#restart = setTimeout(() => this.#followed(), this.#pause);
  }

  #followed(): void {
    this.#begin();
    this.#options.onDeath([...this.#rooms]);
  }

  #hear(message: FromWorker): void {
    if (message.type === 'event') {
      if (this.#rooms.has(message.room)) this.#options.onEvent(message.room, message.event);
    } else if (message.type === 'statistics') {
      this.#questions.get(message.id)?.(message.statistics);
      this.#questions.delete(message.id);
    } else if (message.type === 'failed') {
      this.#options.log.error({ error: message.error, where: message.where }, 'forwarding failed');
    }
  }

  #answerAll(): void {
    for (const resolve of this.#questions.values()) resolve([]);
    this.#questions.clear();
  }

  /** Logins of TURN servers run out: each connection is made with those of now. */
  #tellServers(process: WorkerProcess): void {
    const servers = this.#options.iceServers();
    const text = JSON.stringify(servers);
    if (text === this.#toldServers) return;
    this.#toldServers = text;
    process.send({ type: 'ice-servers', servers });
  }

  #refuse(room: RoomNumber, command: RoomCommand): void {
    const event = refusalOf(command);
    if (event) setImmediate(() => this.#rooms.has(room) && this.#options.onEvent(room, event));
  }
}

/** To who would otherwise wait for an answer. */
function refusalOf(command: RoomCommand): RoomEvent | undefined {
  const { type, stream } = command;
  const reason = 'forwarding is not available at the moment';
  if (type === 'publish') return { type: 'rejected', stream, reason };
  return type === 'play' ? { type: 'undeliverable', stream, to: command.to, reason } : undefined;
}

function makesConnections({ type }: RoomCommand): boolean {
  return type === 'publish' || type === 'forward' || type === 'restart' || type === 'answer' || type === 'play';
}
