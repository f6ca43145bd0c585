import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Media } from './port.ts';
import { parseDescription } from './sfu/sdp/parse.ts';
import { MediaStage, until } from './testing/media-stage.ts';
import { ScriptedPlayer } from './testing/scripted-player.ts';

const CAMERA = {
  sections: [
    { mid: '0', kind: 'audio' },
    { mid: '1', kind: 'video' },
  ],
} as const;

const SOUND = { mid: 'a', kind: 'audio', codecs: ['rtpmap:109 opus/48000/2'] } as const;
const PICTURE = { mid: 'v', kind: 'video', codecs: ['rtpmap:120 VP8/90000'] } as const;

/** What every driver does, packets or not. */
export function describeMedia(name: string, make: () => Media): void {
  describe(`media, as ${name} does it`, () => {
    let media: Media;
    let stage: MediaStage;

    beforeEach(() => {
      media = make();
      stage = new MediaStage(media);
    });

    afterEach(async () => {
      stage.close();
      await media.close();
    });

    it('answers an offer with its tracks, after the call', async () => {
      stage.publish('s', CAMERA);
      expect(stage.listener.events).toEqual([]);
      const { sdp, tracks } = await until(() => stage.listener.of('answered')[0], 'the answer');
      expect(tracks).toEqual([
        { kind: 'audio', layers: 1 },
        { kind: 'video', layers: 1 },
      ]);
      const { sections } = parseDescription(sdp);
      expect(sections.map(({ mid, direction }) => [mid, direction])).toEqual([
        ['0', 'recvonly'],
        ['1', 'recvonly'],
      ]);
    });

    it('looks at certain mids only, where it is told so', async () => {
      stage.publish('unused', CAMERA);
      const sdp = stage.publishers.get('unused')?.offer() ?? '';
      stage.room.publish('s', { sdp, mids: ['1'] });
      const { tracks } = await until(() => stage.listener.of('answered').find(({ stream }) => stream === 's'), 'it');
      expect(tracks).toEqual([{ kind: 'video', layers: 1 }]);
    });

    it('rejects what is no offer', async () => {
      stage.room.publish('s', { sdp: 'nonsense' });
      const { stream, reason } = await until(() => stage.listener.of('rejected')[0], 'the rejection');
      expect(stream).toBe('s');
      expect(reason).not.toBe('');
    });

    it('offers a stream to who is to have it, under its own name', async () => {
      stage.publish('s', CAMERA);
      stage.forward('s', 'bob');
      const { to, offer } = await until(() => stage.listener.of('offered')[0], 'the offer');
      expect(to).toBe('bob');
      expect(offer.sdp).toMatch(/^a=msid:s /m);
      expect(offer.tracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
      expect(parseDescription(offer.sdp).sections.map(({ direction }) => direction)).toEqual(['sendonly', 'sendonly']);
    });

    it('makes one offer of all that changes while one is unanswered, and none where nothing changes', async () => {
      stage.publish('s', CAMERA);
      stage.silent.add('bob');
      stage.forward('s', 'bob');
      for (let i = 0; i < 20; i += 1) stage.room.forward('s', 'bob', { audio: i % 2 > 0, video: 'high' });
      stage.room.forward('s', 'bob', { audio: false, video: 'high' });
      const first = await until(() => stage.listener.of('offered')[0], 'the first');
      await stage.room.statistics();
      expect(stage.listener.of('offered')).toHaveLength(1);
      stage.silent.clear();
      stage.answer('s', 'bob', first.offer.sdp);
      const second = await until(() => stage.listener.of('offered')[1], 'the second');
      expect(second.offer.tracks.map(({ kind }) => kind)).toEqual(['video']);
      stage.room.forward('s', 'bob', { audio: false, video: 'low' });
      await stage.room.statistics();
      expect(stage.listener.of('offered')).toHaveLength(2);
    });

    it('tells whose place a stream takes, and only those who knew that one', async () => {
      stage.publish('s', CAMERA);
      stage.forward('s', 'bob');
      await until(() => stage.listener.of('offered').length === 1, 'the first offer');
      stage.publish('t', CAMERA, { replaces: 's' });
      stage.forward('t', 'bob');
      stage.forward('t', 'carol');
      await until(() => stage.listener.of('offered').length === 3, 'the other offers');
      const [, ...offers] = stage.listener.of('offered');
      expect(offers.map(({ to, offer }) => [to, offer.replaces])).toEqual([
        ['bob', 's'],
        ['carol', undefined],
      ]);
    });

    it('tells who cannot have it, once their answer is no answer', async () => {
      stage.publish('s', CAMERA);
      stage.silent.add('bob');
      stage.forward('s', 'bob');
      await until(() => stage.listener.of('offered')[0], 'the offer');
      stage.room.answer('s', 'bob', 'nonsense');
      const { to } = await until(() => stage.listener.of('undeliverable')[0], 'the news');
      expect(to).toBe('bob');
    });

    it('answers who offers to receive, once for each offer, and never offers to them', async () => {
      stage.publish('s', CAMERA);
      await until(() => stage.listener.of('answered')[0], 'the stream');
      const bob = new ScriptedPlayer({ sections: [SOUND, PICTURE] });
      stage.play('s', 'bob', bob);
      stage.room.forward('s', 'bob', { audio: true, video: 'low' });
      stage.play('s', 'bob', bob);
      const { to, sdp } = await until(() => stage.listener.of('played')[1], 'both answers');
      expect(to).toBe('bob');
      const { sections } = parseDescription(sdp);
      expect(sections.map(({ mid, direction, transport }) => [mid, direction, transport?.setup])).toEqual([
        ['a', 'sendonly', 'active'],
        ['v', 'sendonly', 'active'],
      ]);
      expect(sdp).toMatch(/^a=msid:s /m);
      await stage.room.statistics();
      expect([stage.listener.of('played').length, stage.listener.of('offered').length]).toEqual([2, 0]);
      stage.room.play('s', 'carol', { sdp: 'nonsense', wanted: { audio: true, video: 'high' } });
      const news = await until(() => stage.listener.of('undeliverable')[0], 'the news');
      expect(news.to).toBe('carol');
    });

    it('says nothing more of what has ended, and nothing of what is not there', async () => {
      stage.publish('s', CAMERA);
      stage.forward('s', 'bob');
      stage.room.unpublish('s');
      stage.room.forward('s', 'bob', { audio: true, video: 'high' });
      stage.room.stop('s', 'bob');
      stage.room.answer('s', 'bob', 'v=0');
      stage.room.restart('s', 'bob');
      stage.publish('t', CAMERA);
      await until(() => stage.listener.of('answered').some(({ stream }) => stream === 't'), 'the other answer');
      expect(await stage.room.statistics()).toHaveLength(1);
      const later = stage.listener.events.length;
      stage.room.close();
      stage.room.publish('u', { sdp: 'nonsense' });
      expect(await stage.room.statistics()).toEqual([]);
      expect(stage.listener.events.slice(later)).toEqual([]);
    });
  });
}
