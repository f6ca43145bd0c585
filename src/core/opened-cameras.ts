import type { MemberId } from './ids.ts';

interface Opening {
  readonly viewer: { readonly id: MemberId };
  readonly broadcaster: { readonly id: MemberId };
}

/** Who opened whose camera. Directed, by member. */
export class OpenedCameras {
  readonly #byViewer = new Map<MemberId, Set<MemberId>>();
  readonly #byBroadcaster = new Map<MemberId, Set<MemberId>>();

  open({ viewer, broadcaster }: Opening): void {
    put(this.#byViewer, viewer.id, broadcaster.id);
    put(this.#byBroadcaster, broadcaster.id, viewer.id);
  }

  close({ viewer, broadcaster }: Opening): void {
    take(this.#byViewer, viewer.id, broadcaster.id);
    take(this.#byBroadcaster, broadcaster.id, viewer.id);
  }

  has({ viewer, broadcaster }: Opening): boolean {
    return this.#byViewer.get(viewer.id)?.has(broadcaster.id) ?? false;
  }

  /** How many are open. */
  get size(): number {
    let size = 0;
    for (const broadcasters of this.#byViewer.values()) size += broadcasters.size;
    return size;
  }

  /** Somebody left: nothing of theirs is open, and they watch nobody. */
  forget({ id }: { readonly id: MemberId }): void {
    for (const broadcaster of this.#byViewer.get(id) ?? []) take(this.#byBroadcaster, broadcaster, id);
    for (const viewer of this.#byBroadcaster.get(id) ?? []) take(this.#byViewer, viewer, id);
    this.#byViewer.delete(id);
    this.#byBroadcaster.delete(id);
  }
}

type Index = Map<MemberId, Set<MemberId>>;

function put(index: Index, from: MemberId, to: MemberId): void {
  const known = index.get(from);
  if (known) known.add(to);
  else index.set(from, new Set([to]));
}

function take(index: Index, from: MemberId, to: MemberId): void {
  const known = index.get(from);
  known?.delete(to);
  if (known?.size === 0) index.delete(from);
}
