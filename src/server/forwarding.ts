import type { Config } from '../config/config.ts';
import type { IceServer } from '../dialects/dialect.ts';
import type { Media, MediaRoom, MediaRoomOptions } from '../media/port.ts';
import type { SfuLog, SfuOptions } from '../media/sfu/options.ts';
import { SfuMedia } from '../media/sfu/sfu-media.ts';

interface House {
  readonly log: SfuLog;
  iceServers(): readonly IceServer[];
}

/** What forwards streams, where the operator wants it. */
export function forwarding(config: Config, house: House): Media | undefined {
  return config.media.enabled ? new ForwardingAtNeed(() => unit(config, house)) : undefined;
}

function unit(config: Config, house: House): SfuMedia {
  return new SfuMedia(forwardingOptions(config, house));
}

export function forwardingOptions({ media, galene }: Config, house: House): SfuOptions {
  const { workers, port } = media;
  return {
    workers,
    ...(port === 0 ? {} : { ports: mediaPorts(media) }),
    announced: media.addresses,
    relayOnly: galene.relayOnly,
    iceServers: () => house.iceServers(),
    log: house.log,
  };
}

/** UDP ports of the workers, one after the other, then those of their side doors. */
export function mediaPorts({ port, workers }: Pick<Config['media'], 'port' | 'workers'>) {
  const from = (first: number) => Array.from({ length: workers }, (_, index) => first + index);
  return { shared: from(port), sideDoors: from(port + workers).filter((each) => each <= 65_535) };
}

/** Begins its processes with the first stream: a server that only talks has none. */
class ForwardingAtNeed implements Media {
  readonly #begin: () => SfuMedia;
  #media: SfuMedia | undefined;

  constructor(begin: () => SfuMedia) {
    this.#begin = begin;
  }

  open(room: string, options: MediaRoomOptions): MediaRoom {
    this.#media ??= this.#begin();
    return this.#media.open(room, options);
  }

  async close(): Promise<void> {
    await this.#media?.close();
  }
}
