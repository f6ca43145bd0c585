import type { StreamId, Track, TrackKind, Wanted } from '../../core/stream.ts';
import type { ForwardOffer, PublishOffer } from '../port.ts';

interface FakeSection {
  readonly mid: string;
  readonly kind: TrackKind;
  readonly layers: number;
  readonly direction: 'recvonly' | 'sendonly' | 'inactive';
}

/** What an offer sends; undefined where it is none. */
export function tracksOf(offer: PublishOffer): readonly Track[] | undefined {
  return offer.sdp.startsWith('v=0')
    ? sectionsOf(offer)
        .filter(({ direction }) => direction === 'recvonly')
        .map(({ kind, layers }) => ({ kind, layers }))
    : undefined;
}

export function answerTo(offer: PublishOffer): string {
  return describe(sectionsOf(offer));
}

/** To who would receive: all that they would, whatever there is. */
export function answerToPlayer(stream: StreamId, sdp: string): string {
  const sections = sectionsOf({ sdp }).map((section): FakeSection => ({ ...section, direction: 'sendonly' }));
  return describe(sections, stream);
}

export function offerOf(
  stream: StreamId,
  tracks: readonly Track[],
  wanted: Wanted,
): Pick<ForwardOffer, 'sdp' | 'tracks'> {
  const kinds = (['audio', 'video'] as const).filter((kind) => tracks.some((track) => track.kind === kind));
  const sections = kinds.map((kind, index): FakeSection => {
    const isWanted = kind === 'audio' ? wanted.audio : wanted.video !== 'none';
    return { mid: String(index), kind, layers: 1, direction: isWanted ? 'sendonly' : 'inactive' };
  });
  const sent = sections.filter(({ direction }) => direction === 'sendonly');
  return { sdp: describe(sections, stream, 'actpass'), tracks: sent.map(({ mid, kind }) => ({ mid, kind })) };
}

function sectionsOf({ sdp, mids }: PublishOffer): readonly FakeSection[] {
  return sdp.split(/\r?\nm=/).flatMap((text, index): FakeSection[] => {
    const kind = /^(audio|video) /.exec(text)?.[1];
    if (index === 0 || (kind !== 'audio' && kind !== 'video')) return [];
    const mid = /^a=mid:(\S+)/m.exec(text)?.[1] ?? String(index - 1);
    const isSent = !/^a=(recvonly|inactive)/m.test(text) && (mids?.includes(mid) ?? true);
    const layers = /^a=simulcast:send (\S+)/m.exec(text)?.[1]?.split(';').length ?? 1;
    return [{ mid, kind, layers, direction: isSent ? 'recvonly' : 'inactive' }];
  });
}

const CODECS = { audio: [111, 'opus/48000/2'], video: [96, 'VP8/90000'] } as const;
const FINGERPRINT = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase()).join(':');

function describe(sections: readonly FakeSection[], stream?: StreamId, setup = 'active'): string {
  const session = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', `a=fingerprint:sha-256 ${FINGERPRINT}`];
  const lines = sections.flatMap(({ mid, kind, direction }) => {
    const [payloadType, map] = CODECS[kind];
    const media = [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${mid}`,
      `a=${direction}`,
    ];
    const transport = ['a=rtcp-mux', `a=setup:${setup}`, 'a=ice-ufrag:fake', 'a=ice-pwd:fakefakefakefakefakefake'];
    const names = stream === undefined ? [] : [`a=msid:${stream} ${kind}`];
    return [...media, ...transport, `a=rtpmap:${payloadType} ${map}`, ...names];
  });
  const bundle = `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(' ')}`;
  return `${[...session, bundle, ...lines].join('\r\n')}\r\n`;
}
