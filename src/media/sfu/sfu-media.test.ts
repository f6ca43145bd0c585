import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LossyPath } from '../testing/lossy-path.ts';
import { MediaStage, until } from '../testing/media-stage.ts';
import type { ScriptedPublisher } from '../testing/scripted-publisher.ts';
import type { ScriptedReceiver } from '../testing/scripted-receiver.ts';
import { markOf } from '../testing/scripted-receiver.ts';
import type { SfuLog } from './options.ts';
import { estimatedBitrate, fullIntraRequest, nack, pictureLoss, receiverReport } from './rtp/build-rtcp.ts';
import { parseDescription } from './sdp/parse.ts';
import { SfuMedia } from './sfu-media.ts';

const logged: unknown[] = [];
const log: SfuLog = {
  info: () => {},
  warn: (details) => logged.push(details),
  error: (details) => logged.push(details),
};

const AUDIO = { mid: '0', kind: 'audio' } as const;
const VIDEO = { mid: '1', kind: 'video' } as const;
const CAMERA = { sections: [AUDIO, VIDEO] };
const BOTH_SIZES = { sections: [AUDIO, { ...VIDEO, rids: ['h', 'l'] }] };
const VP8 = 96;
const OPUS = 111;
const LOW = { audio: true, video: 'low' } as const;
const HIGH = { audio: true, video: 'high' } as const;

let media: SfuMedia;
let stage: MediaStage;

beforeEach(() => {
  logged.length = 0;
  media = new SfuMedia({ workers: 1, bindAddress: '127.0.0.1', announced: [], iceServers: () => [], log });
  stage = new MediaStage(media);
});

afterEach(async () => {
  stage.close();
  await media.close();
});

function ssrcOf(receiver: ScriptedReceiver, payloadType: number): number {
  const packet = receiver.packets.find(({ header }) => header.payloadType === payloadType);
  if (!packet) throw new Error(`nothing of ${payloadType} came`);
  return packet.header.ssrc;
}

function video(receiver: ScriptedReceiver) {
  return receiver.packets.filter(({ header }) => header.payloadType === VP8);
}

function lastMark(receiver: ScriptedReceiver): number | undefined {
  return receiver.marks(VP8).at(-1);
}

/** Each number once, up to the last, however they came. */
function hasNoGaps(receiver: ScriptedReceiver): boolean {
  const numbers = new Set(video(receiver).map(({ header }) => header.sequence));
  const first = video(receiver)[0]?.header.sequence ?? 0;
  return numbers.size > 0 && [...numbers].every((number) => ((number - first) & 0xffff) < numbers.size);
}

async function watchedCamera(options: { readonly script?: ScriptedPublisher['script'] } = {}) {
  const publisher = stage.publish('s', options.script ?? CAMERA);
  const receiver = stage.forward('s', 'bob');
  stage.roll();
  await until(() => receiver.marks(VP8).length > 10 && receiver.marks(OPUS).length > 3, 'a picture with sound');
  return { publisher, receiver };
}

