import type { CheckFacts, DeviceState, RelayFacts } from './findings.ts';
import { gatherFacts } from './gathering.ts';
import { loopThrough, relaysByWay } from './relay-loop.ts';

const SOCKET_MS = 8_000;

/** Finds out what there is to know, all at once; takes some seconds at most. Asks nobody for a camera. */
export async function runCheck(servers: readonly RTCIceServer[]): Promise<CheckFacts> {
  const [camera, microphone, socketMs, network, relays] = await Promise.all([
    deviceState('camera', 'videoinput'),
    deviceState('microphone', 'audioinput'),
    socketTime(),
    gatherFacts(servers).catch(() => ({ hasHost: false, udp: 'unknown' as const })),
    relayFacts(servers),
  ]);
  return { isSecure: window.isSecureContext, camera, microphone, socketMs, network, relays };
}

async function relayFacts(servers: readonly RTCIceServer[]): Promise<readonly RelayFacts[]> {
  const ways = [...relaysByWay(servers)];
  return Promise.all(ways.map(async ([way, some]) => ({ way, loopMs: await loopThrough(some) })));
}

/** Some browsers do not say what they would do; then they would ask. */
async function deviceState(name: 'camera' | 'microphone', kind: MediaDeviceKind): Promise<DeviceState> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  if (!devices?.some((device) => device.kind === kind)) return 'missing';
  const status = await navigator.permissions?.query({ name: name as PermissionName }).catch(() => undefined);
  if (status?.state === 'granted' || status?.state === 'denied') return status.state;
  return 'ask';
}

/** The handshake of a WebSocket is two ways there and back: half of it is what a frame takes. */
function socketTime(): Promise<number | undefined> {
  const began = performance.now();
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws`);
  return new Promise((resolve) => {
    const end = (result: number | undefined): void => {
      resolve(result);
      socket.close();
    };
    socket.onopen = () => end((performance.now() - began) / 2);
    socket.onerror = () => end(undefined);
    setTimeout(() => end(undefined), SOCKET_MS);
  });
}
