import { t } from '../i18n/t.ts';
import {
  type FileSink,
  keepingSink,
  MAX_KEPT_BYTES,
  type WritableFile,
  writingSink,
} from '../media/transfers/file-sink.ts';

/** Below, the browser puts it where it puts all downloads; nobody is asked for a place. */
const ASKED_FROM_BYTES = 64 * 1024 * 1024;
const URL_HELD_MS = 60_000;

interface SavePicker {
  showSaveFilePicker?(options: {
    readonly suggestedName: string;
  }): Promise<{ createWritable(): Promise<WritableFile> }>;
}

/**
 * Where a file goes that somebody sends: to a file of the person's choice as it comes, where it is large and the browser
 * can do that; else to the downloads, once it is complete. Nothing where they choose none. Rejects with words for people
 * where it is too large.
 */
export async function openSink({
  name,
  size,
}: {
  readonly name: string;
  readonly size: number;
}): Promise<FileSink | undefined> {
  const page: SavePicker = window as SavePicker;
  if (page.showSaveFilePicker && size >= ASKED_FROM_BYTES) {
    try {
      const file = await page.showSaveFilePicker({ suggestedName: name });
      return writingSink(await file.createWritable());
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return undefined;
      if (size > MAX_KEPT_BYTES) throw error;
    }
  }
  if (size > MAX_KEPT_BYTES) throw new Error(t('files.too-large'));
  return keepingSink((file) => save(file, name));
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it from there while it saves it.
  window.setTimeout(() => URL.revokeObjectURL(url), URL_HELD_MS);
}
