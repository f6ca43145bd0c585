import type { Browser, Page } from 'playwright-core';
import { type Visitor, visit } from './browser.ts';

/**
 * A browser on the BareRTC wire, with the peer connections its web client makes (`spec/barertc.md` 1.9.5): the viewer
 * offers with transceivers that only receive, the broadcaster answers with its tracks, one connection for each name.
 */
export interface BareVisitor extends Visitor {
  send(frame: object): Promise<void>;
  goOnCamera(): Promise<void>;
  /** Waits for a frame that has these fields, among all that came. */
  received(fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** Waits until pictures of this member arrive and move. */
  expectMovingPicture(name: string): Promise<void>;
}

export async function enterBare(browser: Browser, url: string, name: string): Promise<BareVisitor> {
  // Any page of the server will do: it makes the origin right.
  const visitor = await visit(browser, `${url}/healthz`);
  const { page } = visitor;
  await page.evaluate(install, { name });
  const bare: BareVisitor = {
    ...visitor,
    send: (frame) => call(page, 'send', frame),
    goOnCamera: () => call(page, 'goOnCamera', undefined),
    received: async (fields) => {
      await page.waitForFunction((wanted) => {
        const { frames } = (window as unknown as { bare: { frames: Record<string, unknown>[] } }).bare;
        return frames.some((frame) => Object.entries(wanted).every(([key, value]) => frame[key] === value));
      }, fields);
    },
    expectMovingPicture: async (from) => {
      await page.waitForFunction((other) => {
        const video = document.querySelector<HTMLVideoElement>(`video[data-name="${other}"]`);
        if (!video || video.videoWidth === 0) return false;
        const marked = video as HTMLVideoElement & { seen?: number[] };
        const seen = marked.seen ?? [];
        marked.seen = seen;
        if (seen.at(-1) !== video.currentTime) seen.push(video.currentTime);
        return seen.length >= 5;
      }, from);
    },
  };
  await bare.received({ action: 'me', username: name });
  return bare;
}

async function call(page: Page, method: 'send' | 'goOnCamera', argument: object | undefined): Promise<void> {
  await page.evaluate(
    ([name, value]) => (window as unknown as { bare: Record<string, (value: unknown) => unknown> }).bare[name]?.(value),
    [method, argument] as const,
  );
}

/** Runs in the page: nothing of this file is in scope. */
function install({ name }: { readonly name: string }): void {
  const socket = new WebSocket(`ws://${location.host}/ws`);
  const frames: Record<string, unknown>[] = [];
  const peers = new Map<string, RTCPeerConnection>();
  let stream: MediaStream | undefined;
  const send = (frame: object): void => socket.send(JSON.stringify(frame));

  function peer(other: string, options: { readonly offerer: boolean }): RTCPeerConnection {
    const connection = new RTCPeerConnection();
    peers.set(other, connection);
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) send({ action: 'candidate', username: other, candidate: JSON.stringify(candidate) });
    };
    connection.ontrack = ({ streams }) => {
      const video =
        document.querySelector<HTMLVideoElement>(`video[data-name="${other}"]`) ?? document.createElement('video');
      video.dataset.name = other;
      video.muted = true;
      video.autoplay = true;
      video.srcObject = streams[0] ?? null;
      document.body.append(video);
      send({ action: 'watch', username: other });
    };
    if (options.offerer) {
      connection.addTransceiver('video', { direction: 'recvonly' });
      connection.addTransceiver('audio', { direction: 'recvonly' });
      void connection.createOffer().then(async (offer) => {
        await connection.setLocalDescription(offer);
        send({ action: 'sdp', username: other, description: JSON.stringify(connection.localDescription) });
      });
    } else {
      for (const track of stream?.getTracks() ?? []) if (stream) connection.addTrack(track, stream);
    }
    return connection;
  }

  async function described(other: string, description: RTCSessionDescriptionInit): Promise<void> {
    const connection = peers.get(other);
    await connection?.setRemoteDescription(description);
    if (!connection || description.type !== 'offer') return;
    await connection.setLocalDescription(await connection.createAnswer());
    send({ action: 'sdp', username: other, description: JSON.stringify(connection.localDescription) });
  }

  socket.onopen = () => send({ action: 'login', username: name, jwt: '', dnd: false });
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(String(data)) as Record<string, string>;
    frames.push(frame);
    const other = frame.username ?? '';
    if (frame.action === 'ring') peer(other, { offerer: false });
    if (frame.action === 'open') peer(other, { offerer: true });
    if (frame.action === 'sdp') void described(other, JSON.parse(frame.description ?? '{}'));
    if (frame.action === 'candidate') void peers.get(other)?.addIceCandidate(JSON.parse(frame.candidate ?? '{}'));
  };

  const goOnCamera = async (): Promise<void> => {
    stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    send({ action: 'me', video: 1, status: 'online', dnd: false });
  };
  (window as unknown as { bare: object }).bare = { frames, send, goOnCamera };
}
