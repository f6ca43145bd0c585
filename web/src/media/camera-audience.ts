import { nameKey } from '../../../src/core/name.ts';
import type { MediaPorts } from './media-ports.ts';
import { PeerLink } from './peer-link.ts';
import type { PeerSignal } from './session-description.ts';

interface Viewer {
  readonly name: string;
  link: PeerLink | undefined;
  watching: boolean;
}

/** At most this many: the roster has its own bound, this one is for whoever rings and goes. */
const MAX_VIEWERS = 500;

/** Those who watch our camera. Owns the connections to them. */
export class CameraAudience {
  readonly #ports: MediaPorts;
  readonly #stream: () => MediaStream | undefined;
  readonly #returned: (name: string, stream: MediaStream) => void;
  readonly #ended: (name: string) => void;
  readonly #changed: () => void;
  readonly #viewers = new Map<string, Viewer>();

  constructor(options: {
    readonly ports: MediaPorts;
    readonly stream: () => MediaStream | undefined;
    /** A viewer sends their own picture along. */
    readonly returned: (name: string, stream: MediaStream) => void;
    readonly ended: (name: string) => void;
    readonly changed: () => void;
  }) {
    this.#ports = options.ports;
    this.#stream = options.stream;
    this.#returned = options.returned;
    this.#ended = options.ended;
    this.#changed = options.changed;
  }

  /** Names, as they are spelt. */
  get watchers(): readonly string[] {
    return [...this.#viewers.values()].filter((viewer) => viewer.watching).map((viewer) => viewer.name);
  }

  /** The server let somebody in. An offer without a ring before it is not answered. */
  rang(name: string): void {
    if (!this.#stream() || this.#viewers.size >= MAX_VIEWERS) return;
    const key = nameKey(name);
    if (!this.#viewers.has(key)) this.#viewers.set(key, { name, link: undefined, watching: false });
  }

  watching(name: string, on: boolean): void {
    const viewer = this.#viewers.get(nameKey(name));
    if (!on) this.drop(name);
    else if (viewer && !viewer.watching) {
      viewer.watching = true;
      this.#changed();
    } else if (!viewer && this.#stream() && this.#viewers.size < MAX_VIEWERS) {
      this.#viewers.set(nameKey(name), { name, link: undefined, watching: true });
      this.#changed();
    }
  }

  link(name: string): PeerLink | undefined {
    return this.#viewers.get(nameKey(name))?.link;
  }

  signal(name: string, signal: PeerSignal): void {
    if (signal.kind === 'candidate') this.link(name)?.candidate(signal.candidate);
    else if (signal.kind === 'offer') this.#offered(name, signal.description);
  }

  drop(name: string): void {
    const viewer = this.#viewers.get(nameKey(name));
    if (!viewer) return;
    this.#viewers.delete(nameKey(name));
    viewer.link?.close();
    this.#ended(viewer.name);
    this.#changed();
  }

  replaceTracks(stream: MediaStream): void {
    for (const { link } of this.#viewers.values()) void link?.replaceTracks(stream);
  }

  closeAll(): void {
    for (const { name } of [...this.#viewers.values()]) this.drop(name);
  }

  #offered(name: string, offer: RTCSessionDescriptionInit): void {
    const viewer = this.#viewers.get(nameKey(name));
    const stream = this.#stream();
    if (!viewer || !stream || this.#ports.holds('boot', name) || this.#ports.holds('mute', name)) return;
    if (viewer.link?.continues(offer)) {
      viewer.link.answer(offer, stream);
      return;
    }
    // They start over: their page was reloaded, or their first try failed.
    viewer.link?.close();
    viewer.link = new PeerLink(this.#ports.createPeer(), {
      signal: (kind, payload) => void this.#ports.ask({ type: 'signal', name, kind, payload }).catch(() => undefined),
      track: (returned) => this.#returned(name, returned),
      failed: () => this.drop(name),
    });
    viewer.link.answer(offer, stream);
  }
}
