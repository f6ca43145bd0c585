import { describe, expect, it } from 'vitest';
import { CODEC_NAMES, type CodecName } from '../../port.ts';
import chromium from './fixtures/chromium.json' with { type: 'json' };
import { parseDescription } from './parse.ts';
import { planPlayer } from './player-plan.ts';
import { planPublisher } from './publisher-plan.ts';
import { SdpError } from './sdp-error.ts';

/** What a publisher of these codecs sends, from what Chromium offers. */
function published(...codecs: readonly CodecName[]) {
  const { sections } = planPublisher(parseDescription(chromium['plain-offer']), { codecs });
  return sections.flatMap((section) =>
    section.state === 'received' ? { kind: section.media, codec: section.codec } : [],
  );
}

const HEAD = [
  'v=0',
  'a=group:BUNDLE 0',
  'a=ice-ufrag:user',
  'a=ice-pwd:a-password-that-is-long-enough',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
];

function video(lines: readonly string[], mid = '0'): string {
  const types = lines.flatMap((line) => /^rtpmap:(\d+)/.exec(line)?.[1] ?? []);
  const section = [`m=video 9 UDP/TLS/RTP/SAVPF ${types.join(' ')}`, `a=mid:${mid}`, 'a=recvonly'];
  return [
    ...HEAD.map((line) => line.replace('BUNDLE 0', `BUNDLE ${mid}`)),
    ...section,
    ...lines.map((line) => `a=${line}`),
  ].join('\r\n');
}

function sent(sdp: string, ...codecs: readonly CodecName[]) {
  const [section] = planPlayer(parseDescription(sdp), published(...codecs)).sections;
  return section?.state === 'sent' ? section : undefined;
}

describe('what is sent to who offers to receive', () => {
  it.each(['vp8', 'vp9', 'av1', 'h264'] as const)('is %s by the number that Chromium gives it', (codec) => {
    const offer = parseDescription(chromium['plain-offer'].replaceAll('a=sendonly', 'a=recvonly'));
    const { sections } = planPlayer(offer, published('opus', codec));
    expect(sections.map(({ state }) => state)).toEqual(['sent', 'sent']);
    const [, section] = sections;
    const found = offer.sections[1]?.codecs.find(({ name }) => name === codec);
    const repair = offer.sections[1]?.codecs.find(
      ({ parameters }) => parameters.get('apt') === String(found?.payloadType),
    );
    expect(section).toMatchObject({ codec: { payloadType: found?.payloadType, repair: repair?.payloadType } });
    expect(repair).toBeDefined();
  });

  it('is H.264 in a greater profile where they know no smaller one, in their words', () => {
    const mode = 'packetization-mode=1;profile-level-id=';
    const exact = video([
      'rtpmap:50 H264/90000',
      `fmtp:50 ${mode}640c1f`,
      'rtpmap:51 H264/90000',
      `fmtp:51 ${mode}42E01F`,
    ]);
    expect(sent(exact, 'h264')?.codec).toMatchObject({
      payloadType: 51,
      parameters: expect.stringContaining('42e01f'),
    });
    const greater = video(['rtpmap:50 H264/90000', `fmtp:50 ${mode}640c1f`]);
    expect(sent(greater, 'h264')?.codec).toMatchObject({
      payloadType: 50,
      parameters: expect.stringContaining('640c1f'),
    });
    const other = video(['rtpmap:50 H264/90000', 'fmtp:50 packetization-mode=0;profile-level-id=42e01f']);
    expect(() => sent(other, 'h264')).toThrow(SdpError);
    const odd = video(['rtpmap:50 H264/90000', `fmtp:50 ${mode}4200 a=x`]);
    expect(sent(odd, 'h264')?.codec.parameters).toMatch(/=42001f$/);
  });

  it('has no extension that cannot be written for them', () => {
    const known = ['rtpmap:96 VP8/90000', 'extmap:15 urn:3gpp:video-orientation'];
    const mid = 'extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid';
    expect(sent(video([...known, mid]), 'vp8')?.extensions).toEqual({ mid: 3 });
    expect(sent(video([...known, mid], 'a-mid-of-17-bytes'), 'vp8')?.extensions).toEqual({});
  });

  it('goes by the transport of the bundle, whichever section says it', () => {
    const offer = chromium['plain-offer'].replaceAll('a=sendonly', 'a=recvonly');
    const [head = '', audio = '', picture = ''] = offer.split(/^(?=m=)/m);
    const bare = picture.replace(/^a=(ice|fingerprint).*\r\n/gm, '').replace('m=video 9', 'm=video 0');
    const plan = planPlayer(parseDescription(`${head}${audio}${bare}a=bundle-only\r\n`), published('vp8'));
    expect(plan.sections.map(({ state }) => state)).toEqual(['inactive', 'sent']);
    expect(plan.transport).toEqual(parseDescription(offer).sections[0]?.transport);
  });

  it('is one track of a kind, and says in words where there is none', () => {
    const twice = `${video(['rtpmap:96 VP8/90000'])}\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=recvonly\r\na=rtpmap:96 VP8/90000`;
    const offer = parseDescription(twice.replace('BUNDLE 0', 'BUNDLE 0 1'));
    expect(planPlayer(offer, published('vp8')).sections.map(({ state }) => state)).toEqual(['sent', 'inactive']);
    expect(() => planPlayer(offer, [])).toThrow(/nothing to receive/);
    expect(() => planPlayer(offer, published('opus'))).toThrow(/nothing that this stream has/);
    expect(() => planPlayer(offer, published('h264'))).toThrow(/none of the codecs/);
    const bare = parseDescription(twice.replace(/a=ice-ufrag.*\r\n/, ''));
    expect(() => planPlayer(bare, published(...CODEC_NAMES))).toThrow(/ICE/);
  });
});
