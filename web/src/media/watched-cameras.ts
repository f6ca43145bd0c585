import { Camera, has, isOn } from '../../../src/core/camera.ts';
import { nameKey } from '../../../src/core/name.ts';
import type { MediaPorts } from './media-ports.ts';
import { PeerLink } from './peer-link.ts';
import type { PeerSignal } from './session-description.ts';

/** Somebody's camera on our screen. */
export interface Tile {
  readonly key: string;
  readonly name: string;
  readonly state: 'opening' | 'connecting' | 'live';
  readonly stream?: MediaStream;
}

interface Watched {
  tile: Tile;
  link: PeerLink | undefined;
  /** Their picture came over the connection on which they watch us; it is not ours to close. */
  readonly returned: boolean;
  cancelTimeout: () => void;
}

const OPENING_MS = 10_000;

/** The cameras we watch: asked for, offered, shown, closed. Owns their connections. */
export class WatchedCameras {
  readonly #ports: MediaPorts;
  readonly #ownStream: () => { readonly stream: MediaStream; readonly explicit: boolean } | undefined;
  readonly #changed: () => void;
  readonly #watched = new Map<string, Watched>();

  constructor(options: {
    readonly ports: MediaPorts;
    readonly ownStream: () => { readonly stream: MediaStream; readonly explicit: boolean } | undefined;
    readonly changed: () => void;
  }) {
    this.#ports = options.ports;
    this.#ownStream = options.ownStream;
    this.#changed = options.changed;
  }

  get tiles(): readonly Tile[] {
    return [...this.#watched.values()].map(({ tile }) => tile);
  }

  watch(name: string): void {
    const key = nameKey(name);
    if (this.#watched.has(key)) return;
    const camera = this.#ports.cameraOf(name) ?? 0;
    if (has(camera, Camera.nonExplicit) && this.#ownStream()?.explicit) {
      this.#ports.notify({ kind: 'explicit-unwanted', name });
      return;
    }
    const cancelTimeout = this.#ports.after(OPENING_MS, () => this.#giveUp(key, 'no-answer'));
    this.#watched.set(key, { tile: { key, name, state: 'opening' }, link: undefined, returned: false, cancelTimeout });
    this.#changed();
    this.#ports.ask({ type: 'open-camera', name }).catch(() => this.#drop(key));
  }

  /** The server let us in: now we dial. */
  opened(name: string): void {
    const key = nameKey(name);
    const watched = this.#watched.get(key);
    if (watched?.tile.state !== 'opening' || watched.returned) return;
    const link = new PeerLink(this.#ports.createPeer(), {
      signal: (kind, payload) => void this.#ports.ask({ type: 'signal', name, kind, payload }).catch(() => undefined),
      track: (stream) => this.#arrived(key, stream),
      failed: () => this.#giveUp(key, 'unreachable'),
    });
    watched.link = link;
    watched.tile = { ...watched.tile, state: 'connecting' };
    this.#changed();
    link.offer(this.#streamFor(name));
  }

  /** Whether the signal belongs to one of these connections. */
  link(name: string): PeerLink | undefined {
    return this.#watched.get(nameKey(name))?.link;
  }

  signal(name: string, signal: PeerSignal): void {
    const link = this.link(name);
    if (!link) return;
    if (signal.kind === 'candidate') link.candidate(signal.candidate);
    else if (signal.kind === 'answer') link.accept(signal.description);
    else link.answer(signal.description, undefined);
  }

  /** Who watches us sends their picture along, as our camera asks for. */
  returned(name: string, stream: MediaStream): void {
    const key = nameKey(name);
    const known = this.#watched.get(key);
    if (known && !known.returned) return;
    if (!known) void this.#ports.ask({ type: 'watching', name, on: true }).catch(() => undefined);
    const tile: Tile = { key, name, state: 'live', stream };
    this.#watched.set(key, { tile, link: undefined, returned: true, cancelTimeout: () => undefined });
    this.#changed();
  }

  returnEnded(name: string): void {
    const key = nameKey(name);
    if (this.#watched.get(key)?.returned) this.#drop(key);
  }

  /** The person closes the tile. */
  close(name: string): void {
    if (this.#drop(nameKey(name))) void this.#ports.ask({ type: 'watching', name, on: false }).catch(() => undefined);
  }

  /** After the roster changed: whose camera is off, to us, is not shown. */
  reconcile(): void {
    for (const { tile } of [...this.#watched.values()]) {
      const camera = this.#ports.cameraOf(tile.name);
      if (camera !== undefined && isOn(camera)) continue;
      const shown = tile.state === 'live';
      this.close(tile.name);
      if (shown) this.#ports.notify({ kind: 'camera-off', name: tile.name });
    }
  }

  /** They do not watch us any more, or must not: what we send along with watching them ends. */
  stopSendingTo(name: string): void {
    void this.link(name)?.replaceTracks(undefined);
  }

  replaceTracks(stream: MediaStream | undefined): void {
    for (const { link } of this.#watched.values()) void link?.replaceTracks(stream);
  }

  closeAll(): void {
    for (const { tile } of [...this.#watched.values()]) this.close(tile.name);
  }

  /** Our picture goes along where they open it in return, and where they may see it. */
  #streamFor(name: string): MediaStream | undefined {
    const camera = this.#ports.cameraOf(name) ?? 0;
    const own = this.#ownStream();
    if (!own || !has(camera, Camera.mutualOpen)) return undefined;
    if (this.#ports.holds('boot', name) || this.#ports.holds('mute', name)) return undefined;
    return own.explicit && has(camera, Camera.nonExplicit) ? undefined : own.stream;
  }

  #arrived(key: string, stream: MediaStream): void {
    const watched = this.#watched.get(key);
    if (!watched) return;
    watched.cancelTimeout();
    const first = watched.tile.state !== 'live';
    watched.tile = { ...watched.tile, state: 'live', stream };
    this.#changed();
    if (first) void this.#ports.ask({ type: 'watching', name: watched.tile.name, on: true }).catch(() => undefined);
  }

  #giveUp(key: string, kind: 'no-answer' | 'unreachable'): void {
    const name = this.#watched.get(key)?.tile.name;
    if (name === undefined) return;
    this.close(name);
    this.#ports.notify({ kind, name });
  }

  #drop(key: string): boolean {
    const watched = this.#watched.get(key);
    if (!watched) return false;
    this.#watched.delete(key);
    watched.cancelTimeout();
    watched.link?.close();
    this.#changed();
    return true;
  }
}
