/** Where the bytes of a file go that somebody sends us. */
export interface FileSink {
  write(chunk: ArrayBuffer): Promise<void>;
  /** It is complete. What saves it once more, where that can be done. */
  finish(): Promise<(() => void) | undefined>;
  /** It will not be. */
  discard(): void;
}

/** Handed to the browser as a whole, which then may put it on a disk: single chunks would stay in memory. */
const PART_BYTES = 4 * 1024 * 1024;
/**
 * Of a file that is kept by the browser until it is complete. Those that can write to a disk while it comes take any
 * size; the others begin to fail somewhere above this.
 */
export const MAX_KEPT_BYTES = 1024 * 1024 * 1024;

/** Keeps it until it is complete, and then has it saved. */
export function keepingSink(save: (file: Blob) => void): FileSink {
  const parts: Blob[] = [];
  let chunks: ArrayBuffer[] = [];
  let bytes = 0;
  const pack = () => {
    parts.push(new Blob(chunks));
    chunks = [];
    bytes = 0;
  };
  return {
    async write(chunk) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes >= PART_BYTES) pack();
    },
    async finish() {
      pack();
      // Of no type: whatever it is, no browser shall show it as a page of ours.
      const file = new Blob(parts, { type: 'application/octet-stream' });
      save(file);
      return () => save(file);
    },
    discard() {
      parts.length = 0;
      chunks = [];
    },
  };
}

/** As much of a `FileSystemWritableFileStream` as is used. */
export interface WritableFile {
  write(chunk: ArrayBuffer): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** Writes it to a file of the person's choice as it comes. */
export function writingSink(file: WritableFile): FileSink {
  return {
    write: (chunk) => file.write(chunk),
    async finish() {
      await file.close();
      return undefined;
    },
    discard: () => void file.abort().catch(() => undefined),
  };
}