describe('forwarding through a process', () => {
  it('takes a camera to somebody else', async () => {
    const { receiver } = await watchedCamera();
    expect(new Set(receiver.marks(OPUS))).toEqual(new Set([1]));
    expect(new Set(receiver.marks(VP8))).toEqual(new Set([2]));
    expect(hasNoGaps(receiver)).toBe(true);
    expect(stage.listener.of('answered')[0]?.tracks).toEqual([
      { kind: 'audio', layers: 1 },
      { kind: 'video', layers: 1 },
    ]);
    expect(stage.listener.of('flowing')).toHaveLength(1);
    expect(logged).toEqual([]);
  });

  it('answers an offer that would receive, too, and takes only what is asked for', async () => {
    const script = {
      sections: [
        { ...AUDIO, direction: 'sendrecv' },
        { ...VIDEO, direction: 'sendrecv' },
      ],
    };
    stage.publish('s', script);
    const answered = await until(() => stage.listener.of('answered')[0], 'the answer');
    expect(parseDescription(answered.sdp).sections.map(({ direction }) => direction)).toEqual(['recvonly', 'recvonly']);
    const receiver = stage.forward('s', 'bob', { wanted: { audio: true, video: 'none' } });
    stage.roll();
    await until(() => receiver.marks(OPUS).length > 20, 'sound');
    expect(receiver.marks(VP8)).toEqual([]);
  });

  it('rejects what may not be used here, and a stream that was there goes on', async () => {
    const { receiver } = await watchedCamera();
    stage.room.publish('s', { sdp: 'v=0\r\n' });
    stage.room.publish('t', { sdp: 'nonsense' });
    stage.codecs = ['h264'];
    stage.offer('s');
    await until(() => stage.listener.of('rejected').length === 3, 'three rejections');
    const before = receiver.packets.length;
    await until(() => receiver.packets.length > before + 20, 'more packets');
  });

  it('says their rates and names once a second, and of both tracks the same name', async () => {
    const { publisher, receiver } = await watchedCamera();
    for (const source of publisher.sources) publisher.sendReport(source);
    await until(() => (receiver.peer?.of('sender-report').length ?? 0) >= 4, 'sender reports');
    const names = receiver.peer?.of('source-description').flatMap(({ sources }) => sources) ?? [];
    expect(new Set(names.map(({ cname }) => cname)).size).toBe(1);
    expect(new Set(names.map(({ ssrc }) => ssrc)).size).toBe(2);
    await until(() => publisher.peer.of('receiver-report').length > 1, 'receiver reports');
    const told = publisher.peer.of('receiver-report').at(-1)?.blocks ?? [];
    expect(new Set(told.map(({ ssrc }) => ssrc))).toEqual(new Set(publisher.sources.map(({ ssrc }) => ssrc)));
    const statistics = await stage.room.statistics();
    expect(statistics.map(({ to }) => to)).toEqual([undefined, 'bob']);
    expect(statistics[0]?.tracks[1]?.bitrate).toBeGreaterThan(50_000);
  });
});

describe('those who come later', () => {
  it('see a picture at once from what was kept, without asking for another', async () => {
    const publisher = stage.publish('s', CAMERA);
    await until(() => publisher.peer.pipe.isOpen, 'the connection');
    const source = publisher.source('1');
    publisher.sendFrame(source, { keyframe: true });
    publisher.sendFrame(source);
    await until(() => stage.listener.of('flowing').length > 0, 'packets');
    const receiver = stage.forward('s', 'bob');
    await until(() => receiver.marks(VP8).length === 6, 'both frames');
    expect(publisher.peer.of('picture-loss')).toEqual([]);
  });

  it('else lead to one request for a keyframe, and see it', async () => {
    const publisher = stage.publish('s', CAMERA);
    await until(() => publisher.peer.pipe.isOpen, 'the connection');
    for (let i = 0; i < 30; i += 1) publisher.sendFrame(publisher.source('1'), { keyframe: i === 0 });
    await until(() => stage.listener.of('flowing').length > 0, 'packets');
    const receiver = stage.forward('s', 'bob');
    await until(() => publisher.peer.of('picture-loss').length > 0, 'a request');
    expect(receiver.marks(VP8)).toEqual([]);
    stage.roll();
    await until(() => receiver.marks(VP8).length > 5, 'a picture');
    expect(video(receiver)[0]?.payload[1]).toBe(0);
  });
});

