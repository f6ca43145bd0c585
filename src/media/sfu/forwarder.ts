import type { FromWorker, RoomCommand, RoomEvent, RoomNumber, ToWorker } from './messages.ts';
import type { IceServer } from './options.ts';
import type { PipeNetwork } from './pipe-config.ts';
import { type RoomListener, SfuRoom } from './room.ts';
import { Scratch } from './rtp/scratch.ts';
import { SideDoor } from './side-door/side-door.ts';
import type { Site } from './site.ts';

export interface ForwarderOptions {
  tell(message: FromWorker): void;
  now(): number;
  random(): number;
}

/** Milliseconds between two looks at what is due. */
const TICK = 20;

/** Everything that one process forwards: rooms, by the server's orders. Owns the timer that all of them share. */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #rooms = new Map<RoomNumber, SfuRoom>();
  readonly #timer: NodeJS.Timeout;
  #site: Site | undefined;
  #iceServers: readonly IceServer[] = [];
  #ticks = 0;
  /** Of rooms that are closed: their recordings, which are still being written. */
  readonly #finishing = new Set<Promise<void>>();

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), TICK);
  }

  take(message: ToWorker): void {
    switch (message.type) {
      case 'begin':
        this.#site = this.#newSite(message.network);
        return;
      case 'ice-servers':
        this.#iceServers = message.servers;
        return;
      case 'ping':
        this.#options.tell({ type: 'pong', id: message.id, connections: this.#connections });
        return;
      case 'open':
        this.#open(message.room);
        return;
      case 'close':
        this.#close(message.room);
        return;
      case 'end':
        void this.finish().then(() => this.#options.tell({ type: 'finished' }));
        return;
      case 'statistics':
        this.#tellStatistics(message.id, message.room);
        return;
      case 'command':
        this.#order(message.room, message.command);
        return;
      default:
        message satisfies never;
    }
  }

  /** Ends all recordings; done when they are on disk. */
  async finish(): Promise<void> {
    await Promise.all([...this.#finishing, ...[...this.#rooms.values()].map((room) => room.finishRecordings())]);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
    this.#site?.sideDoor.close();
  }

  get #connections(): number {
    return [...this.#rooms.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #newSite(network: PipeNetwork): Site {
    const { now, random } = this.#options;
    return {
      network,
      iceServers: () => this.#iceServers,
      sideDoor: new SideDoor({ bindAddress: network.bindAddress, port: network.sideDoor, now }),
      now,
      random,
      scratch: new Scratch(),
      failed: (error, where) => this.#failed(error, where),
    };
  }

  #failed(error: unknown, where: string): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.tell({ type: 'failed', where, error: text });
  }

  #open(number: RoomNumber): void {
    if (!this.#site) return;
    const tell = (event: RoomEvent) => this.#options.tell({ type: 'event', room: number, event });
    this.#rooms.set(number, new SfuRoom(this.#site, listenerOf(tell)));
  }

  #close(number: RoomNumber): void {
    const room = this.#rooms.get(number);
    this.#rooms.delete(number);
    if (!room) return;
    room.close();
    const finishing = room.finishRecordings().finally(() => this.#finishing.delete(finishing));
    this.#finishing.add(finishing);
  }

  #tellStatistics(id: number, room: RoomNumber): void {
    this.#options.tell({ type: 'statistics', id, statistics: this.#rooms.get(room)?.statistics() ?? [] });
  }

  #order(number: RoomNumber, command: RoomCommand): void {
    const room = this.#rooms.get(number);
    if (!room) return;
    try {
      carryOut(room, command);
    } catch (error) {
      this.#failed(error, command.type);
    }
    if (command.type === 'stop' || command.type === 'unpublish') {
      const { type: _, ...ended } = command;
      this.#options.tell({ type: 'event', room: number, event: { type: 'ended', ...ended } });
    }
  }

  #tick(): void {
    const now = this.#options.now();
    this.#ticks += 1;
    for (const room of this.#rooms.values()) {
      room.askAgain(now);
      if (this.#ticks % (100 / TICK) === 0) room.askForKeyframes(now);
      if (this.#ticks % (200 / TICK) === 0) room.adapt(now);
      if (this.#ticks % (500 / TICK) === 0) room.reportToReceivers(now);
      if (this.#ticks % (1000 / TICK) === 0) room.reportToPublishers(now);
    }
  }
}

function carryOut(room: SfuRoom, command: RoomCommand): void {
  const { stream } = command;
  switch (command.type) {
    case 'publish':
      room.publish(stream, command.offer, command.codecs);
      return;
    case 'unpublish':
      room.unpublish(stream);
      return;
    case 'publisher-candidate':
      room.publisherCandidate(stream, command.candidate);
      return;
    case 'forward':
      room.forward(stream, command.to, command.wanted);
      return;
    case 'stop':
      room.stop(stream, command.to);
      return;
    case 'answer':
      room.answer(stream, command.to, command.sdp);
      return;
    case 'receiver-candidate':
      room.receiverCandidate(stream, command.to, command.candidate);
      return;
    case 'restart':
      room.restart(stream, command.to);
      return;
    case 'play':
      room.play(stream, command.to, command.order);
      return;
    case 'record':
      room.record(stream, command.order);
      return;
    case 'stop-recording':
      room.stopRecording(stream);
      return;
    default:
      command satisfies never;
  }
}

function listenerOf(tell: (event: RoomEvent) => void): RoomListener {
  return {
    answered: (stream, answer) => tell({ type: 'answered', stream, ...answer }),
    rejected: (stream, reason) => tell({ type: 'rejected', stream, reason }),
    publisherGotCandidate: (stream, candidate) => tell({ type: 'publisher-candidate', stream, candidate }),
    flowing: (stream) => tell({ type: 'flowing', stream }),
    publisherLost: (stream) => tell({ type: 'publisher-lost', stream }),
    offered: (stream, to, offer) => tell({ type: 'offered', stream, to, offer }),
    receiverGotCandidate: (stream, to, candidate) => tell({ type: 'receiver-candidate', stream, to, candidate }),
    played: (stream, to, answer) => tell({ type: 'played', stream, to, ...answer }),
    recordingFailed: (stream, problem) => tell({ type: 'recording-failed', stream, ...problem }),
    undeliverable: (stream, to, reason) => tell({ type: 'undeliverable', stream, to, reason }),
  };
}
