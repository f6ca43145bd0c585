/** Where one is in a recording. Positions are in seconds, times in milliseconds. */
export interface Clock {
  readonly position: number;
  /** When that was. */
  readonly at: number;
  /** 1 is as it was. */
  readonly rate: number;
  readonly isRunning: boolean;
}

export const STOPPED: Clock = { position: 0, at: 0, rate: 1, isRunning: false };

export function positionAt({ position, at, rate, isRunning }: Clock, now: number): number {
  return isRunning ? position + ((now - at) / 1000) * rate : position;
}

/** From now on otherwise; what is not said goes on as it was. */
export function changed(clock: Clock, now: number, change: Partial<Omit<Clock, 'at'>>): Clock {
  return { ...clock, position: positionAt(clock, now), ...change, at: now };
}
