/** Larger messages do not pass between all browsers (`spec/galene.md` 5.2). */
export const CHUNK_BYTES = 16_384;
/** Read at once. */
const SLICE_BYTES = 16 * CHUNK_BYTES;
/** What waits to be sent: enough that the network always has something to do. */
const FULL_BYTES = 1024 * 1024;
const LOW_BYTES = 256 * 1024;

/** Sends a whole file, as fast as the channel takes it. Rejects where it cannot be read, or the channel closes. */
export async function sendFile(file: Blob, channel: RTCDataChannel, moved: (bytes: number) => void): Promise<void> {
  channel.bufferedAmountLowThreshold = LOW_BYTES;
  // Whoever receives a file waits for a message to look whether it is complete.
  if (file.size === 0) channel.send(new ArrayBuffer(0));
  for (let offset = 0; offset < file.size; offset += SLICE_BYTES) {
    const slice = await file.slice(offset, offset + SLICE_BYTES).arrayBuffer();
    for (let start = 0; start < slice.byteLength; start += CHUNK_BYTES) {
      if (channel.bufferedAmount > FULL_BYTES) await drained(channel);
      channel.send(slice.slice(start, start + CHUNK_BYTES));
    }
    moved(offset + slice.byteLength);
  }
}

function drained(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => () => {
      channel.removeEventListener('bufferedamountlow', low);
      channel.removeEventListener('close', closed);
      settle();
    };
    const low = done(resolve);
    const closed = done(() => reject(new Error('The connection was closed.')));
    channel.addEventListener('bufferedamountlow', low);
    channel.addEventListener('close', closed);
  });
}
