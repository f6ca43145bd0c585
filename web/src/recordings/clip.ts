/** A recorded file, as it lies on the timeline of what was recorded together. Times are in seconds. */
export interface Clip {
  /** When it begins, from the beginning of the first. */
  readonly offset: number;
  /** Undefined as long as nobody knows. */
  readonly duration: number | undefined;
  /** What it continues: files of the same track are of the same person and show the same. */
  readonly track: string;
  readonly title: string;
}

/** Undefined where it may go on for ever, as far as one knows. */
export function endOf({ offset, duration }: Clip): number | undefined {
  return duration === undefined ? undefined : offset + duration;
}

/** From the `data-` attributes that the server's page has. */
export function clipOf(data: Readonly<Record<string, string | undefined>>): Clip {
  const milliseconds = (text: string | undefined) => (text === undefined || text === '' ? Number.NaN : Number(text));
  const duration = milliseconds(data.duration);
  const offset = milliseconds(data.offset);
  return {
    offset: Number.isFinite(offset) ? offset / 1000 : 0,
    duration: Number.isFinite(duration) ? duration / 1000 : undefined,
    track: data.track ?? '',
    title: data.title ?? '',
  };
}