describe('losses', () => {
  it('on the way in are asked for and filled', async () => {
    let sent = 0;
    const { receiver } = await watchedCamera({ script: { ...CAMERA, loses: () => ++sent % 20 === 0 } });
    await until(() => video(receiver).length > 200 && hasNoGaps(receiver), 'every packet');
  });

  it('on the way out are sent again from what was kept', async () => {
    const lost = new Set<number>();
    let came = 0;
    const path = await LossyPath.create((packet) => {
      const sequence = packet.readUInt16BE(2);
      if ((packet.readUInt8(1) & 127) !== VP8 || ++came % 20 !== 0 || lost.has(sequence)) return false;
      lost.add(sequence);
      return true;
    });
    const publisher = stage.publish('s', CAMERA);
    const receiver = stage.forward('s', 'bob', { path });
    stage.roll();
    await until(() => lost.size >= 5, 'losses');
    const asked = [...lost];
    receiver.peer?.send(nack(ssrcOf(receiver, VP8), asked));
    await until(() => asked.every((each) => video(receiver).some(({ header }) => header.sequence === each)), 'them');
    expect(publisher.peer.of('nack')).toEqual([]);
    path.close();
  });

  it('on the way out are sent again as a stream of its own to who knows of such', async () => {
    const publisher = stage.publish('s', CAMERA);
    const receiver = stage.forward('s', 'bob', { knowsRepairs: true });
    stage.roll();
    await until(() => receiver.marks(VP8).length > 20, 'a picture');
    const [, section] = parseDescription(stage.listener.of('offered')[0]?.offer.sdp ?? '').sections;
    const came = video(receiver).slice(3, 9);
    receiver.peer?.send(
      nack(
        ssrcOf(receiver, VP8),
        came.map(({ header }) => header.sequence),
      ),
    );
    const repairs = () => receiver.packets.filter(({ header }) => header.payloadType === VP8 + 1);
    await until(() => repairs().length >= came.length, 'all of them');
    expect(repairs().map(({ payload }) => payload.readUInt16BE(0))).toEqual(came.map(({ header }) => header.sequence));
    for (const [i, { header, payload }] of repairs().entries()) {
      expect(section?.repairSsrcs).toEqual([header.ssrc]);
      expect(payload.subarray(2)).toEqual(came[i]?.payload);
      expect([header.timestamp, header.marker]).toEqual([came[i]?.header.timestamp, came[i]?.header.marker]);
      expect(header.sequence).toBe(((repairs()[0]?.header.sequence ?? 0) + i) & 0xffff);
    }
    // In the stream itself each came once, and its sender reports count no more than that.
    expect(new Set(video(receiver).map(({ header }) => header.sequence)).size).toBe(video(receiver).length);
    for (const source of publisher.sources) publisher.sendReport(source);
    const isOfPicture = ({ ssrc }: { readonly ssrc: number }) => ssrc === ssrcOf(receiver, VP8);
    const report = await until(() => receiver.peer?.of('sender-report').find(isOfPicture), 'a report');
    expect(report.packetCount).toBeLessThanOrEqual(video(receiver).length);
    expect(receiver.peer?.of('sender-report').some(({ ssrc }) => section?.repairSsrcs.includes(ssrc))).toBe(false);
  });

  it('that were on the way in, too, are passed on to the publisher', async () => {
    let isLossy = false;
    const { publisher, receiver } = await watchedCamera({ script: { ...CAMERA, loses: () => isLossy } });
    isLossy = true;
    publisher.sendFrame(publisher.source('1'), { packets: 1 });
    isLossy = false;
    await until(() => hasNoGaps(receiver) && publisher.peer.of('nack').length > 0, 'the missing packet');
  });
});

