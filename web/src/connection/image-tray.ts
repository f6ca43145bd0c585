import type { WireTarget } from '../../../src/dialects/parlour/wire.ts';
import { t } from '../i18n/t.ts';
import { cell } from '../room/store.ts';
import type { PendingImage } from '../room/thread.ts';
import type { Previews } from './previews.ts';
import { errorText } from './server.ts';

/** An image that was chosen and not sent yet. */
export interface TrayImage {
  readonly id: number;
  readonly file: File;
  readonly previewUrl: string;
  /** From 0 to 1 while it is sent. */
  readonly progress?: number;
}

export interface TrayState {
  readonly images: readonly TrayImage[];
  readonly sending: boolean;
}

export interface ImageTrayOptions {
  readonly maxImageBytes: number;
  readonly permits: (target: WireTarget) => boolean;
  readonly previews: Previews;
  /** Resolves to the attachment's id; progress is from 0 to 1. */
  readonly upload: (file: File, onProgress: (part: number) => void) => Promise<string>;
  readonly post: (target: WireTarget, image: PendingImage) => void;
  readonly complain: (text: string) => void;
}

export const MAX_IMAGES = 10;

/** Images wait here until they are looked at and sent. They go to the thread that is open then. */
export class ImageTray {
  readonly state = cell<TrayState>({ images: [], sending: false });
  readonly #options: ImageTrayOptions;
  #lastId = 0;
  #closed = false;

  constructor(options: ImageTrayOptions) {
    this.#options = options;
  }

  /** Takes what is an image, small enough, and permitted there; says what it does not take. */
  add(files: readonly File[], target: WireTarget): void {
    const { images } = this.state.get();
    const sound = files.filter((file) => this.#accepts(file, target));
    const accepted = sound.slice(0, MAX_IMAGES - images.length);
    if (accepted.length < sound.length) this.#options.complain(t('image.too-many', { count: MAX_IMAGES }));
    const added = accepted.map((file) => ({
      id: ++this.#lastId,
      file,
      previewUrl: this.#options.previews.open(file),
    }));
    this.#change({ images: [...images, ...added] });
  }

  remove(id: number): void {
    const gone = this.state.get().images.find((image) => image.id === id);
    if (!gone) return;
    this.#options.previews.dispose(gone.previewUrl);
    this.#take(id);
  }

  /** Sends all, in order; from the first that fails on they stay. */
  async send(target: WireTarget): Promise<void> {
    const { images, sending } = this.state.get();
    if (sending || images.length === 0) return;
    // They may have been chosen for another thread.
    if (!this.#options.permits(target)) {
      this.#options.complain(t('image.no-photos'));
      return;
    }
    this.#change({ sending: true });
    try {
      for (const image of images) await this.#sendOne(image, target);
    } catch (error) {
      if (!this.#closed) this.#options.complain(errorText(error));
    }
    this.#change({ sending: false, images: this.state.get().images.map(({ progress: _, ...image }) => image) });
  }

  close(): void {
    this.#closed = true;
    for (const { previewUrl } of this.state.get().images) this.#options.previews.dispose(previewUrl);
    this.#change({ images: [] });
  }

  async #sendOne({ id, file, previewUrl }: TrayImage, target: WireTarget): Promise<void> {
    const { upload, post, previews } = this.#options;
    const fileName = file.name;
    // Taken out while those before it were sent.
    if (!this.state.get().images.some((image) => image.id === id)) return;
    this.#advance(id, 0);
    const attachment = await upload(file, (part) => this.#advance(id, part)).catch((error: unknown) => {
      throw error instanceof Error && error.message ? error : new Error(t('image.failed', { name: fileName }));
    });
    if (this.#closed) return;
    post(target, { attachment, fileName, previewUrl });
    previews.handOver(previewUrl);
    this.#take(id);
  }

  #accepts(file: File, target: WireTarget): boolean {
    const { maxImageBytes, permits, complain } = this.#options;
    const name = file.name || 'image';
    const refusal = !permits(target)
      ? t('image.no-photos')
      : !file.type.startsWith('image/')
        ? t('image.not-image', { name })
        : file.size > maxImageBytes
          ? t('image.too-large', { name, size: Math.floor(maxImageBytes / 1_048_576) })
          : undefined;
    if (refusal !== undefined) complain(refusal);
    return refusal === undefined;
  }

  #advance(id: number, progress: number): void {
    this.#change({
      images: this.state.get().images.map((image) => (image.id === id ? { ...image, progress } : image)),
    });
  }

  #take(id: number): void {
    this.#change({ images: this.state.get().images.filter((image) => image.id !== id) });
  }

  #change(change: Partial<TrayState>): void {
    this.state.dispatch({ ...this.state.get(), ...change });
  }
}
