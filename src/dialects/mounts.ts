import type { Dialect, InboundFrame, Mount } from './dialect.ts';

/** A mount that a path leads to, with what stands in the place of its parameters. */
export interface Found {
  readonly dialect: Dialect;
  readonly mount: Mount;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Which wires begin at which paths: exact ones before patterns, and those that take all others last. */
export class Mounts {
  readonly #exact = new Map<string, Found[]>();
  readonly #patterns: { readonly pattern: RegExp; readonly found: Found }[] = [];
  readonly #rest: Found[] = [];

  constructor(dialects: readonly Dialect[]) {
    for (const dialect of dialects) {
      for (const mount of dialect.mounts) this.#add({ dialect, mount, parameters: {} });
    }
  }

  #add(found: Found): void {
    const { path } = found.mount;
    if (path === '*') this.#rest.push(found);
    else if (path.includes(':')) this.#patterns.push({ pattern: patternOf(path), found });
    else this.#exact.set(path, [...(this.#exact.get(path) ?? []), found]);
  }

  /** Without those that take all paths where there are others. */
  at(path: string): readonly Found[] {
    const exact = this.#exact.get(path);
    if (exact) return exact;
    const matching = this.#patterns.flatMap(({ pattern, found }) => {
      const match = pattern.exec(path);
      return match ? [{ ...found, parameters: match.groups ?? {} }] : [];
    });
    return matching.length > 0 ? matching : this.#rest;
  }

  /** The wire whose own this path is: it has a door there. */
  ownerOf(path: string): Dialect | undefined {
    return this.at(path).find(({ mount }) => mount.admit)?.dialect;
  }

  /** The wire that a first frame is of. */
  speakerOf(path: string, frame: InboundFrame): Dialect | undefined {
    return this.at(path).find(({ mount }) => mount.recognises(frame))?.dialect;
  }
}

/** `/room/:name/ws`: a parameter is one segment. */
function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((segment) =>
      segment.startsWith(':') ? `(?<${segment.slice(1)}>[^/]+)` : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}
