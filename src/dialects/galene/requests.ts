import type { StreamCommand } from '../../core/command.ts';
import type { Json, SharedData } from '../../core/json.ts';
import { EVERYTHING_WANTED, NOTHING_WANTED, type Wanted } from '../../core/stream.ts';
import { FieldError, isObject } from './wire.ts';

type RequestStreams = Extract<StreamCommand, { type: 'request-streams' }>;

/**
 * `request`, of either dialect (`spec/galene.md` 1.7 and 1.15): lists of kinds by the stream's label, or, before 0.4,
 * flags by the track's.
 */
export function requestOf(request: SharedData): RequestStreams {
  const values = Object.values(request);
  const isOld = values.length > 0 && values.every((value) => !Array.isArray(value));
  return isOld ? oldRequest(request) : latestRequest(request);
}

function latestRequest(request: SharedData): RequestStreams {
  const byLabel = Object.entries(request).map(([label, value]) => [label, wantedOf(value)] as const);
  return {
    type: 'request-streams',
    byLabel: byLabel.filter(([label]) => label !== ''),
    otherwise: byLabel.find(([label]) => label === '')?.[1] ?? NOTHING_WANTED,
  };
}

/** Kinds that are not known are as good as not there. */
export function wantedOf(value: Json | undefined): Wanted {
  if (value === undefined || value === null) return NOTHING_WANTED;
  if (!Array.isArray(value) || !value.every((kind) => typeof kind === 'string')) {
    throw new FieldError('request must have lists of strings');
  }
  const low = value.includes('video-low') ? 'low' : 'none';
  return { audio: value.includes('audio'), video: value.includes('video') ? 'high' : low };
}

function oldRequest(request: SharedData): RequestStreams {
  if (Object.values(request).some((value) => isObject(value) || typeof value === 'string')) {
    throw new FieldError('request must have flags');
  }
  const [audio, video, screenshare] = ['audio', 'video', 'screenshare'].map((label) => Boolean(request[label]));
  const wanted = (shown: boolean | undefined): Wanted => ({
    audio: audio === true,
    video: shown ? EVERYTHING_WANTED.video : 'none',
  });
  return {
    type: 'request-streams',
    byLabel: [['screenshare', wanted(screenshare)]],
    otherwise: wanted(video),
  };
}
