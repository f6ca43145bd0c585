import type { BitReader } from './bit-reader.ts';

/** Which layers of a stream there are, and what its frames refer to: what descriptors of AV1 are read by. */
export interface DependencyStructure {
  /** Of the first template; so that a frame of before is not taken for one of now. */
  readonly firstTemplate: number;
  readonly templates: readonly FrameTemplate[];
  /** The highest layers of each set of frames that can be decoded by itself. */
  readonly targets: readonly { readonly spatial: number; readonly temporal: number }[];
  readonly chains: number;
}

export interface FrameTemplate {
  readonly spatial: number;
  readonly temporal: number;
  /** How many frames before it those are that it refers to. */
  readonly differences: readonly number[];
}

/** Templates have numbers of six bits. */
const MOST_TEMPLATES = 64;
const SAME_LAYER = 0;
const NEXT_TEMPORAL = 1;
const NEXT_SPATIAL = 2;

/**
 * Reads a `template_dependency_structure` (the RTP payload format of AOMedia for AV1, A.8.3). Undefined where it is cut
 * short or says what may not be.
 */
export function readStructure(bits: BitReader): DependencyStructure | undefined {
  const firstTemplate = bits.read(6);
  const targetCount = bits.read(5) + 1;
  const layers = readLayers(bits);
  const present = layers.map(() => readPresence(bits, targetCount));
  const differences = layers.map(() => readDifferences(bits));
  const chains = readChains(bits, { targetCount, templates: layers.length });
  skipResolutions(bits, layers.at(-1)?.spatial ?? 0);
  if (bits.isOver || layers.length > MOST_TEMPLATES) return undefined;
  const templates = layers.map((layer, i) => ({ ...layer, differences: differences[i] ?? [] }));
  const targets = Array.from({ length: targetCount }, (_, target) =>
    highest(layers.filter((_, i) => present[i]?.[target])),
  );
  return { firstTemplate, templates, targets, chains };
}

type Layer = Pick<FrameTemplate, 'spatial' | 'temporal'>;

/** One more than there may be, where there are too many. */
function readLayers(bits: BitReader): readonly Layer[] {
  const layers: Layer[] = [{ spatial: 0, temporal: 0 }];
  let [spatial, temporal] = [0, 0];
  while (layers.length <= MOST_TEMPLATES && !bits.isOver) {
    const next = bits.read(2);
    if (next !== SAME_LAYER && next !== NEXT_TEMPORAL && next !== NEXT_SPATIAL) break;
    if (next === NEXT_TEMPORAL) temporal += 1;
    if (next === NEXT_SPATIAL) {
      spatial += 1;
      temporal = 0;
    }
    layers.push({ spatial, temporal });
  }
  return layers;
}

/** For each decode target, whether frames of this template are a part of it. */
function readPresence(bits: BitReader, targets: number): readonly boolean[] {
  return Array.from({ length: targets }, () => bits.read(2) !== 0);
}

function readDifferences(bits: BitReader): readonly number[] {
  const differences: number[] = [];
  while (bits.flag()) differences.push(bits.read(4) + 1);
  return differences;
}

/** How many there are; what they say is of no use here. */
function readChains(
  bits: BitReader,
  { targetCount, templates }: { readonly targetCount: number; readonly templates: number },
): number {
  const chains = bits.readBelow(targetCount + 1);
  if (chains === 0) return 0;
  for (let target = 0; target < targetCount; target += 1) bits.readBelow(chains);
  for (let i = 0; i < templates * chains; i += 1) bits.read(4);
  return chains;
}

function skipResolutions(bits: BitReader, topSpatial: number): void {
  if (!bits.flag()) return;
  for (let spatial = 0; spatial <= topSpatial; spatial += 1) bits.read(32);
}

function highest(layers: readonly Layer[]): Layer {
  return {
    spatial: Math.max(0, ...layers.map(({ spatial }) => spatial)),
    temporal: Math.max(0, ...layers.map(({ temporal }) => temporal)),
  };
}
