import { describe, expect, it } from 'vitest';
import { CODEC_NAMES } from '../../port.ts';
import type { TransportParameters } from './description.ts';
import chromium from './fixtures/chromium.json' with { type: 'json' };
import { parseDescription } from './parse.ts';
import { planPublisher } from './publisher-plan.ts';
import { readReceiverAnswer } from './receiver-answer.ts';
import { SdpError } from './sdp-error.ts';
import { writeAnswer } from './write-answer.ts';
import { type OfferedSection, writeOffer } from './write-offer.ts';

const transport: TransportParameters = {
  ufrag: 'ours',
  pwd: 'a-password-that-is-long-enough',
  fingerprint: { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') },
  setup: 'active',
};
const ends = { transport, candidates: ['candidate:1 1 UDP 1 192.0.2.1 9 typ host'], session: { id: '1', version: 1 } };

function answerTo(sdp: string, options: Partial<Parameters<typeof planPublisher>[1]> = {}) {
  const { sections } = planPublisher(parseDescription(sdp), { codecs: ['vp8', 'opus'], ...options });
  const text = writeAnswer(sections, ends);
  return { text, answer: parseDescription(text) };
}

describe('the answer to a publisher', () => {
  it('takes both sizes of a simulcast, with the numbers of the offer and no more than we forward', () => {
    const { text, answer } = answerTo(chromium['simulcast-offer']);
    expect(answer.bundle).toEqual(['0', '1']);
    expect(answer.sections.map(({ formats }) => formats)).toEqual([['111'], ['96']]);
    expect(answer.sections[0]?.extensions).toEqual([{ id: 1, uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' }]);
    expect(answer.sections[1]?.extensions.map(({ id }) => id)).toEqual([4, 10, 11, 13]);
    expect(text).toContain('a=rid:h recv\r\na=rid:l recv\r\na=simulcast:recv h;l\r\n');
    expect(text).not.toMatch(/transport-cc|rtx|ulpfec|rtcp-fb:111/);
    for (const name of ['goog-remb', 'nack', 'nack pli', 'ccm fir']) expect(text).toContain(`a=rtcp-fb:96 ${name}\r\n`);
  });

  it.each(['plain-offer', 'screenshare-offer', 'seed-offer'] as const)('receives all of a %s', (name) => {
    const { answer } = answerTo(chromium[name]);
    const offer = parseDescription(chromium[name]);
    expect(answer.sections.map(({ mid, direction }) => [mid, direction])).toEqual(
      offer.sections.map(({ mid }) => [mid, 'recvonly']),
    );
  });

  it.each([
    ['vp8', '96'],
    ['vp9', '98'],
    ['av1', '45'],
    ['h264', '102'],
  ] as const)('uses %s where the room wants that', (codec, payloadType) => {
    const { answer } = answerTo(chromium['plain-offer'], { codecs: [codec, 'opus'] });
    expect(answer.sections[1]?.formats).toEqual([payloadType]);
  });

  it('takes descriptors of AV1, and of nothing else', () => {
    const uri = 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension';
    const has = (codec: 'av1' | 'vp8', sdp = chromium['simulcast-offer']) => {
      const { answer, text } = answerTo(sdp, { codecs: [codec, 'opus'] });
      const isTaken = answer.sections[1]?.extensions.some((each) => each.uri === uri);
      expect(text.includes('a=extmap-allow-mixed')).toBe(isTaken);
      return isTaken;
    };
    expect([has('av1'), has('vp8')]).toEqual([true, false]);
    // Those of keyframes are too long for who writes in the short form alone.
    expect(has('av1', chromium['simulcast-offer'].replace('a=extmap-allow-mixed\r\n', ''))).toBe(false);
  });

  it('turns down what may not be used, and the rest goes on without it', () => {
    const { answer } = answerTo(chromium['plain-offer'], { codecs: ['vp8'] });
    expect(answer.sections.map(({ isRejected }) => isRejected)).toEqual([true, false]);
    expect(answer.bundle).toEqual(['1']);
    expect(() => answerTo(chromium['plain-offer'], { codecs: [] })).toThrow(SdpError);
  });

  it('keeps sections that send nothing, or that nobody asked for, without receiving them', () => {
    const stopped = chromium['plain-offer'].replace('a=sendonly', 'a=inactive');
    expect(answerTo(stopped).answer.sections.map(({ direction }) => direction)).toEqual(['inactive', 'recvonly']);
    const { answer } = answerTo(chromium['plain-offer'], { mids: ['0'] });
    expect(answer.sections.map(({ direction }) => direction)).toEqual(['recvonly', 'inactive']);
  });

  it('turns down sections that are no sound or picture, and those outside the bundle', () => {
    const data = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\n';
    const { answer, text } = answerTo(chromium['plain-offer'] + data);
    expect(answer.sections.map(({ isRejected }) => isRejected)).toEqual([false, false, true]);
    expect(text).toContain('m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n');
    const alone = chromium['plain-offer'].replace('a=group:BUNDLE 0 1', 'a=group:BUNDLE 1');
    expect(answerTo(alone).answer.sections.map(({ isRejected }) => isRejected)).toEqual([true, false]);
  });

  it('tells repairs from media by their groups', () => {
    const [, video] = parseDescription(chromium['screenshare-offer']).sections;
    expect(video?.ssrcs).toEqual([2491455409]);
    expect(video?.repairSsrcs).toEqual([2257787700]);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['nothing', ''],
    ['something else', '{"type":"offer"}'],
    ['no media', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n'],
    ['a media line that is none', 'v=0\r\nm=video\r\n'],
    ['no transport', 'v=0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=sendonly\r\n'],
    ['the same mid twice', `${chromium['plain-offer'].replace('a=mid:1', 'a=mid:0')}`],
    ['too much', `v=0\r\n${'a=x\r\n'.repeat(100_000)}`],
  ])('is rejected with a text: %s', (_what, sdp) => {
    expect(() => answerTo(sdp, { codecs: CODEC_NAMES })).toThrow(SdpError);
  });
});

describe('the offer to a receiver', () => {
  const section = (kind: 'audio' | 'video', parts: Partial<OfferedSection> = {}): OfferedSection => ({
    mid: kind === 'audio' ? '0' : '1',
    kind,
    codec: kind === 'audio' ? { payloadType: 111, map: 'opus/48000/2' } : { payloadType: 96, map: 'VP8/90000' },
    extensions: { mid: 1 },
    state: 'sending',
    ssrc: kind === 'audio' ? 11 : 22,
    msid: { stream: 'camera', track: kind },
    ...parts,
  });
  const both = [section('audio'), section('video')];

  it('says what is sent, under one name', () => {
    const text = writeOffer(both, { ends, cname: 'one' });
    const offer = parseDescription(text);
    expect(offer.sections.map(({ direction, ssrcs }) => [direction, ssrcs])).toEqual([
      ['sendonly', [11]],
      ['sendonly', [22]],
    ]);
    expect(text.match(/cname:one/g)).toHaveLength(2);
    expect(text.match(/^a=msid:camera /gm)).toHaveLength(2);
  });

  it('is matched with the answer of a browser', () => {
    const read = readReceiverAnswer(parseDescription(chromium['receiver-answer']), both);
    expect(read.sections.map(({ isTaken }) => isTaken)).toEqual([true, true]);
    expect(read.sections.map(({ extensions }) => extensions.mid)).toEqual([undefined, 1]);
    expect(read.transport?.setup).toBe('active');
  });

  it('knows what they turned down', () => {
    const answer = chromium['receiver-answer'].replace('m=video 9', 'm=video 0');
    const read = readReceiverAnswer(parseDescription(answer), both);
    expect(read.sections.map(({ isTaken, isRejected }) => [isTaken, isRejected])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('has what is sent again beside the picture, which is used where the answer keeps it', () => {
    const codec = { payloadType: 96, map: 'VP8/90000', repair: 97 };
    const offered = [section('audio'), section('video', { codec, repairSsrc: 33 })];
    const offer = parseDescription(writeOffer(offered, { ends, cname: 'one' }));
    expect(offer.sections.map(({ formats }) => formats)).toEqual([['111'], ['96', '97']]);
    expect([offer.sections[1]?.ssrcs, offer.sections[1]?.repairSsrcs]).toEqual([[22], [33]]);
    const answer = chromium['receiver-answer'];
    const repairs = (sdp: string) =>
      readReceiverAnswer(parseDescription(sdp), offered).sections.map(({ repair }) => repair);
    expect(repairs(answer)).toEqual([undefined, undefined]);
    const lines = '$&a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n';
    const kept = answer
      .replace(/^(m=video \d+ \S+ 96)\r\n/m, '$1 97\r\n')
      .replace(/^a=rtpmap:96 VP8\/90000\r\n/m, lines);
    expect(repairs(kept)).toEqual([undefined, 97]);
    // Of another codec, or without what says of which.
    expect(repairs(kept.replace('apt=96', 'apt=98'))).toEqual([undefined, undefined]);
    expect(repairs(kept.replace(/a=fmtp:97.*\r\n/, ''))).toEqual([undefined, undefined]);
  });

  it.each([
    ['without', '96', [], undefined],
    ['with', '96 97', ['rtpmap:97 rtx/90000', 'fmtp:97 apt=96'], 97],
  ] as const)(
    'is answered by clients in Go, which have the fingerprint for all: %s RTX',
    (_how, types, lines, kept) => {
      const codec = { payloadType: 96, map: 'VP8/90000', repair: 97 };
      const offered = [section('audio'), section('video', { codec, repairSsrc: 33 })];
      const ice = [
        'setup:active',
        'ice-ufrag:gGoo',
        'ice-pwd:a-password-that-is-long-enough',
        'rtcp-mux',
        'rtcp-rsize',
      ];
      const answer = [
        ...['v=0', 'o=- 7 1795 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=msid-semantic:WMS*'],
        ...[`a=fingerprint:sha-256 ${Array(32).fill('CD').join(':')}`, 'a=extmap-allow-mixed', 'a=group:BUNDLE 0 1'],
        ...['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0', ...ice.map((line) => `a=${line}`)],
        ...['a=rtpmap:111 opus/48000/2', 'a=recvonly'],
        ...[`m=video 9 UDP/TLS/RTP/SAVPF ${types}`, 'c=IN IP4 0.0.0.0', 'a=mid:1', ...ice.map((line) => `a=${line}`)],
        ...[
          'a=rtpmap:96 VP8/90000',
          'a=rtcp-fb:96 nack ',
          'a=rtcp-fb:96 goog-remb ',
          ...lines.map((line) => `a=${line}`),
        ],
        'a=recvonly',
      ].join('\r\n');
      const read = readReceiverAnswer(parseDescription(answer), offered);
      expect(read.sections.map(({ isTaken, repair }) => [isTaken, repair])).toEqual([
        [true, undefined],
        [true, kept],
      ]);
      expect(read.transport).toMatchObject({ ufrag: 'gGoo', setup: 'active' });
    },
  );

  it('has descriptors of AV1 only for who takes extensions in both forms', () => {
    const extensions = { mid: 1, dependencyDescriptor: 4 };
    const offered = [section('video', { extensions })];
    const text = writeOffer(offered, { ends, cname: 'one' });
    expect(text).toContain('a=extmap-allow-mixed\r\n');
    expect(writeOffer(both, { ends, cname: 'one' })).not.toContain('mixed');
    const answer = text.replace('a=sendonly', 'a=recvonly');
    const ids = (sdp: string) => readReceiverAnswer(parseDescription(sdp), offered).sections[0]?.extensions;
    expect(ids(answer)).toEqual(extensions);
    expect(ids(answer.replace('a=extmap-allow-mixed\r\n', ''))).toEqual({ mid: 1 });
  });

  it('does not take the answer to something else', () => {
    const answer = parseDescription(chromium['receiver-answer']);
    expect(() => readReceiverAnswer(answer, [section('audio')])).toThrow(SdpError);
    expect(() => readReceiverAnswer(answer, [section('video'), section('audio')])).toThrow(SdpError);
  });
});
