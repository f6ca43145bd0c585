import type { RelayFacts } from './findings.ts';

const LONGEST_MS = 8_000;
const ROUNDS = 3;

type Way = RelayFacts['way'];

/** Servers by the way to them, each with what is needed to come in; only those that relay. */
export function relaysByWay(servers: readonly RTCIceServer[]): ReadonlyMap<Way, readonly RTCIceServer[]> {
  const found = new Map<Way, RTCIceServer[]>();
  for (const server of servers) {
    for (const urls of [server.urls].flat()) {
      const way = wayTo(urls);
      if (way) found.set(way, [...(found.get(way) ?? []), { ...server, urls }]);
    }
  }
  return found;
}

function wayTo(url: string): Way | undefined {
  if (/^turns:/i.test(url)) return 'tls';
  if (!/^turn:/i.test(url)) return undefined;
  return /[?&]transport=tcp$/i.test(url) ? 'tcp' : 'udp';
}

/**
 * Milliseconds for a word to the relay, to the other end in this very page, and back the same way; undefined where it
 * does not come.
 */
export async function loopThrough(servers: readonly RTCIceServer[]): Promise<number | undefined> {
  const options: RTCConfiguration = { iceServers: [...servers], iceTransportPolicy: 'relay' };
  const [near, far] = [new RTCPeerConnection(options), new RTCPeerConnection(options)];
  try {
    const channel = near.createDataChannel('loop');
    far.ondatachannel = ({ channel: end }) => {
      end.onmessage = ({ data }) => end.send(String(data));
    };
    const measured = measure(channel);
    await introduce(near, far);
    return await Promise.race([measured, after(LONGEST_MS)]);
  } catch {
    // A server that is written in a way which browsers do not take.
    return undefined;
  } finally {
    near.close();
    far.close();
  }
}

async function introduce(near: RTCPeerConnection, far: RTCPeerConnection): Promise<void> {
  near.onicecandidate = ({ candidate }) => void (candidate && far.addIceCandidate(candidate).catch(() => {}));
  far.onicecandidate = ({ candidate }) => void (candidate && near.addIceCandidate(candidate).catch(() => {}));
  const offer = await near.createOffer();
  await far.setRemoteDescription(offer);
  await near.setLocalDescription(offer);
  const answer = await far.createAnswer();
  await near.setRemoteDescription(answer);
  await far.setLocalDescription(answer);
}

/** The quickest of some rounds: the first has the machine wake up. */
async function measure(channel: RTCDataChannel): Promise<number> {
  await new Promise((resolve) => {
    channel.onopen = resolve;
  });
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    const back = new Promise((resolve) => {
      channel.onmessage = resolve;
    });
    channel.send(String(round));
    await back;
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
