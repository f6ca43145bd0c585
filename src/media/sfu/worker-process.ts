import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromWorker, ToWorker } from './messages.ts';
import type { SfuLog } from './options.ts';
import type { PipeNetwork } from './pipe-config.ts';

export interface WorkerProcessOptions {
  readonly network: PipeNetwork;
  readonly log: SfuLog;
  readonly patienceMs: number;
  onMessage(message: FromWorker): void;
  /** It is gone, by itself or because it did not answer. Not told after `close`. */
  onDeath(): void;
}

/** How often it is asked whether it is alive, within the time that it has to say something. */
const QUESTIONS = 5;
/** What is recorded has so long to reach the disk, in milliseconds. */
const FINISHING = 5_000;

/** One process that forwards, and whether it is alive. */
export class WorkerProcess {
  readonly #options: WorkerProcessOptions;
  readonly #child: ChildProcess;
  readonly #heart: NodeJS.Timeout;
  #asked = 0;
  #heardAt = performance.now();
  #isOver = false;
  /** Connections, when it last said how many. */
  connections = 0;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    const path = fileURLToPath(new URL('./worker-main.ts', import.meta.url));
    this.#child = fork(path, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (message: FromWorker) => this.#hear(message));
    this.#child.once('exit', (code, signal) => this.#died({ code, signal }));
    this.#child.on('error', (error) => options.log.error({ error }, 'a process that forwards cannot be spoken to'));
    this.#heart = setInterval(() => this.#beat(), options.patienceMs / QUESTIONS);
    this.#heart.unref();
    this.send({ type: 'begin', network: options.network });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToWorker): void {
    // What cannot be sent is lost with the process, whose end is told.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** What it records is finished, unless that takes too long. */
  close(): Promise<void> {
    this.#end();
    return new Promise((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return resolve();
      const patience = setTimeout(() => this.#child.kill('SIGKILL'), FINISHING);
      this.#child.once('exit', () => {
        clearTimeout(patience);
        resolve();
      });
      if (this.#child.connected) this.send({ type: 'end' });
      else this.#child.kill('SIGKILL');
    });
  }

  #hear(message: FromWorker): void {
    if (message.type === 'finished') this.#child.kill('SIGKILL');
    if (this.#isOver) return;
    this.#heardAt = performance.now();
    if (message.type === 'pong') this.connections = message.connections;
    else this.#options.onMessage(message);
  }

  #beat(): void {
    if (performance.now() - this.#heardAt > this.#options.patienceMs) {
      this.#options.log.error({ pid: this.pid }, 'a process that forwards does not answer and is ended');
      this.#child.kill('SIGKILL');
      return;
    }
    this.#asked += 1;
    this.send({ type: 'ping', id: this.#asked });
  }

  #died(details: object): void {
    if (this.#isOver) return;
    this.#end();
    this.#options.log.error({ pid: this.pid, ...details }, 'a process that forwards ended');
    this.#options.onDeath();
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#heart);
  }
}