describe('feedback', () => {
  it('passes on who needs a keyframe, not more than twice a second', async () => {
    const { publisher, receiver } = await watchedCamera();
    const before = publisher.peer.of('picture-loss').length;
    const media = ssrcOf(receiver, VP8);
    const began = performance.now();
    for (let i = 0; i < 60; i += 1) {
      receiver.peer?.send(i % 2 ? pictureLoss(media) : fullIntraRequest({ media, sequence: i }));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await until(() => publisher.peer.of('picture-loss').length > before, 'a request');
    const seconds = (performance.now() - began) / 1000;
    expect(publisher.peer.of('picture-loss').length - before).toBeLessThanOrEqual(Math.ceil(seconds * 2) + 1);
    expect(publisher.peer.of('full-intra-request')).toEqual([]);
  });

  it('limits the publisher by what the receiver can take, within bounds', async () => {
    const { publisher, receiver } = await watchedCamera();
    const media = ssrcOf(receiver, VP8);
    const lastEstimate = () => publisher.peer.of('estimated-bitrate').at(-1);
    receiver.peer?.send(estimatedBitrate(300_000, [media]));
    await until(() => Math.abs((lastEstimate()?.bitrate ?? 0) - 300_000) < 3_000, 'their estimate');
    expect(lastEstimate()?.media).toEqual([publisher.source('1').ssrc]);
    receiver.peer?.send(estimatedBitrate(10_000, [media]));
    await until(() => Math.abs((lastEstimate()?.bitrate ?? 0) - 204_800) < 2_000, 'the least');
    stage.room.stop('s', 'bob');
    await until(() => lastEstimate()?.bitrate === 204_800, 'what nobody watches');
  });
});

describe('simulcast', () => {
  it.each([
    ['the large size first', ['h', 'l']],
    ['the small size first', ['l', 'h']],
  ])('gives each the size they want: %s', async (_order, first) => {
    const publisher = stage.publish('s', BOTH_SIZES);
    const high = stage.forward('s', 'bob', { wanted: HIGH });
    const low = stage.forward('s', 'carol', { wanted: LOW });
    await until(() => publisher.peer.pipe.isOpen, 'the connection');
    for (const rid of first) {
      publisher.sendFrame(publisher.source('1', rid), { keyframe: true });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    stage.roll();
    const marks = { h: publisher.source('1', 'h').mark, l: publisher.source('1', 'l').mark };
    await until(() => lastMark(high) === marks.h && lastMark(low) === marks.l, 'the right sizes');
    expect(stage.listener.of('answered')[0]?.tracks[1]).toEqual({ kind: 'video', layers: 2 });
    const ssrcs = () => new Set(publisher.peer.of('estimated-bitrate').at(-1)?.media);
    const both = [publisher.source('1', 'h').ssrc, publisher.source('1', 'l').ssrc];
    await until(() => both.every((ssrc) => ssrcs().has(ssrc)), 'both in the estimate');
  });

  it('changes the size at a keyframe, within one unbroken sequence and without an offer', async () => {
    const { publisher, receiver } = await watchedCamera({ script: BOTH_SIZES });
    const marks = { h: publisher.source('1', 'h').mark, l: publisher.source('1', 'l').mark };
    await until(() => lastMark(receiver) === marks.h, 'the large size');
    publisher.isSayingRids = false;
    stage.room.forward('s', 'bob', LOW);
    await until(() => lastMark(receiver) === marks.l, 'the small size');
    stage.room.forward('s', 'bob', HIGH);
    const at = receiver.packets.length;
    await until(() => lastMark(receiver) === marks.h && receiver.packets.length > at + 30, 'the large size again');
    expect(hasNoGaps(receiver)).toBe(true);
    for (const [i, packet] of video(receiver).entries()) {
      const before = video(receiver)[i - 1];
      if (before && markOf(before) !== markOf(packet)) expect(packet.payload[1]).toBe(0);
    }
    expect(stage.listener.of('offered')).toHaveLength(1);
  });

  it('gives what there is while the publisher sends one size only', async () => {
    const publisher = stage.publish('s', BOTH_SIZES);
    const receiver = stage.forward('s', 'bob', { wanted: HIGH });
    await until(() => publisher.peer.pipe.isOpen, 'the connection');
    const low = publisher.source('1', 'l');
    const timer = setInterval(() => publisher.sendFrame(low, { keyframe: true }), 10);
    await until(() => lastMark(receiver) === low.mark, 'the small size');
    clearInterval(timer);
  });
});

describe('negotiation', () => {
  it('tells of a track that is added, and of one that goes', async () => {
    const publisher = stage.publish('s', { sections: [AUDIO] });
    const receiver = stage.forward('s', 'bob');
    stage.roll();
    await until(() => receiver.marks(OPUS).length > 5, 'sound');
    publisher.extend(CAMERA);
    stage.offer('s');
    await until(() => receiver.marks(VP8).length > 10, 'a picture');
    expect(stage.listener.of('answered')[1]?.tracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    publisher.extend({ sections: [AUDIO, { ...VIDEO, direction: 'inactive' }] });
    stage.offer('s');
    await until(() => stage.listener.of('offered').length === 3, 'the end of it');
    expect(stage.listener.of('offered')[2]?.offer.tracks).toEqual([
      { mid: expect.stringMatching(/0$/), kind: 'audio' },
    ]);
    const before = receiver.marks(OPUS).length;
    await until(() => receiver.marks(OPUS).length > before + 10, 'sound still');
  });

  it('replaces a stream: who received it hears so, and of no end', async () => {
    await watchedCamera();
    stage.publish('t', CAMERA, { replaces: 's' });
    const receiver = stage.forward('t', 'bob');
    stage.forward('t', 'carol');
    await until(() => receiver.marks(VP8).length > 10, 'the new picture');
    await until(() => stage.listener.of('offered').length === 3, 'both offers');
    const offers = stage.listener.of('offered').filter(({ stream }) => stream === 't');
    expect(offers.map(({ to, offer }) => [to, offer.replaces])).toEqual([
      ['bob', 's'],
      ['carol', undefined],
    ]);
    expect(stage.listener.of('undeliverable')).toEqual([]);
  });

  it('makes one offer of many changes while one is unanswered', async () => {
    stage.publish('s', CAMERA);
    stage.silent.add('bob');
    const receiver = stage.forward('s', 'bob');
    for (let i = 0; i < 20; i += 1) stage.room.forward('s', 'bob', { audio: true, video: i % 2 ? 'high' : 'none' });
    stage.room.forward('s', 'bob', { audio: true, video: 'none' });
    stage.room.restart('s', 'bob');
    const [first] = await until(() => stage.listener.of('offered').length > 0 && stage.listener.of('offered'), 'it');
    await stage.room.statistics();
    expect(stage.listener.of('offered')).toHaveLength(1);
    stage.silent.clear();
    stage.answer('s', 'bob', first?.offer.sdp ?? '');
    await until(() => stage.listener.of('offered').length === 2, 'the second offer');
    expect(stage.listener.of('offered')[1]?.offer.tracks).toEqual([
      { mid: expect.stringMatching(/0$/), kind: 'audio' },
    ]);
    stage.roll();
    await until(() => receiver.marks(OPUS).length > 10, 'sound');
    expect(receiver.marks(VP8)).toEqual([]);
    expect(stage.listener.of('offered')).toHaveLength(2);
    stage.room.forward('s', 'bob', HIGH);
    await until(() => receiver.marks(VP8).length > 10, 'the picture again');
    // The section of the picture was used again.
    expect(parseDescription(stage.listener.of('offered')[2]?.offer.sdp ?? '').sections).toHaveLength(2);
  });

  it('gives up on who knows none of it, and goes on with who knows a part', async () => {
    stage.publish('s', CAMERA);
    stage.silent.add('bob').add('carol');
    const bob = stage.forward('s', 'bob');
    const carol = stage.forward('s', 'carol');
    const offers = await until(() => stage.listener.of('offered').length === 2 && stage.listener.of('offered'), 'both');
    stage.room.answer('s', 'bob', bob.answer(offers[0]?.offer.sdp ?? '', { turnsDown: ['audio', 'video'] }));
    stage.room.answer('s', 'carol', carol.answer(offers[1]?.offer.sdp ?? '', { turnsDown: ['video'] }));
    for (const candidate of carol.candidates) stage.room.receiverCandidate('s', 'carol', candidate);
    const [failed] = await until(
      () => stage.listener.of('undeliverable').length > 0 && stage.listener.of('undeliverable'),
      'who cannot have it',
    );
    expect(failed?.to).toBe('bob');
    stage.roll();
    await until(() => carol.marks(OPUS).length > 10, 'sound');
    expect(stage.listener.of('undeliverable')).toHaveLength(1);
  });

  it('takes candidates of every kind and time', async () => {
    stage.publish('s', CAMERA);
    const receiver = stage.forward('s', 'bob');
    for (const candidate of [
      '',
      'nonsense',
      'candidate:1 1 udp 2113937151 0f2c7a6e-9a4e-4b4c.local 9 typ host',
      'candidate:1 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active',
      'candidate:1 1 udp 2113937151 example.org 9 typ host',
      'candidate:1 1 udp 2113937151 127.0.0.1 0 typ host',
    ]) {
      stage.room.publisherCandidate('s', { candidate, sdpMid: 'nobody', sdpMLineIndex: 70_000 });
      stage.room.receiverCandidate('s', 'bob', { candidate, sdpMid: '7' });
      stage.room.receiverCandidate('unknown', 'bob', { candidate });
    }
    stage.roll();
    await until(() => receiver.marks(VP8).length > 10, 'a picture');
    expect(logged).toEqual([]);
  });
});

describe('what breaks', () => {
  it('a publisher that restarts goes on with the same receivers', async () => {
    const { publisher, receiver } = await watchedCamera();
    publisher.restart();
    stage.offer('s');
    await until(() => publisher.peer.pipe.isOpen, 'the new way');
    const before = receiver.marks(VP8).length;
    await until(() => receiver.marks(VP8).length > before + 30, 'more of it');
    await until(() => stage.listener.of('flowing').length === 2, 'the news of it');
    expect(stage.listener.of('offered')).toHaveLength(1);
  });

  it('a receiver that asks for it gets a new way', async () => {
    const { receiver } = await watchedCamera();
    const old = receiver.peer;
    stage.room.restart('s', 'bob');
    stage.room.restart('s', 'bob');
    await until(() => receiver.peer !== old && receiver.marks(VP8).length > 20, 'packets by the new way');
    expect(stage.listener.of('offered')).toHaveLength(2);
  });

  it('a process that dies takes its streams with it, and they can be published again', async () => {
    await watchedCamera();
    const [pid = 0] = media.pids;
    process.kill(pid, 'SIGKILL');
    await until(() => stage.listener.of('died').length === 1, 'the end');
    expect(media.pids).not.toContain(pid);
    stage.publishers.get('s')?.close();
    stage.receivers.get('s/bob')?.close();
    stage.publish('s', CAMERA);
    const receiver = stage.forward('s', 'bob');
    await until(() => receiver.marks(VP8).length > 10, 'the picture again');
  });

  it('garbage, strangers and floods change nothing for others', async () => {
    const { publisher, receiver } = await watchedCamera();
    const stranger = Buffer.alloc(100, 1);
    stranger[0] = 0x80;
    stranger[1] = 96;
    for (let i = 0; i < 3000; i += 1) {
      publisher.peer.send(Buffer.from(stranger.map((byte, at) => (at >= 8 && at < 12 ? i * 7 + at : byte))));
      publisher.peer.send(Buffer.concat([Buffer.of(0x8f, 205, 0, i & 255), stranger.subarray(i % 90)]));
      receiver.peer?.send(Buffer.concat([Buffer.of(0x81, 200 + (i % 8), 0, i & 255), stranger.subarray(i % 90)]));
      receiver.peer?.send(nack(ssrcOf(receiver, VP8), [i, i + 3, i + 40]));
      receiver.peer?.send(receiverReport([]));
    }
    const before = receiver.marks(VP8).length;
    await until(() => receiver.marks(VP8).length > before + 50, 'more of it');
    expect(new Set(receiver.marks(VP8))).toEqual(new Set([2]));
    expect(logged).toEqual([]);
  });
});
