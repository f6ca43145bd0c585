import type { Codec, MediaKind } from './client-codecs.ts';
import type { TransportParameters } from './client-datachannel-pipe.ts';

export const MID_EXTENSION = 'urn:ietf:params:rtp-hdrext:sdes:mid';
export const RID_EXTENSION = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
export const REPAIRED_RID_EXTENSION = 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id';

export type Direction = 'sendonly' | 'recvonly' | 'sendrecv' | 'inactive';

/** One section of a description, as far as it concerns us. */
export interface MediaSection {
  readonly kind: MediaKind;
  readonly mid: string;
  /** A refused section has port 0. */
  readonly isRefused: boolean;
  readonly direction: Direction;
  readonly codecs: readonly Codec[];
  /** Ids of header extensions by their names. */
  readonly extensions: ReadonlyMap<string, number>;
  readonly ssrcs: readonly number[];
  readonly cname: string;
  /** The stream and the track. */
  readonly msid: readonly [string, string] | undefined;
  readonly rids: readonly string[];
  readonly simulcast: 'send' | 'recv' | undefined;
}

export interface SdpDescription {
  readonly transport: TransportParameters;
  readonly sections: readonly MediaSection[];
  readonly candidates: readonly string[];
}

/** Throws where it is no description of a connection with sound or pictures. */
export function parseSdp(sdp: string): SdpDescription {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m);
  if (!session.startsWith('v=0')) throw new Error('Not an SDP.');
  const sections = media.map(parseSection);
  const inUse = media.find((text) => !/^m=\w+ 0 /.test(text)) ?? '';
  return {
    transport: parseTransport(session, inUse),
    sections,
    candidates: valuesOf(sdp, 'candidate').map(asCandidate),
  };
}

function asCandidate(value: string): string {
  return `candidate:${value}`;
}

function parseTransport(session: string, section: string): TransportParameters {
  const value = (key: string) => valuesOf(section, key)[0] ?? valuesOf(session, key)[0];
  const [ufrag, pwd, fingerprint] = [value('ice-ufrag'), value('ice-pwd'), value('fingerprint')];
  if (!ufrag || !pwd || !fingerprint) throw new Error('An SDP without ICE credentials or a fingerprint.');
  const setup = value('setup');
  return { ufrag, pwd, fingerprint, setup: setup === 'active' || setup === 'passive' ? setup : 'actpass' };
}

function parseSection(text: string): MediaSection {
  const [, kind = '', port = '', payloads = ''] = /^m=(\w+) (\d+) \S+ ?(.*?)\s*$/m.exec(text) ?? [];
  if (kind !== 'audio' && kind !== 'video') throw new Error(`A section of an unknown kind: ${kind}`);
  const ssrcs = valuesOf(text, 'ssrc').map((line) => /^(\d+) (\w+):?(.*)$/.exec(line) ?? []);
  const [stream, track] = valuesOf(text, 'msid')[0]?.split(' ') ?? [];
  return {
    kind,
    mid: valuesOf(text, 'mid')[0] ?? '',
    isRefused: port === '0',
    direction: directionOf(text),
    codecs: payloads.split(' ').flatMap((payload) => parseCodec(text, Number(payload))),
    extensions: new Map(valuesOf(text, 'extmap').map(parseExtension)),
    ssrcs: [...new Set(ssrcs.map(([, id]) => Number(id)))],
    cname: ssrcs.find(([, , attribute]) => attribute === 'cname')?.[3] ?? '',
    msid: stream === undefined ? undefined : [stream, track ?? ''],
    rids: valuesOf(text, 'rid').map((line) => line.split(' ')[0] ?? ''),
    simulcast: /^a=simulcast:\s*(send|recv)/m.exec(text)?.[1] as 'send' | 'recv' | undefined,
  };
}

function directionOf(text: string): Direction {
  const found = /^a=(sendonly|recvonly|sendrecv|inactive)\s*$/m.exec(text)?.[1];
  return (found ?? 'sendrecv') as Direction;
}

