import { readFileSync } from 'node:fs';
import type { GaleneFrame } from '../../../../src/dialects/galene/client.ts';

/** Recorded of the original's own web clients, of the latest one and the one of April 2021, against a stub. */
export type CaptureName = 'latest-plain' | 'latest-downstream' | 'latest-simulcast' | 'latest-robustness' | 'seed';

export interface CapturedFrame {
  readonly from: 'client' | 'server';
  readonly frame: GaleneFrame;
}

export function capture(name: CaptureName): readonly CapturedFrame[] {
  const file = new URL(`../captures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as readonly CapturedFrame[];
}

/** What the client offered, in order. */
export function offersOf(name: CaptureName): readonly GaleneFrame[] {
  return capture(name).flatMap(({ from, frame }) => (from === 'client' && frame.type === 'offer' ? [frame] : []));
}
