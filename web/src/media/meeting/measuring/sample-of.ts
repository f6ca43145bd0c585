import { readStats, type StatsSample } from './stats-sample.ts';

interface SampleOptions {
  /** Milliseconds. */
  readonly at: number;
  readonly direction: 'in' | 'out';
}

/** What a connection counted up to now. */
export async function sampleOf(pc: RTCPeerConnection, { at, direction }: SampleOptions): Promise<StatsSample> {
  const entries: Record<string, unknown>[] = [];
  const report = await pc.getStats();
  report.forEach((entry: Record<string, unknown>) => {
    entries.push(entry);
  });
  return readStats(entries, { at, direction, isConnected: pc.connectionState === 'connected' });
}
