import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERYTHING_WANTED } from '../../core/stream.ts';
import { LossyPath } from '../testing/lossy-path.ts';
import { MediaStage, until } from '../testing/media-stage.ts';
import { RecordingListener } from '../testing/recording-listener.ts';
import { type PlayerSectionScript, ScriptedPlayer } from '../testing/scripted-player.ts';
import { ScriptedPublisher } from '../testing/scripted-publisher.ts';
import type { SfuLog } from './options.ts';
import { SfuRoom } from './room.ts';
import { nack, pictureLoss } from './rtp/build-rtcp.ts';
import { Scratch } from './rtp/scratch.ts';
import { parseDescription } from './sdp/parse.ts';
import { SfuMedia } from './sfu-media.ts';
import { SideDoor } from './side-door/side-door.ts';

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
const SOUND: PlayerSectionScript = {
  mid: 'a',
  kind: 'audio',
  codecs: ['rtpmap:63 red/48000/2', 'rtpmap:109 opus/48000/2'],
  extensions: ['5 urn:ietf:params:rtp-hdrext:sdes:mid'],
};
const PICTURE: PlayerSectionScript = {
  mid: 'v',
  kind: 'video',
  codecs: ['rtpmap:126 H264/90000', 'fmtp:126 packetization-mode=1;profile-level-id=42e01f', 'rtpmap:120 VP8/90000'],
  extensions: ['7 urn:ietf:params:rtp-hdrext:sdes:mid', '15 urn:3gpp:video-orientation'],
};
const OPUS = 109;
const VP8 = 120;

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

function player(sections: readonly PlayerSectionScript[] = [SOUND, PICTURE], path?: LossyPath): ScriptedPlayer {
  return new ScriptedPlayer({ sections, ...(path ? { path } : {}) });
}

async function answerTo(index = 0) {
  const { sdp } = await until(() => stage.listener.of('played')[index], 'the answer');
  return { sdp, ...parseDescription(sdp) };
}

async function played(script: Parameters<MediaStage['publish']>[1] = CAMERA, sections = [SOUND, PICTURE]) {
  const publisher = stage.publish('s', script);
  const bob = player(sections);
  await until(() => stage.listener.of('answered')[0], 'the stream');
  stage.play('s', 'bob', bob);
  stage.roll();
  await until(() => bob.marks(VP8).length > 10 && bob.marks(OPUS).length > 3, 'a picture with sound');
  return { publisher, bob };
}

