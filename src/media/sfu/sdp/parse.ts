import type { Codec, Description, Direction, Extension, Fingerprint, Section, Setup } from './description.ts';
import { SdpError } from './sdp-error.ts';

/** Browsers need 5 kB for a camera; the rest is for many tracks. */
const LONGEST = 128 * 1024;
const MOST_SECTIONS = 32;
/** Of each kind of list in a section. */
const MOST = 128;
const MOST_RIDS = 8;

/** Reads a description; throws an `SdpError` where it is none, or not of use to anybody. Unknown lines are passed over. */
export function parseDescription(text: string): Description {
  if (text.length > LONGEST) throw new SdpError('the description is too long');
  const [session = [], ...sections] = intoSections(text);
  if (session[0] !== 'v=0') throw new SdpError('this is not a session description');
  if (sections.length === 0) throw new SdpError('the description has no media');
  if (sections.length > MOST_SECTIONS) throw new SdpError('the description has too many media');
  const shared = new Lines(session);
  const parsed = sections.map((lines, index) => section(new Lines(lines), shared, index));
  if (new Set(parsed.map(({ mid }) => mid)).size < parsed.length) throw new SdpError('two media have the same mid');
  return { bundle: bundleOf(shared), sections: parsed };
}

function intoSections(text: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') continue;
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

/** The lines of one part of a description, by the names of their attributes. */
class Lines {
  readonly first: string;
  readonly #attributes = new Map<string, string[]>();

  constructor(lines: readonly string[]) {
    this.first = lines[0] ?? '';
    for (const line of lines) this.#read(line);
  }

  all(name: string): readonly string[] {
    return this.#attributes.get(name) ?? [];
  }

  one(name: string): string | undefined {
    return this.all(name)[0];
  }

  has(name: string): boolean {
    return this.#attributes.has(name);
  }

  #read(line: string): void {
    if (!line.startsWith('a=')) return;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line.slice(2) : line.slice(2, colon);
    const values = this.#attributes.get(name) ?? [];
    if (values.length < MOST * 8) values.push(colon < 0 ? '' : line.slice(colon + 1).trim());
    this.#attributes.set(name, values);
  }
}

const TOKEN = /^[\w!#$%&'*+.^`{|}~-]{1,64}$/;

function bundleOf(session: Lines): readonly string[] {
  const group = session.all('group').find((value) => /^BUNDLE(\s|$)/.test(value));
  return group === undefined ? [] : group.split(/\s+/).slice(1, MOST_SECTIONS + 1);
}

function section(lines: Lines, session: Lines, index: number): Section {
  const [, media = '', port = '', protocol = '', rest = ''] =
    /^m=([a-z]{1,20}) (\d{1,5})(?:\/\d+)? ([A-Z/]{1,40})((?: [\w-]{1,40})*)\s*$/i.exec(lines.first) ?? [];
  if (media === '') throw new SdpError('a media line cannot be read');
  const mid = lines.one('mid') ?? String(index);
  if (!TOKEN.test(mid)) throw new SdpError('a mid cannot be read');
  return {
    media,
    protocol,
    mid,
    direction: directionOf(lines) ?? directionOf(session) ?? 'sendrecv',
    isRejected: port === '0' && !lines.has('bundle-only'),
    formats: rest.split(' ').filter(Boolean).slice(0, MOST),
    codecs: codecsOf(lines, rest.split(' ')),
    extensions: extensionsOf(lines),
    allowsMixed: lines.has('extmap-allow-mixed') || session.has('extmap-allow-mixed'),
    transport: transportOf(lines, session),
    candidates: lines
      .all('candidate')
      .slice(0, MOST)
      .map((value) => `candidate:${value}`),
    ...ssrcsOf(lines),
    rids: ridsOf(lines),
  };
}

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

function directionOf(lines: Lines): Direction | undefined {
  return DIRECTIONS.find((direction) => lines.has(direction));
}

/** Payload types that need no `a=rtpmap` (RFC 3551). */
const STATIC: ReadonlyMap<string, string> = new Map([
  ['0', 'PCMU/8000'],
  ['8', 'PCMA/8000'],
  ['9', 'G722/8000'],
]);

function codecsOf(lines: Lines, formats: readonly string[]): readonly Codec[] {
  const maps = byPayloadType(lines.all('rtpmap'));
  const parameters = byPayloadType(lines.all('fmtp'));
  return formats.slice(0, MOST).flatMap((format) => {
    const map = maps.get(format) ?? STATIC.get(format) ?? '';
    const [, name, clockRate, channels = '1'] = /^([\w.-]{1,40})\/(\d{1,6})(?:\/(\d{1,2}))?$/.exec(map) ?? [];
    const payloadType = Number(format);
    if (!/^\d{1,3}$/.test(format) || payloadType > 127 || name === undefined) return [];
    return {
      payloadType,
      name: name.toLowerCase(),
      clockRate: Number(clockRate),
      channels: Number(channels),
      parameters: parametersOf(parameters.get(format) ?? ''),
    };
  });
}

function byPayloadType(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    values.map((value) => {
      const space = value.indexOf(' ');
      return [value.slice(0, space), value.slice(space + 1).trim()];
    }),
  );
}

function parametersOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split(';').slice(0, MOST);
  return new Map(
    parts.map((part) => {
      const [name = '', value = ''] = part.split('=', 2);
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
}

function extensionsOf(lines: Lines): readonly Extension[] {
  return lines
    .all('extmap')
    .slice(0, MOST)
    .flatMap((value) => {
      const [, id, uri] = /^(\d{1,3})(?:\/\w+)? (\S{1,200})/.exec(value) ?? [];
      if (uri === undefined || Number(id) < 1 || Number(id) > 255) return [];
      return { id: Number(id), uri };
    });
}

function transportOf(lines: Lines, session: Lines): Section['transport'] {
  const ufrag = lines.one('ice-ufrag') ?? session.one('ice-ufrag') ?? '';
  const pwd = lines.one('ice-pwd') ?? session.one('ice-pwd') ?? '';
  const fingerprint = fingerprintOf(lines) ?? fingerprintOf(session);
  if (fingerprint === undefined || !/^[!-~]{4,256}$/.test(ufrag) || !/^[!-~]{22,256}$/.test(pwd)) return undefined;
  return { ufrag, pwd, fingerprint, setup: setupOf(lines.one('setup') ?? session.one('setup')) };
}

function setupOf(value: string | undefined): Setup {
  return value === 'active' || value === 'passive' ? value : 'actpass';
}

const BYTES: Readonly<Record<string, number>> = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

function fingerprintOf(lines: Lines): Fingerprint | undefined {
  const known = lines.all('fingerprint').flatMap((line) => {
    const [name = '', value = ''] = line.split(/\s+/);
    const algorithm = name.toLowerCase();
    const bytes = Object.hasOwn(BYTES, algorithm) ? (BYTES[algorithm] ?? 0) : 0;
    return bytes > 0 && isHex(value, bytes) ? { algorithm, value: value.toUpperCase() } : [];
  });
  return known.find(({ algorithm }) => algorithm === 'sha-256') ?? known[0];
}

function isHex(value: string, bytes: number): boolean {
  return value.length === bytes * 3 - 1 && /^[0-9a-f]{2}(:[0-9a-f]{2})*$/i.test(value);
}

function ssrcsOf(lines: Lines): Pick<Section, 'ssrcs' | 'repairSsrcs'> {
  const repairs = new Set<number>();
  for (const group of lines.all('ssrc-group')) {
    const [kind, , repair] = group.split(/\s+/);
    if (kind === 'FID' && isSsrc(repair)) repairs.add(Number(repair));
  }
  const all = new Set<number>();
  for (const value of lines.all('ssrc')) {
    const ssrc = value.split(/\s/, 1)[0];
    if (isSsrc(ssrc) && all.size < MOST) all.add(Number(ssrc));
  }
  return { ssrcs: [...all].filter((ssrc) => !repairs.has(ssrc)), repairSsrcs: [...repairs].slice(0, MOST) };
}

function isSsrc(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff;
}

/** Of alternatives the first, paused ones too: the browser may begin with any of them later. */
function ridsOf(lines: Lines): readonly string[] {
  const declared = new Set(lines.all('rid').map((value) => value.split(/\s+/, 2).join(' ')));
  const [, list = ''] = /(?:^|\s)send (\S+)/.exec(lines.one('simulcast') ?? '') ?? [];
  const rids = list.split(';').map((alternatives) => (alternatives.split(',', 1)[0] ?? '').replace(/^~/, ''));
  const known = rids.filter((rid) => /^[\w-]{1,32}$/.test(rid) && declared.has(`${rid} send`));
  return [...new Set(known)].slice(0, MOST_RIDS);
}
