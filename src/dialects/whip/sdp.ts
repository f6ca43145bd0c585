/** What names a way by ICE. */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** A part of a description that is sent by itself (RFC 8840, RFC 9725 4.3). */
export interface Fragment {
  /** Absent where nothing is said of it: it is of the way that there is. */
  readonly credentials?: IceCredentials;
  readonly candidates: readonly { readonly candidate: string; readonly mid?: string }[];
  /** Of our own answers to restarts: the certificate of the new way. */
  readonly fingerprint?: string;
  readonly setup?: string;
}

const MOST_CANDIDATES = 64;
const LONGEST_CANDIDATE = 1000;
const UFRAG = /^[!-~]{4,256}$/;
const PWD = /^[!-~]{22,256}$/;
const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)$/;

/** Why somebody's offer is of no use; undefined where it may be. What media makes of it is seen later. */
export function objectionTo(sdp: string, direction: 'send' | 'receive'): string | undefined {
  const lines = linesOf(sdp);
  if (lines[0] !== 'v=0') return 'This is not a session description.';
  if (!credentialsIn(lines)) return 'The offer has no ICE credentials.';
  if (lineOf(lines, 'fingerprint') === undefined) return 'The offer has no fingerprint.';
  const wanted = direction === 'send' ? ['sendonly', 'sendrecv'] : ['recvonly', 'sendrecv'];
  if (sectionsOf(lines).some((section) => wanted.includes(directionOf(section)))) return undefined;
  return direction === 'send' ? 'The offer sends neither sound nor pictures.' : 'The offer receives nothing.';
}

/** What of an offer's media the answer turns down, though it would be sent: `audio`, `video`. */
export function turnedDown(offer: string, answer: string): readonly string[] {
  const [offered, answered] = [offer, answer].map((sdp) => mediaOf(linesOf(sdp)));
  return (offered ?? []).flatMap((section, index) => {
    const isSent = ['sendonly', 'sendrecv'].includes(directionOf(section));
    const isRefused = /^m=\S+ 0 /.test(answered?.[index]?.[0] ?? '');
    const kind = /^m=(audio|video) [1-9]/.exec(section[0] ?? '')?.[1];
    return kind !== undefined && isSent && isRefused ? kind : [];
  });
}

export function credentialsOf(sdp: string): IceCredentials | undefined {
  return credentialsIn(linesOf(sdp));
}

export function fingerprintOf(sdp: string): string | undefined {
  return lineOf(linesOf(sdp), 'fingerprint');
}

/** The same description for another way. */
export function withTransport(sdp: string, { credentials, candidates, fingerprint, setup }: Fragment): string {
  const lines = linesOf(sdp).flatMap((line) => {
    if (/^a=(candidate:|end-of-candidates)/.test(line)) return [];
    if (credentials && line.startsWith('a=ice-ufrag:')) return `a=ice-ufrag:${credentials.ufrag}`;
    if (credentials && line.startsWith('a=ice-pwd:')) return `a=ice-pwd:${credentials.pwd}`;
    if (fingerprint !== undefined && line.startsWith('a=fingerprint:')) return `a=fingerprint:${fingerprint}`;
    if (setup !== undefined && line.startsWith('a=setup:')) return `a=setup:${setup}`;
    return line;
  });
  return withCandidates(
    asText(lines),
    candidates.map(({ candidate }) => candidate),
  );
}

/** With candidates that are not in it yet, in its first section that is alive: all share its way. */
export function withCandidates(sdp: string, candidates: readonly string[]): string {
  const lines = linesOf(sdp);
  const first = lines.findIndex((line) => /^m=\S+ [1-9]/.test(line));
  if (first < 0) return sdp;
  const next = lines.findIndex((line, index) => index > first && line.startsWith('m='));
  const known = new Set(lines);
  const fresh = [...new Set(candidates.map((candidate) => `a=${candidate}`))].filter((line) => !known.has(line));
  return asText(lines.toSpliced(next < 0 ? lines.length : next, 0, ...fresh));
}

/** What of an answer concerns its way, as the answer to a fragment. */
export function fragmentOf(answer: string): string {
  const lines = linesOf(answer);
  const section = sectionsOf(lines).find(([line = '']) => /^m=\S+ [1-9]/.test(line)) ?? [];
  const group = lines.find((line) => line.startsWith('a=group:BUNDLE'));
  const fingerprint = lines.find((line) => line.startsWith('a=fingerprint:'));
  const kept = section.filter((line) => /^a=(mid|ice-ufrag|ice-pwd|setup|candidate):/.test(line));
  return asText([
    ...(group === undefined ? [] : [group]),
    ...(fingerprint === undefined ? [] : [fingerprint]),
    ...section.slice(0, 1),
    ...kept,
  ]);
}

/** Undefined where it cannot be read. What has no candidates may still begin another way. */
export function parseFragment(text: string): Fragment | undefined {
  const lines = linesOf(text);
  if (lines.some((line) => !/^[am]=/.test(line))) return undefined;
  const credentials = credentialsIn(lines);
  if (!credentials && lines.some((line) => /^a=ice-(ufrag|pwd):/.test(line))) return undefined;
  const candidates = candidatesIn(lines);
  const fingerprint = lineOf(lines, 'fingerprint');
  const setup = lineOf(lines, 'setup');
  return {
    ...(credentials ? { credentials } : {}),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(setup === undefined ? {} : { setup }),
    candidates,
  };
}

function candidatesIn(lines: readonly string[]): Fragment['candidates'] {
  let mid: string | undefined;
  const candidates: { candidate: string; mid?: string }[] = [];
  for (const line of lines) {
    if (line.startsWith('m=')) mid = undefined;
    if (line.startsWith('a=mid:')) mid = line.slice('a=mid:'.length);
    if (!line.startsWith('a=candidate:') || line.length > LONGEST_CANDIDATE) continue;
    if (candidates.length >= MOST_CANDIDATES) break;
    candidates.push({ candidate: line.slice(2), ...(mid === undefined ? {} : { mid }) });
  }
  return candidates;
}

function credentialsIn(lines: readonly string[]): IceCredentials | undefined {
  const ufrag = lineOf(lines, 'ice-ufrag') ?? '';
  const pwd = lineOf(lines, 'ice-pwd') ?? '';
  return UFRAG.test(ufrag) && PWD.test(pwd) ? { ufrag, pwd } : undefined;
}

function lineOf(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
}

/** Of sound and pictures. */
function sectionsOf(lines: readonly string[]): readonly (readonly string[])[] {
  return mediaOf(lines).filter(([line = '']) => /^m=(audio|video) /.test(line));
}

/** Each section, with its first line. */
function mediaOf(lines: readonly string[]): readonly (readonly string[])[] {
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  return starts.map((start, index) => lines.slice(start, starts[index + 1]));
}

function directionOf(section: readonly string[]): string {
  return section.flatMap((line) => DIRECTION.exec(line)?.[1] ?? [])[0] ?? 'sendrecv';
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).filter((line) => line !== '');
}

function asText(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}
