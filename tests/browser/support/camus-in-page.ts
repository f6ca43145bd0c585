import { CamusClient, type CamusEvent, type TrackLike } from '../../../src/dialects/camus/client.ts';

declare global {
  interface Window {
    camus: CamusInPage;
  }
}

export interface CamusInPageOptions {
  readonly name: string;
  /** Whether it has a camera and a microphone, from the start. */
  readonly media: boolean;
}

/** Small pictures: tests have few processors. */
const CAMERA = { width: 320, height: 240, frameRate: 15 } as const;
const RETRY_MS = 200;

/** Runs in a room's page: our client library, and a tile for each person whose camera or microphone comes in. */
class CamusInPage {
  readonly client: CamusClient;
  readonly events: CamusEvent[] = [];
  /** The types of all messages that came. */
  readonly heard: string[] = [];
  readonly connections: RTCPeerConnection[] = [];
  readonly #tiles = new Map<string, HTMLVideoElement>();

  constructor(name: string) {
    this.client = new CamusClient({
      url: `${location.origin.replace('http', 'ws')}${location.pathname}/ws`,
      username: name,
      retryMs: RETRY_MS,
      peerConnection: (configuration) => {
        const connection = new RTCPeerConnection(configuration);
        this.connections.push(connection);
        return connection;
      },
    });
    this.client.signaler.on('*', ({ type }) => this.heard.push(type));
    this.client.on((event) => this.#on(event));
    // As the original does when it is left.
    addEventListener('pagehide', () => this.client.leave());
  }

  async enter(): Promise<void> {
    await this.client.signaler.open();
    await this.client.start();
  }

  async openCamera(): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ video: CAMERA, audio: true });
    for (const track of stream.getTracks()) this.client.addTrack(track);
  }

  /** What was said in the chat, and by whom. */
  get lines(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'text' ? [`${event.line.from}: ${event.line.text}`] : []));
  }

  /** Whom it has hung up on, or was left by. */
  get gone(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'peer-gone' ? [event.peer] : []));
  }

  /** Of the sound that comes from somebody: what there was of it so far. */
  async energyFrom(id: string): Promise<number> {
    const track = this.#streamOf(id)?.getAudioTracks()[0];
    const connection = this.connections.find((one) => one.getReceivers().some((receiver) => receiver.track === track));
    const reports = [...((await connection?.getStats(track))?.values() ?? [])];
    return reports.find(({ type }) => type === 'inbound-rtp')?.totalAudioEnergy ?? 0;
  }

  #on(event: CamusEvent): void {
    this.events.push(event);
    if (event.type === 'track') this.#show(event.peer, event.track);
    if (event.type === 'peer-gone') this.#remove(event.peer);
    if (event.type === 'clients') this.#label();
  }

  #streamOf(id: string): MediaStream | null {
    return (this.#tiles.get(id)?.srcObject ?? null) as MediaStream | null;
  }

  #show(id: string, track: TrackLike): void {
    const tile = this.#tiles.get(id) ?? document.createElement('video');
    tile.autoplay = true;
    tile.srcObject ??= new MediaStream();
    this.#tiles.set(id, tile);
    this.#streamOf(id)?.addTrack(track as MediaStreamTrack);
    document.body.append(tile);
    this.#label();
  }

  #remove(id: string): void {
    this.#tiles.get(id)?.remove();
    this.#tiles.delete(id);
  }

  #label(): void {
    for (const { id, username } of this.client.clients) {
      this.#tiles.get(id)?.setAttribute('aria-label', `${username}'s camera`);
    }
  }
}

export async function install({ name, media }: CamusInPageOptions): Promise<void> {
  const page = new CamusInPage(name);
  if (media) await page.openCamera();
  window.camus = page;
}
