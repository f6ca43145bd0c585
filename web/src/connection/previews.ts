import type { RoomModel } from '../room/room-model.ts';

/** Makes addresses for files of this page, as the global `URL` does. Each holds its file until it is revoked. */
export interface ObjectUrls {
  createObjectURL(file: Blob): string;
  revokeObjectURL(url: string): void;
}

/** Pictures that are shown before the server has them. Whoever opens one closes it, or hands it to a message. */
export class Previews {
  readonly #urls: ObjectUrls;
  /** Shown by messages that are on their way. */
  readonly #handed = new Set<string>();

  constructor(urls: ObjectUrls) {
    this.#urls = urls;
  }

  open(file: Blob): string {
    return this.#urls.createObjectURL(file);
  }

  dispose(url: string): void {
    this.#urls.revokeObjectURL(url);
  }

  /** A pending message shows it from now on: it goes when the last of them does. */
  handOver(url: string): void {
    this.#handed.add(url);
  }

  /** Disposes of what no pending message shows any more. */
  sweep(room: RoomModel): void {
    if (this.#handed.size === 0) return;
    const shown = new Set(
      Object.values(room.threads).flatMap((thread) => thread.pending.map((message) => message.image?.previewUrl)),
    );
    for (const url of this.#handed) if (!shown.has(url)) this.#drop(url);
  }

  close(): void {
    for (const url of this.#handed) this.#drop(url);
  }

  #drop(url: string): void {
    this.#handed.delete(url);
    this.dispose(url);
  }
}
