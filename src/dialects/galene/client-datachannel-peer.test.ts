import { afterEach, describe, expect, test, vi } from 'vitest';
import { CODECS } from './client-codecs.ts';
import { DatachannelPeer, type DatachannelPeerOptions } from './client-datachannel-peer.ts';
import type { CandidateInit } from './client-frames.ts';
import type { PacketFilter } from './client-lossy-link.ts';
import { candidateInit } from './client-peer.ts';
import { isRtcp } from './client-rtp.ts';
import { parseSdp } from './client-sdp.ts';
import { publishSynthetic, receiveSynthetic, syntheticTracks } from './client-synthetic-media.ts';

const open: { close(): void }[] = [];
const kept = <Closable extends { close(): void }>(closable: Closable): Closable => {
  open.push(closable);
  return closable;
};
afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});

const WAIT = { timeout: 30_000, interval: 10 };

function peer(options: DatachannelPeerOptions = {}): DatachannelPeer {
  return kept(new DatachannelPeer({ bindAddress: '127.0.0.1', ...options }));
}

interface Pair {
  readonly sender: DatachannelPeer;
  readonly receiver: DatachannelPeer;
}

/** Candidates go straight across, as soon as the other end can take them. */
function joined(sender: DatachannelPeer, receiver: DatachannelPeer): Pair {
  const waiting: CandidateInit[] = [];
  sender.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    if (receiver.signalingState === 'stable' && !receiver.localDescription) waiting.push(candidateInit(candidate));
    else void receiver.addIceCandidate(candidateInit(candidate)).catch(() => waiting.push(candidateInit(candidate)));
  };
  receiver.onicecandidate = ({ candidate }) => {
    if (candidate) void sender.addIceCandidate(candidateInit(candidate)).catch(() => {});
  };
  negotiations.set(receiver, waiting);
  return { sender, receiver };
}
const negotiations = new WeakMap<DatachannelPeer, CandidateInit[]>();

async function negotiate({ sender, receiver }: Pair): Promise<void> {
  await sender.setLocalDescription();
  await receiver.setRemoteDescription(sender.localDescription ?? { type: 'offer', sdp: '' });
  for (const candidate of negotiations.get(receiver)?.splice(0) ?? []) await receiver.addIceCandidate(candidate);
  await receiver.setLocalDescription();
  await sender.setRemoteDescription(receiver.localDescription ?? { type: 'answer', sdp: '' });
}

async function connected(options: {
  readonly tracks: Parameters<typeof syntheticTracks>[0];
  readonly sender?: DatachannelPeerOptions;
  readonly receiver?: DatachannelPeerOptions;
}): Promise<Pair> {
  const pair = joined(peer(options.sender), peer(options.receiver));
  for (const { track, encodings } of syntheticTracks(options.tracks)) {
    const sizes = encodings ? { sendEncodings: [...encodings] } : {};
    pair.sender.addTransceiver(track, { direction: 'sendonly', ...sizes });
  }
  await negotiate(pair);
  await vi.waitFor(() => {
    expect([pair.sender.connectionState, pair.receiver.connectionState]).toEqual(['connected', 'connected']);
  }, WAIT);
  return pair;
}

