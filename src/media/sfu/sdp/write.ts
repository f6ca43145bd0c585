import type { OfferedCodec } from './codecs.ts';
import type { TransportParameters } from './description.ts';
import type { ExtensionIds } from './extensions.ts';

/** What is the same in everything that we write. */
export interface Ends {
  /** Ours. */
  readonly transport: TransportParameters;
  /** Those that are known by now, `candidate:` and what follows. */
  readonly candidates: readonly string[];
  readonly session: { readonly id: string; readonly version: number };
}

export function sessionLines(
  { transport, session }: Ends,
  { bundle, allowsMixed }: { readonly bundle: readonly string[]; readonly allowsMixed: boolean },
): readonly string[] {
  const { algorithm, value } = transport.fingerprint;
  return [
    'v=0',
    `o=- ${session.id} ${session.version} IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    ...(bundle.length > 0 ? [`a=group:BUNDLE ${bundle.join(' ')}`] : []),
    'a=ice-options:trickle',
    ...(allowsMixed ? ['a=extmap-allow-mixed'] : []),
    'a=msid-semantic:WMS *',
    `a=fingerprint:${algorithm} ${value}`,
  ];
}

export function transportLines({ transport }: Ends): readonly string[] {
  return [
    'c=IN IP4 0.0.0.0',
    `a=setup:${transport.setup}`,
    `a=ice-ufrag:${transport.ufrag}`,
    `a=ice-pwd:${transport.pwd}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
  ];
}

const FEEDBACK: readonly string[] = ['goog-remb', 'nack', 'nack pli', 'ccm fir'];

/** With the feedback of `spec/galene.md` 2.3: all for video, none for audio. */
export function codecLines(media: string, codec: OfferedCodec): readonly string[] {
  const { payloadType, map, parameters, repair } = codec;
  return [
    `a=rtpmap:${payloadType} ${map}`,
    ...(parameters === undefined ? [] : [`a=fmtp:${payloadType} ${parameters}`]),
    ...(media === 'video' ? FEEDBACK.map((name) => `a=rtcp-fb:${payloadType} ${name}`) : []),
    ...(repair === undefined ? [] : [`a=rtpmap:${repair} rtx/90000`, `a=fmtp:${repair} apt=${payloadType}`]),
  ];
}

/** Of the media line. */
export function formatsOf({ payloadType, repair }: OfferedCodec): string {
  return repair === undefined ? String(payloadType) : `${payloadType} ${repair}`;
}

/** What is sent in one section, and the names under which the receiver's browser shows it. */
export interface SentTrack {
  readonly ssrc: number;
  readonly repairSsrc: number | undefined;
  readonly msid: { readonly stream: string; readonly track: string };
  readonly cname: string;
}

export function sentLines(codec: OfferedCodec, { ssrc, repairSsrc, msid, cname }: SentTrack): readonly string[] {
  const names = `${msid.stream} ${msid.track}`;
  const repairs = codec.repair === undefined || repairSsrc === undefined ? [] : [repairSsrc];
  const ssrcs = [ssrc, ...repairs];
  return [
    ...(repairs.length > 0 ? [`a=ssrc-group:FID ${ssrcs.join(' ')}`] : []),
    ...ssrcs.flatMap((each) => [`a=ssrc:${each} cname:${cname}`, `a=ssrc:${each} msid:${names}`]),
    `a=msid:${names}`,
    'a=sendonly',
  ];
}

/** Whatever a client may have as an id, in a description it is one word. */
export function streamName(stream: string): string {
  return stream.replace(/[^\w.{}+-]/g, '_').slice(0, 128);
}

/** Whether extensions have to be written in both forms: those that are long are (RFC 8285 6). */
export function needsMixed(sections: readonly ExtensionIds[]): boolean {
  return sections.some(({ dependencyDescriptor }) => dependencyDescriptor !== undefined);
}

export function asText(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}
