import { GaleneClient } from '../../../src/dialects/galene/client.ts';
import type { DownStream } from '../../../src/dialects/galene/client-down-stream.ts';
import type { UpStream } from '../../../src/dialects/galene/client-up-stream.ts';

declare global {
  interface Window {
    galene: GaleneInPage;
  }
}

export interface GaleneInPageOptions {
  readonly group: string;
  readonly name: string;
  readonly password: string;
}

/** Small pictures: tests have few processors. */
const CAMERA = { width: 320, height: 240, frameRate: 15 } as const;

/** Runs in a page: our client library of Galène's wire over the browser's own connections, and a tile for each stream. */
class GaleneInPage {
  readonly client: GaleneClient;
  /** What was said, kicks and errors among it. */
  readonly heard: string[] = [];
  readonly #tiles = new Map<string, HTMLVideoElement>();

  constructor(client: GaleneClient) {
    this.client = client;
    client.on('down-track', ({ stream, track }) => this.#show(stream, track as unknown as MediaStreamTrack));
    client.on('down-ended', ({ stream }) => this.#remove(stream));
    client.on('chat', ({ username, value }) => this.heard.push(`${username}: ${String(value)}`));
    client.on('usermessage', ({ kind, value }) => this.heard.push(`${kind}: ${String(value)}`));
    client.request({ '': ['audio', 'video'] });
  }

  /** Camera and microphone. Resolves when they are answered. */
  async publish(): Promise<UpStream> {
    const media = await navigator.mediaDevices.getUserMedia({ video: CAMERA, audio: true });
    const tracks = media.getTracks().map((track) => ({ track, streams: [media] }));
    const stream = this.client.publish({ label: 'camera', tracks: tracks as never });
    await stream.answered;
    return stream;
  }

  /** Of the sound that comes from somebody: what there was of it so far. */
  async energyFrom(name: string): Promise<number> {
    let energy = 0;
    for (const stream of this.client.streams.down.values()) {
      if (stream.username !== name) continue;
      const reports = await (stream.connection as unknown as RTCPeerConnection).getStats();
      for (const report of reports.values()) if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0;
    }
    return energy;
  }

  #show(stream: DownStream, track: MediaStreamTrack): void {
    const tile = this.#tiles.get(stream.id) ?? document.createElement('video');
    tile.autoplay = true;
    tile.setAttribute('aria-label', `${stream.username} ${stream.label}`);
    tile.srcObject ??= new MediaStream();
    (tile.srcObject as MediaStream).addTrack(track);
    this.#tiles.set(stream.id, tile);
    document.body.append(tile);
  }

  #remove({ id }: DownStream): void {
    this.#tiles.get(id)?.remove();
    this.#tiles.delete(id);
  }
}

export async function install({ group, name, password }: GaleneInPageOptions): Promise<void> {
  const client = await GaleneClient.enter({
    url: `${location.origin.replace('http', 'ws')}/ws`,
    connect: (url) => new WebSocket(url) as never,
    peerConnection: (configuration) => new RTCPeerConnection(configuration as RTCConfiguration) as never,
    group,
    username: name,
    password,
  });
  window.galene = new GaleneInPage(client);
}
