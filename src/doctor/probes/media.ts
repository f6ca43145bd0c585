import { randomBytes } from 'node:crypto';

/** The part of forwarding that is asked here: an offer goes in, an answer and candidates come out. */
export interface MediaTrial {
  /** Resolves with the lines of all candidates that a browser would be told. Rejects where there is no answer. */
  tell(offer: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Of host candidates, each once. */
export async function addressesTold(trial: MediaTrial): Promise<readonly string[] | { readonly problem: string }> {
  try {
    const lines = await trial.tell(madeUpOffer());
    return [...new Set(lines.flatMap((line) => / (\S+) \d+ typ host/.exec(line)?.[1] ?? []))];
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    await trial.close();
  }
}

/** Of somebody with a microphone, who will never connect. */
function madeUpOffer(): string {
  const fingerprint = Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
  return [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0'],
    ...['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sendonly', 'a=rtcp-mux'],
    ...['a=rtpmap:111 opus/48000/2', 'a=setup:actpass', `a=ice-ufrag:${randomBytes(3).toString('hex')}`],
    ...[`a=ice-pwd:${randomBytes(16).toString('hex')}`, `a=fingerprint:sha-256 ${fingerprint}`, ''],
  ].join('\r\n');
}
