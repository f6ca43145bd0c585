import type { Media, MediaRoom, MediaRoomOptions } from '../port.ts';
import type { RoomEvent, RoomNumber } from './messages.ts';
import type { SfuOptions } from './options.ts';
import type { PipeNetwork } from './pipe-config.ts';
import { SfuMediaRoom } from './sfu-room.ts';
import { WorkerSlot } from './worker-slot.ts';

/** Forwards in processes of their own: packets never delay chat, and a crash of native code ends no session. */
export class SfuMedia implements Media {
  readonly #slots: readonly WorkerSlot[];
  readonly #rooms = new Map<RoomNumber, SfuMediaRoom>();
  #lastRoom = 0;

  constructor(options: SfuOptions) {
    const { log, patienceMs = 10_000 } = options;
    this.#slots = networks(options).map(
      (network) =>
        new WorkerSlot({
          network,
          log,
          patienceMs,
          iceServers: () => options.iceServers(),
          onEvent: (room, event) => this.#hear(room, event),
          onDeath: (rooms) => this.#died(rooms),
        }),
    );
  }

  /** For operators and tests: the processes that forward now. */
  get pids(): readonly number[] {
    return this.#slots.flatMap(({ pid }) => pid ?? []);
  }

  open(_name: string, options: MediaRoomOptions): MediaRoom {
    const slot = this.#slots.reduce((least, each) => (each.load < least.load ? each : least));
    this.#lastRoom += 1;
    const number = this.#lastRoom;
    const room = new SfuMediaRoom(options, {
      order: (command) => slot.order(number, command),
      statistics: () => slot.statistics(number),
      close: () => {
        slot.close(number);
        this.#rooms.delete(number);
      },
    });
    this.#rooms.set(number, room);
    slot.open(number);
    return room;
  }

  async close(): Promise<void> {
    for (const room of [...this.#rooms.values()]) room.close();
    await Promise.all(this.#slots.map((slot) => slot.end()));
  }

  #hear(room: RoomNumber, event: RoomEvent): void {
    this.#rooms.get(room)?.hear(event);
  }

  #died(rooms: readonly RoomNumber[]): void {
    for (const room of rooms) this.#rooms.get(room)?.died();
  }
}

/** What each worker may use: a part of the range of ports, or a port that carries everything. */
function networks(options: SfuOptions): readonly PipeNetwork[] {
  const { bindAddress, announced, relayOnly = false, ports } = options;
  const shared = { ...(bindAddress === undefined ? {} : { bindAddress }), announced, relayOnly };
  const wanted = Math.max(1, Math.floor(options.workers));
  if (ports === undefined) return Array.from({ length: wanted }, () => shared);
  if ('shared' in ports) {
    const each = ports.shared.slice(0, wanted);
    if (each.length === 0) throw new RangeError('forwarding needs at least one port');
    return each.map((port, index) => {
      const sideDoor = ports.sideDoors?.[index];
      const own = { begin: port, end: port, isShared: true };
      return { ...shared, ports: own, ...(sideDoor === undefined ? {} : { sideDoor }) };
    });
  }
  return parts(ports, wanted).map((part) => ({ ...shared, ports: { ...part, isShared: false } }));
}

function parts(
  { begin, end }: { readonly begin: number; readonly end: number },
  wanted: number,
): readonly { readonly begin: number; readonly end: number }[] {
  const all = end - begin + 1;
  if (all < 1) throw new RangeError(`ports ${begin} to ${end} are no range`);
  const count = Math.min(wanted, all);
  return Array.from({ length: count }, (_, i) => ({
    begin: begin + Math.floor((all * i) / count),
    end: begin + Math.floor((all * (i + 1)) / count) - 1,
  }));
}