describe('who offers to receive', () => {
  it('is answered with what there is, in their numbers, and with where to find us', async () => {
    const { bob } = await played();
    const { sections, bundle, sdp } = await answerTo();
    expect(bundle).toEqual(['a', 'v']);
    expect(sections.map(({ mid, direction, formats }) => [mid, direction, formats])).toEqual([
      ['a', 'sendonly', ['109']],
      ['v', 'sendonly', ['120']],
    ]);
    expect(sections.map(({ extensions }) => extensions)).toEqual([
      [{ id: 5, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }],
      // The other number does not fit into what we write.
      [{ id: 7, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }],
    ]);
    expect(sections[0]?.candidates.length).toBeGreaterThan(0);
    expect(sdp).toMatch(/^a=msid:s /m);
    for (const packet of bob.packets) {
      const { payloadType, ssrc } = packet.header;
      expect(sections[payloadType === OPUS ? 0 : 1]?.ssrcs).toEqual([ssrc]);
    }
    expect(stage.listener.of('offered')).toEqual([]);
    expect((await stage.room.statistics()).map(({ to }) => to)).toEqual([undefined, 'bob']);
    expect(logged).toEqual([]);
  });

  it('may write all their candidates into the offer', async () => {
    stage.publish('s', CAMERA);
    await until(() => stage.listener.of('answered')[0], 'the stream');
    const bob = player();
    const lines = await until(() => bob.candidates.length > 0 && bob.candidates, 'their candidates');
    const sdp = `${bob.offer()}${lines.map(({ candidate }) => `a=${candidate}\r\n`).join('')}`;
    stage.room.play('s', 'bob', { sdp, wanted: EVERYTHING_WANTED });
    bob.accept((await answerTo()).sdp);
    stage.roll();
    await until(() => bob.marks(VP8).length > 10, 'a picture');
  });

  it('gets nothing in sections for what is not there', async () => {
    stage.publish('s', { sections: [AUDIO] });
    const data = { mid: 'd', kind: 'video', codecs: ['rtpmap:50 unheard-of/90000'] } as const;
    await until(() => stage.listener.of('answered')[0], 'the stream');
    stage.play('s', 'bob', player([data, PICTURE, SOUND]));
    const { sections, bundle } = await answerTo();
    expect(sections.map(({ isRejected, direction }) => [isRejected, direction])).toEqual([
      [true, 'inactive'],
      [false, 'inactive'],
      [false, 'sendonly'],
    ]);
    expect(bundle).toEqual(['v', 'a']);
    expect(sections[1]?.candidates.length).toBeGreaterThan(0);
  });

  it.each([
    ['knows none of the codecs', [{ ...PICTURE, codecs: ['rtpmap:98 VP9/90000'] }], /codecs/],
    ['has no section for it', [{ ...SOUND, direction: 'sendonly' }], /nothing|codecs/],
    ['says nonsense', [], /media/],
  ] as const)('is told in words where they cannot have it: who %s', async (_what, sections, words) => {
    stage.publish('s', CAMERA);
    await until(() => stage.listener.of('answered')[0], 'the stream');
    stage.play('s', 'bob', player(sections));
    const { to, reason } = await until(() => stage.listener.of('undeliverable')[0], 'the news');
    expect(to).toBe('bob');
    expect(reason).toMatch(words);
    expect(await stage.room.statistics()).toHaveLength(1);
  });

  it('hears nothing more of a stream that ends, and is not asked again', async () => {
    const { bob } = await played();
    stage.room.stop('s', 'bob');
    await expect.poll(async () => (await stage.room.statistics()).length).toBe(1);
    const before = bob.packets.length;
    await stage.room.statistics();
    expect(bob.packets.length - before).toBeLessThan(20);
    expect(stage.listener.of('undeliverable')).toEqual([]);
  });
});

describe('what changes for who offered', () => {
  it('is what is sent, and never leads to an offer', async () => {
    const { publisher, bob } = await played(BOTH_SIZES);
    const marks = { h: publisher.source('1', 'h').mark, l: publisher.source('1', 'l').mark };
    await until(() => bob.marks(VP8).at(-1) === marks.h, 'the large size');
    stage.room.forward('s', 'bob', { audio: true, video: 'low' });
    await until(() => bob.marks(VP8).at(-1) === marks.l, 'the small size');
    stage.room.forward('s', 'bob', { audio: true, video: 'none' });
    await stage.room.statistics();
    const [pictures, sounds] = [bob.marks(VP8).length, bob.marks(OPUS).length];
    await until(() => bob.marks(OPUS).length > sounds + 30, 'sound');
    expect(bob.marks(VP8).length - pictures).toBeLessThan(10);
    stage.room.forward('s', 'bob', { audio: true, video: 'high' });
    await until(() => bob.marks(VP8).at(-1) === marks.h, 'the large size again');
    expect(new Set(bob.packets.map(({ header }) => header.ssrc)).size).toBe(2);
    expect(stage.listener.of('offered')).toEqual([]);
  });

  it('reaches them in the same section where a track takes the place of another', async () => {
    const { publisher, bob } = await played();
    const third = { mid: '2', kind: 'video' } as const;
    publisher.extend({ sections: [AUDIO, { ...VIDEO, direction: 'inactive' }, third] });
    stage.offer('s');
    const { mark } = publisher.source('2');
    await until(() => bob.marks(VP8).at(-1) === mark, 'the other track');
    expect(new Set(bob.packets.map(({ header }) => header.ssrc)).size).toBe(2);
    expect(stage.listener.of('offered')).toEqual([]);
    expect(stage.listener.of('played')).toHaveLength(1);
  });

  it('is the way to them, where they offer with other credentials; and else nothing', async () => {
    const { bob } = await played();
    stage.play('s', 'bob', bob);
    const [first, second] = [await answerTo(0), await answerTo(1)];
    expect(second.sections.map(({ transport, ssrcs }) => [transport, ssrcs])).toEqual(
      first.sections.map(({ transport, ssrcs }) => [transport, ssrcs]),
    );
    bob.restart();
    stage.play('s', 'bob', bob);
    const third = await answerTo(2);
    expect(third.sections[0]?.transport?.ufrag).not.toBe(first.sections[0]?.transport?.ufrag);
    expect(third.sections.map(({ ssrcs }) => ssrcs)).toEqual(first.sections.map(({ ssrcs }) => ssrcs));
    await until(() => bob.marks(VP8).length > 20, 'packets by the new way');
  });

  it('may be who offers: a connection that we offered gives way to theirs', async () => {
    stage.publish('s', CAMERA);
    const before = stage.forward('s', 'bob');
    stage.roll();
    await until(() => before.marks(96).length > 5, 'a picture');
    const bob = player();
    stage.play('s', 'bob', bob);
    await until(() => bob.marks(VP8).length > 5, 'a picture the other way');
    expect(await stage.room.statistics()).toHaveLength(2);
  });
});

