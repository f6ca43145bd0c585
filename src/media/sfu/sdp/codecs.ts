import type { CodecName } from '../../port.ts';
import type { Codec, Section } from './description.ts';

/** A publisher's codec, as they send it and as we offer it to receivers. */
export interface ChosenCodec {
  readonly name: CodecName;
  /** The publisher's. */
  readonly payloadType: number;
  readonly clockRate: number;
  /** Ours towards receivers (`spec/galene.md` 2.7). */
  readonly offered: OfferedCodec;
}

export interface OfferedCodec {
  readonly payloadType: number;
  /** `VP8/90000` */
  readonly map: string;
  readonly parameters?: string;
  /** Of what is sent again as a stream of its own (RFC 4588). */
  readonly repair?: number;
}

/** The first codec of a section, in the order its browser prefers, that may be used here. */
export function chooseCodec(section: Section, allowed: readonly CodecName[]): ChosenCodec | undefined {
  for (const codec of section.codecs) {
    const known = KNOWN.find(({ media, matches }) => media === section.media && matches(codec));
    if (!known || !allowed.includes(known.name)) continue;
    const { name, offered } = known;
    return { name, payloadType: codec.payloadType, clockRate: codec.clockRate, offered };
  }
  return undefined;
}

/**
 * A codec of a publisher with the numbers that a receiver's section gives to it, and to what is sent again of it;
 * undefined where they do not know it.
 */
export function numberedBy(section: Section, published: OfferedCodec): OfferedCodec | undefined {
  const known = KNOWN.find(({ offered }) => offered === published);
  const codec = section.codecs.find((each) => known?.matches(each)) ?? greaterH264(section, published);
  if (!codec || known?.media !== section.media) return undefined;
  const { payloadType } = codec;
  const repair = repairType(section, payloadType);
  const parameters = isH264(published) ? h264Parameters(codec, published) : published.parameters;
  return {
    payloadType,
    map: published.map,
    ...(parameters === undefined ? {} : { parameters }),
    ...(repair === undefined ? {} : { repair }),
  };
}

/** What is sent in H.264's simplest profiles, decoders of its greater ones can read. */
function greaterH264({ codecs }: Section, published: OfferedCodec): Codec | undefined {
  const known = isH264(published) ? codecs.filter(isWholeH264) : [];
  const find = (profiles: RegExp) => known.find((codec) => profiles.test(profileOf(codec)));
  return find(/^42[0-9a-f]{4}$/) ?? find(/^(4d|64)[0-9a-f]{4}$/);
}

/** An answer has the profile of the offer (RFC 6184 8.2.2). */
function h264Parameters(codec: Codec, { payloadType, parameters }: OfferedCodec): string | undefined {
  const profile = profileOf(codec);
  return /^[0-9a-f]{6}$/.test(profile) ? h264(payloadType, profile).parameters : parameters;
}

function isH264({ map }: OfferedCodec): boolean {
  return map === 'H264/90000';
}

/** The payload type under which a section has what is sent again of another (RFC 4588). */
export function repairType({ codecs }: Section, payloadType: number): number | undefined {
  return codecs.find(({ name, parameters }) => name === 'rtx' && parameters.get('apt') === String(payloadType))
    ?.payloadType;
}

interface KnownCodec {
  readonly name: CodecName;
  readonly media: 'audio' | 'video';
  readonly offered: OfferedCodec;
  matches(codec: Codec): boolean;
}

const OPUS = 'minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1';

const KNOWN: readonly KnownCodec[] = [
  video('vp8', { payloadType: 96, map: 'VP8/90000', repair: 97 }, () => true),
  video('vp9', { payloadType: 98, map: 'VP9/90000', parameters: 'profile-id=0', repair: 99 }, hasProfile('0')),
  video('vp9', { payloadType: 100, map: 'VP9/90000', parameters: 'profile-id=2', repair: 101 }, hasProfile('2')),
  video('av1', { payloadType: 35, map: 'AV1/90000', repair: 36 }, () => true),
  video('h264', h264(108, '42e01f'), (codec) => isWholeH264(codec) && profileOf(codec).startsWith('42e0')),
  video('h264', h264(102, '42001f'), (codec) => isWholeH264(codec) && /^(4200|$)/.test(profileOf(codec))),
  {
    name: 'opus',
    media: 'audio',
    offered: { payloadType: 111, map: 'opus/48000/2', parameters: OPUS },
    matches: (codec) => codec.name === 'opus' && codec.clockRate === 48_000,
  },
  telephone('g722', { payloadType: 9, map: 'G722/8000' }),
  telephone('pcmu', { payloadType: 0, map: 'PCMU/8000' }),
  telephone('pcma', { payloadType: 8, map: 'PCMA/8000' }),
];

function video(name: CodecName, offered: OfferedCodec, matches: (codec: Codec) => boolean): KnownCodec {
  const isIt = (codec: Codec) => codec.name === name && codec.clockRate === 90_000 && matches(codec);
  return { name, media: 'video', offered, matches: isIt };
}

function telephone(name: CodecName, offered: OfferedCodec): KnownCodec {
  const matches = (codec: Codec) => codec.name === name && codec.clockRate === 8000 && codec.channels === 1;
  return { name, media: 'audio', offered, matches };
}

function hasProfile(profile: string): (codec: Codec) => boolean {
  return ({ parameters }) => (parameters.get('profile-id') ?? '0') === profile;
}

function h264(payloadType: number, profile: string): OfferedCodec {
  const parameters = `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`;
  return { payloadType, map: 'H264/90000', parameters, repair: payloadType + 1 };
}

/** Packets of the other mode are no part of what receivers are offered. */
function isWholeH264({ name, parameters }: Codec): boolean {
  return name === 'h264' && parameters.get('packetization-mode') === '1';
}

function profileOf({ parameters }: Codec): string {
  return (parameters.get('profile-level-id') ?? '').toLowerCase();
}
