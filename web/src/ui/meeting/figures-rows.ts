import { t } from '../../i18n/t.ts';
import type { Figures } from '../../media/meeting/measuring/figures.ts';
import type { SizeWanted } from '../../media/meeting/wanting.ts';

export interface FigureRow {
  readonly name: string;
  readonly value: string;
}

interface About {
  readonly figures: Figures;
  /** Of a stream that we receive: what was asked for, where it is not the largest. */
  readonly asked?: SizeWanted | undefined;
}

/** What is said of a stream, line by line; what the browser does not count is left out. */
export function figureRows({ figures, asked }: About): readonly FigureRow[] {
  const { video, audio, loss, rttMs, jitterMs, direction } = figures;
  const rows: (FigureRow | false)[] = [
    video !== undefined && row('picture', pictureOf(video)),
    video?.sizes !== undefined && video.sizes.length > 1 && row('sizes', sizesOf(video.sizes)),
    video !== undefined && row('video', coded(video)),
    audio !== undefined && row('audio', coded(audio)),
    row(direction === 'in' ? 'loss' : 'resent', `${(loss * 100).toFixed(1)} %`),
    rttMs !== undefined && row('rtt', `${Math.round(rttMs)} ms`),
    direction === 'in' && jitterMs !== undefined && row('jitter', `${Math.round(jitterMs)} ms`),
    direction === 'in' && asked !== undefined && asked !== 'high' && row('asked', t(`figures.asked-${asked}`)),
    video?.limitedBy !== undefined && row('limited', t(`figures.by-${video.limitedBy}`)),
  ];
  return rows.filter((each) => each !== false);
}

type RowName = 'picture' | 'sizes' | 'video' | 'audio' | 'loss' | 'resent' | 'rtt' | 'jitter' | 'asked' | 'limited';

function row(name: RowName, value: string): FigureRow {
  return { name: t(`figures.${name}`), value };
}

function pictureOf({ width, height, frames }: NonNullable<Figures['video']>): string {
  return width === 0 ? t('figures.none') : `${width} × ${height}, ${Math.round(frames)}/s`;
}

function sizesOf(sizes: NonNullable<NonNullable<Figures['video']>['sizes']>): string {
  return sizes.map(({ width, height }) => `${width} × ${height}`).join(', ');
}

function coded({ bitrate, codec = '' }: { readonly bitrate: number; readonly codec?: string }): string {
  return `${formatBitrate(bitrate)} ${codec}`.trim();
}

/** Bits a second, as people say it. */
export function formatBitrate(bits: number): string {
  return bits < 999_500 ? `${Math.round(bits / 1000)} kbit/s` : `${(bits / 1_000_000).toFixed(1)} Mbit/s`;
}
