import type { RoomFrame } from '../../../../src/dialects/parlour/wire.ts';
import type { StatsSample } from './measuring/stats-sample.ts';
import { type MeetingPorts, SCREEN_LABEL } from './meeting-ports.ts';
import { Publication } from './publication.ts';
import type { Sayings } from './sayings.ts';

interface ScreenShareOptions {
  /** Taken over; its tracks are stopped in the end. */
  readonly stream: MediaStream;
  readonly ports: MeetingPorts;
  readonly sayings: Sayings;
  /** By the browser's own bar, or by the server. */
  readonly ended: () => void;
}

/** Our screen, with its sound where the browser gives it. */
export class ScreenShare {
  readonly stream: MediaStream;
  readonly #publication: Publication;

  constructor({ stream, ports, sayings, ended }: ScreenShareOptions) {
    this.stream = stream;
    const over = () => {
      this.close();
      ended();
    };
    for (const track of stream.getVideoTracks()) {
      // Text is to be read: rather fewer pictures than blurred ones.
      track.contentHint = 'detail';
      track.onended = over;
    }
    this.#publication = new Publication({ label: SCREEN_LABEL, media: stream, ports, sayings, ended: over });
  }

  received(frame: RoomFrame): boolean {
    return this.#publication.received(frame);
  }

  anew(): void {
    this.#publication.anew();
  }

  /** Others came or went. */
  peopleChanged(): void {
    this.#publication.peopleChanged();
  }

  sample(at: number): Promise<StatsSample | undefined> {
    return this.#publication.sample(at);
  }

  close(): void {
    this.#publication.close();
    for (const track of this.stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
  }
}