/** G.722 and its like have fixed numbers, and need no line. */
const FIXED: Readonly<Record<number, string>> = { 0: 'PCMU/8000', 8: 'PCMA/8000', 9: 'G722/8000' };

function parseCodec(text: string, payloadType: number): Codec[] {
  const of = (key: string) =>
    valuesOf(text, key).flatMap((line) =>
      line.startsWith(`${payloadType} `) ? [line.slice(`${payloadType} `.length)] : [],
    );
  const [name, clockRate, channels] = (of('rtpmap')[0] ?? FIXED[payloadType] ?? '').split('/');
  if (!name) return [];
  const [fmtp] = of('fmtp');
  return [
    {
      ...{ payloadType, name, clockRate: Number(clockRate), feedback: of('rtcp-fb') },
      ...(channels === undefined ? {} : { channels: Number(channels) }),
      ...(fmtp === undefined ? {} : { fmtp }),
    },
  ];
}

function parseExtension(line: string): [string, number] {
  const [id = '', uri = ''] = line.split(' ');
  return [uri, Number.parseInt(id, 10)];
}

function valuesOf(text: string, key: string): string[] {
  return [...text.matchAll(new RegExp(`^a=${key}:(.*?)\\s*$`, 'gm'))].map(([, value = '']) => value.trim());
}

export interface SdpHead {
  readonly sessionId: number;
  readonly version: number;
  readonly transport: TransportParameters;
}

/** As browsers write it: parameters in each section, candidates by frames of their own. */
export function writeSdp({ sessionId, version, transport }: SdpHead, sections: readonly MediaSection[]): string {
  const bundled = sections.filter(({ isRefused }) => !isRefused).map(({ mid }) => mid);
  const lines = [
    'v=0',
    `o=- ${sessionId} ${version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${bundled.join(' ')}`,
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS *',
    ...sections.flatMap((section) => writeSection(section, transport)),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function writeSection(section: MediaSection, transport: TransportParameters): string[] {
  const { kind, mid, isRefused, direction, codecs, msid } = section;
  const payloads = codecs.map(({ payloadType }) => payloadType).join(' ');
  return [
    `m=${kind} ${isRefused ? 0 : 9} UDP/TLS/RTP/SAVPF ${payloads || 0}`,
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${transport.ufrag}`,
    `a=ice-pwd:${transport.pwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:${transport.fingerprint}`,
    `a=setup:${transport.setup}`,
    `a=mid:${mid}`,
    ...[...section.extensions].map(([uri, id]) => `a=extmap:${id} ${uri}`),
    `a=${isRefused ? 'inactive' : direction}`,
    ...(msid ? [`a=msid:${msid.join(' ')}`] : []),
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...codecs.flatMap(writeCodec),
    ...section.ssrcs.flatMap((ssrc) => writeSsrc(ssrc, section)),
    ...writeSimulcast(section),
  ];
}

function writeCodec({ payloadType, name, clockRate, channels, fmtp, feedback }: Codec): string[] {
  return [
    `a=rtpmap:${payloadType} ${name}/${clockRate}${channels ? `/${channels}` : ''}`,
    ...feedback.map((each) => `a=rtcp-fb:${payloadType} ${each}`),
    ...(fmtp === undefined ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
  ];
}

function writeSsrc(ssrc: number, { cname, msid }: MediaSection): string[] {
  return [`a=ssrc:${ssrc} cname:${cname}`, ...(msid ? [`a=ssrc:${ssrc} msid:${msid.join(' ')}`] : [])];
}

function writeSimulcast({ rids, simulcast }: MediaSection): string[] {
  if (!simulcast || rids.length === 0) return [];
  return [...rids.map((rid) => `a=rid:${rid} ${simulcast}`), `a=simulcast:${simulcast} ${rids.join(';')}`];
}