describe('who does not come', () => {
  it('is given up after a while, and whoever is there is not', async () => {
    let now = 1_000_000;
    const network = { bindAddress: '127.0.0.1', announced: [], relayOnly: false };
    const failed = (error: unknown): never => {
      throw error;
    };
    const random = () => Math.floor(Math.random() * 2 ** 32);
    const listener = new RecordingListener();
    const sideDoor = new SideDoor({ now: () => 0 });
    const site = { network, iceServers: () => [], sideDoor, now: () => now, random, scratch: new Scratch(), failed };
    const room = new SfuRoom(site, listener);
    const publisher = new ScriptedPublisher(CAMERA);
    const [bob, carol] = [player(), player()];
    room.publish('s', { sdp: publisher.offer() }, ['vp8', 'opus']);
    room.play('s', 'bob', { sdp: bob.offer(), wanted: EVERYTHING_WANTED });
    room.play('s', 'carol', { sdp: carol.offer(), wanted: EVERYTHING_WANTED });
    bob.accept(listener.of('played')[0]?.sdp ?? '');
    for (const candidate of bob.candidates) room.receiverCandidate('s', 'bob', candidate);
    publisher.accept(listener.of('answered')[0]?.sdp ?? '');
    for (const candidate of publisher.candidates) room.publisherCandidate('s', candidate);
    const speak = (): false => {
      if (publisher.peer.pipe.isOpen) publisher.step();
      return false;
    };
    await until(() => speak() || bob.marks(OPUS).length > 0, 'sound for bob');
    now += 29_000;
    room.reportToPublishers(now);
    expect(listener.of('undeliverable')).toEqual([]);
    now += 2_000;
    room.reportToPublishers(now);
    expect(listener.of('undeliverable').map(({ to }) => to)).toEqual(['carol']);
    room.close();
    for (const end of [publisher, bob, carol]) end.close();
  });
});

describe('what they say of it', () => {
  it('is minded: what is lost is sent again, and keyframes are asked for', async () => {
    const lost = new Set<number>();
    let came = 0;
    const path = await LossyPath.create((packet) => {
      const sequence = packet.readUInt16BE(2);
      if ((packet.readUInt8(1) & 127) !== VP8 || ++came % 20 !== 0 || lost.has(sequence)) return false;
      lost.add(sequence);
      return true;
    });
    const publisher = stage.publish('s', CAMERA);
    await until(() => stage.listener.of('answered')[0], 'the stream');
    const bob = player([SOUND, PICTURE], path);
    stage.play('s', 'bob', bob);
    stage.roll();
    await until(() => lost.size >= 5, 'losses');
    const asked = [...lost];
    const [, video] = (await answerTo()).sections;
    const ssrc = video?.ssrcs[0] ?? 0;
    bob.peer.send(nack(ssrc, asked));
    await until(() => asked.every((each) => bob.packets.some(({ header }) => header.sequence === each)), 'them');
    const before = publisher.peer.of('picture-loss').length;
    bob.peer.send(pictureLoss(ssrc));
    await until(() => publisher.peer.of('picture-loss').length > before, 'a request');
    path.close();
  });
});