describe('DatachannelPeer', () => {
  test('sound and pictures arrive, each for its track, and can be shown from the first keyframe on', async () => {
    const { sender, receiver } = await connected({ tracks: { audio: true, video: true } });
    const got = kept(receiveSynthetic(receiver));
    const sent = kept(publishSynthetic(sender));
    await vi.waitFor(() => {
      expect(got.latest('audio')?.packets).toBeGreaterThan(10);
      expect(got.latest('video')?.decodable).toBeGreaterThan(10);
    }, WAIT);
    expect(got.latest('audio')).toMatchObject({ mid: '0', payloadType: 111, lost: 0, timestampBreaks: 0 });
    expect(got.latest('video')).toMatchObject({
      ...{ mid: '1', payloadType: 96, width: 1280, height: 720, lost: 0, broken: 0 },
      ...{ timestampBreaks: 0, sequenceBreaks: 0, pictureIdBreaks: 0, duplicates: 0 },
    });
    expect(sent.statistics.map(({ ssrc }) => ssrc)).toEqual(got.statistics.map(({ ssrc }) => ssrc));
  });

  test('reports go both ways, and name their sender', async () => {
    const { sender, receiver } = await connected({ tracks: { video: true } });
    const got = kept(receiveSynthetic(receiver, { bitrate: 200_000 }));
    const sent = kept(publishSynthetic(sender));
    await vi.waitFor(() => {
      expect(got.latest('video')).toMatchObject({ cname: sender.cname, senderReports: expect.any(Number) });
      expect(sent.statistics[0]?.reports).toBeGreaterThan(0);
      expect(sent.remb?.bitrate).toBe(200_000);
    }, WAIT);
    expect(sent.remb?.ssrcs).toEqual([sent.statistics[0]?.ssrc]);
  });

  test('a simulcast offer has sizes and no SSRCs, and all of them arrive', async () => {
    const { sender, receiver } = await connected({ tracks: { video: true, rids: ['h', 'l'] } });
    const [section] = parseSdp(sender.localDescription?.sdp ?? '').sections;
    expect(section).toMatchObject({ rids: ['h', 'l'], simulcast: 'send', ssrcs: [] });
    const got = kept(receiveSynthetic(receiver));
    kept(publishSynthetic(sender));
    await vi.waitFor(() => {
      const widths = got.statistics.filter(({ decodable }) => decodable > 5).map(({ width, mid }) => [mid, width]);
      expect(widths).toEqual([
        ['0', 1280],
        ['0', 640],
      ]);
    }, WAIT);
  });

  test('what is lost on the way is asked for, sent again, and everything is shown', async () => {
    let count = 0;
    const passes: PacketFilter = (packet) => isRtcp(packet) || ++count % 10 !== 0;
    const { sender, receiver } = await connected({ tracks: { video: true }, receiver: { passes } });
    const got = kept(receiveSynthetic(receiver));
    const sent = kept(publishSynthetic(sender));
    await vi.waitFor(() => expect(got.latest('video')?.recovered).toBeGreaterThan(10), WAIT);
    expect(got.latest('video')).toMatchObject({ lost: 0, broken: 0, pictureIdBreaks: 0 });
    expect(sent.statistics[0]?.resent).toBeGreaterThanOrEqual(got.latest('video')?.recovered ?? 0);
  });

  test('what nobody asks for stays lost, and a keyframe mends the pictures', async () => {
    let [isLosing, lost] = [false, 0];
    const passes: PacketFilter = (packet) => {
      if (!isLosing || isRtcp(packet)) return true;
      lost += 1;
      return false;
    };
    const { sender, receiver } = await connected({ tracks: { video: true }, sender: { passes } });
    const got = kept(receiveSynthetic(receiver, { nack: 'never', giveUpMs: 50 }));
    const sent = kept(publishSynthetic(sender, { keyframeEveryMs: 0 }));
    await vi.waitFor(() => expect(got.latest('video')?.decodable).toBeGreaterThan(3), WAIT);
    expect(sent.statistics[0]).toMatchObject({ plis: 0, keyframes: 1 });
    isLosing = true;
    await vi.waitFor(() => expect(lost).toBeGreaterThan(5), WAIT);
    isLosing = false;
    await vi.waitFor(() => {
      expect(got.latest('video')?.lost).toBe(lost);
      expect(got.latest('video')?.keyframes).toBeGreaterThan(1);
    }, WAIT);
    expect(sent.statistics[0]?.plis).toBeGreaterThan(0);
    expect(sent.statistics[0]?.resent).toBe(0);
  });

  test('a restart is a new way with new credentials, and pictures go on where they were', async () => {
    const { sender, receiver } = await connected({ tracks: { video: true } });
    const got = kept(receiveSynthetic(receiver));
    kept(publishSynthetic(sender));
    await vi.waitFor(() => expect(got.latest('video')?.decodable).toBeGreaterThan(5), WAIT);
    const before = parseSdp(sender.localDescription?.sdp ?? '').transport;
    sender.restartIce();
    await negotiate({ sender, receiver });
    const after = parseSdp(sender.localDescription?.sdp ?? '').transport;
    expect(after.ufrag).not.toBe(before.ufrag);
    await vi.waitFor(() => {
      expect([sender.connectionState, receiver.connectionState]).toEqual(['connected', 'connected']);
    }, WAIT);
    const shown = got.latest('video')?.decodable ?? 0;
    await vi.waitFor(() => expect(got.latest('video')?.decodable).toBeGreaterThan(shown + 5), WAIT);
    expect(got.statistics).toHaveLength(1);
  });

  test('a further offer keeps the way, and adds a track', async () => {
    const pair = await connected({ tracks: { audio: true } });
    const tracks: string[] = [];
    pair.receiver.ontrack = ({ track }) => tracks.push(track.kind);
    pair.sender.addTransceiver({ kind: 'video', id: 'later' }, { direction: 'sendonly' });
    const { ufrag } = parseSdp(pair.sender.localDescription?.sdp ?? '').transport;
    await negotiate(pair);
    expect(parseSdp(pair.sender.localDescription?.sdp ?? '').transport.ufrag).toBe(ufrag);
    expect(tracks).toEqual(['video']);
    expect(pair.receiver.transceivers.map(({ mid }) => mid)).toEqual(['0', '1']);
  });

  test('what it does not know it refuses, and takes the rest', async () => {
    const pair = joined(
      peer({ codecs: { audio: [CODECS.opus], video: [CODECS.h264] } }),
      peer({ codecs: { audio: [CODECS.opus], video: [CODECS.vp8] } }),
    );
    for (const { track } of syntheticTracks({ audio: true, video: true })) {
      pair.sender.addTransceiver(track, { direction: 'sendonly' });
    }
    await negotiate(pair);
    const { sections } = parseSdp(pair.receiver.localDescription?.sdp ?? '');
    expect(sections.map(({ isRefused, direction }) => [isRefused, direction])).toEqual([
      [false, 'recvonly'],
      [true, 'inactive'],
    ]);
    expect(pair.sender.transceivers.map(({ agreement }) => agreement?.direction)).toEqual(['sendonly', 'inactive']);
  });

  test('nonsense is refused, and what was before holds on', async () => {
    const { sender, receiver } = await connected({ tracks: { audio: true } });
    for (const sdp of ['', 'nonsense', 'v=0\r\n', 'v=0\r\nm=audio 9 X 111\r\n', 'v=0\r\nm=application 9 X 1\r\n']) {
      await expect(receiver.setRemoteDescription({ type: 'offer', sdp })).rejects.toThrow();
      await expect(sender.setRemoteDescription({ type: 'answer', sdp })).rejects.toThrow();
    }
    for (const candidate of [
      '',
      'nonsense',
      'candidate:1 1 tcp 1 127.0.0.1 9 typ host',
      'candidate:1 1 udp 1 a.local 9 typ host',
    ]) {
      await sender.addIceCandidate({ candidate });
    }
    const got = kept(receiveSynthetic(receiver));
    kept(publishSynthetic(sender));
    await vi.waitFor(() => expect(got.latest('audio')?.packets).toBeGreaterThan(3), WAIT);
  });

  test('nobody is let in whose certificate is not the one that was promised', async () => {
    const pair = joined(peer(), peer());
    pair.sender.addTransceiver({ kind: 'audio', id: 'a' }, { direction: 'sendonly' });
    const forged = (sdp = '') => sdp.replace(/(a=fingerprint:sha-256 ).*/g, `$1${Array(32).fill('AA').join(':')}`);
    await pair.sender.setLocalDescription();
    await pair.receiver.setRemoteDescription({ type: 'offer', sdp: forged(pair.sender.localDescription?.sdp) });
    for (const candidate of negotiations.get(pair.receiver)?.splice(0) ?? []) {
      await pair.receiver.addIceCandidate(candidate);
    }
    await pair.receiver.setLocalDescription();
    await pair.sender.setRemoteDescription(pair.receiver.localDescription ?? { type: 'answer', sdp: '' });
    await vi.waitFor(() => expect(pair.receiver.connectionState).toBe('failed'), WAIT);
    expect(pair.receiver.send(Buffer.alloc(20, 0x80))).toBe(false);
  });

  test('a candidate before any description is refused, and a closed connection takes nothing', async () => {
    const lonely = peer();
    await expect(lonely.addIceCandidate({ candidate: 'candidate:1' })).rejects.toThrow('no remote description');
    lonely.close();
    await expect(lonely.setLocalDescription()).rejects.toThrow('closed');
    expect(lonely.send(Buffer.alloc(20, 0x80))).toBe(false);
    expect(lonely.connectionState).toBe('closed');
  });
});
