/** Written here independently of what is tested: as text of noughts and ones. */
export interface StructureFields {
  readonly firstTemplate?: number;
  readonly templates: readonly {
    readonly spatial: number;
    readonly temporal: number;
    /** A letter for each decode target: `-` not a part of it, `D`iscardable, `S`witch, `R`equired. */
    readonly targets: string;
    readonly differences?: readonly number[];
    /** One for each chain. */
    readonly chains?: readonly number[];
  }[];
  /** By which chain each decode target is protected. */
  readonly protectedBy?: readonly number[];
  readonly chains?: number;
  readonly resolutions?: readonly (readonly [width: number, height: number])[];
}

export interface DescriptorFields {
  readonly start?: boolean;
  readonly end?: boolean;
  readonly template?: number;
  readonly frame?: number;
  readonly structure?: StructureFields;
  /** A bit for each decode target, the highest first. */
  readonly active?: string;
  readonly ownTargets?: string;
  readonly ownDifferences?: readonly number[];
  /** A byte for each. */
  readonly ownChains?: readonly number[];
}

export function descriptor(fields: DescriptorFields = {}): Buffer {
  const { start = true, end = true, template = 0, frame = 0, structure } = fields;
  const { active, ownTargets, ownDifferences, ownChains } = fields;
  const mandatory = `${flag(start)}${flag(end)}${number(template, 6)}${number(frame & 0xffff, 16)}`;
  const options = [structure, active, ownTargets, ownDifferences, ownChains];
  if (options.every((option) => option === undefined)) return bytes(mandatory);
  const text = [
    mandatory,
    ...options.map((option) => flag(option !== undefined)),
    structure ? structureText(structure) : '',
    active ?? '',
    ownTargets ? targetsText(ownTargets) : '',
    ownDifferences ? `${ownDifferences.map(ownDifference).join('')}00` : '',
    (ownChains ?? []).map((each) => number(each, 8)).join(''),
  ];
  return bytes(text.join(''));
}

function structureText(structure: StructureFields): string {
  const { firstTemplate = 0, templates, chains = 0, protectedBy = [], resolutions } = structure;
  const targets = templates[0]?.targets.length ?? 1;
  return [
    number(firstTemplate, 6),
    number(targets - 1, 5),
    ...templates.map((template, i) => nextLayer(template, templates[i + 1])),
    ...templates.map((template) => targetsText(template.targets)),
    ...templates.map(({ differences = [] }) => `${differences.map((each) => `1${number(each - 1, 4)}`).join('')}0`),
    below(chains, targets + 1),
    ...(chains === 0 ? [] : protectedBy.map((chain) => below(chain, chains))),
    ...templates.flatMap(({ chains: own = [] }) => own.map((each) => number(each, 4))),
    flag(resolutions !== undefined),
    ...(resolutions ?? []).map(([width, height]) => number(width - 1, 16) + number(height - 1, 16)),
  ].join('');
}

type Layer = { readonly spatial: number; readonly temporal: number };

function nextLayer(layer: Layer, next: Layer | undefined): string {
  if (!next) return '11';
  if (next.spatial > layer.spatial) return '10';
  return next.temporal > layer.temporal ? '01' : '00';
}

function targetsText(targets: string): string {
  return [...targets].map((letter) => number('-DSR'.indexOf(letter), 2)).join('');
}

function ownDifference(difference: number): string {
  const size = difference <= 16 ? 1 : difference <= 256 ? 2 : 3;
  return number(size, 2) + number(difference - 1, 4 * size);
}

/** The shorter numbers come first where not all bits are needed. */
function below(value: number, count: number): string {
  const width = count.toString(2).length;
  const short = 2 ** width - count;
  return value < short ? number(value, width - 1) : number(value + short, width);
}

function flag(value: boolean): string {
  return value ? '1' : '0';
}

function number(value: number, width: number): string {
  return width === 0 ? '' : value.toString(2).padStart(width, '0');
}

function bytes(text: string): Buffer {
  const whole = text.padEnd(Math.ceil(text.length / 8) * 8, '0');
  return Buffer.from((whole.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Two spatial layers of two temporal ones each, as Chromium has them (L2T2). */
export const L2T2: StructureFields = {
  firstTemplate: 60,
  chains: 2,
  protectedBy: [0, 0, 1, 1],
  templates: [
    { spatial: 0, temporal: 0, targets: 'SSSS', chains: [0, 0] },
    { spatial: 0, temporal: 0, targets: 'SSRR', differences: [4], chains: [4, 3] },
    { spatial: 0, temporal: 1, targets: '-D-R', differences: [2], chains: [2, 1] },
    { spatial: 1, temporal: 0, targets: '--SS', differences: [1], chains: [1, 1] },
    { spatial: 1, temporal: 0, targets: '--SS', differences: [4, 1], chains: [1, 1] },
    { spatial: 1, temporal: 1, targets: '---D', differences: [2, 1], chains: [3, 2] },
  ],
  resolutions: [
    [320, 180],
    [640, 360],
  ],
};

/** Which template of it, by number: past 63 they begin anew. */
export function templateOf(index: number): number {
  return ((L2T2.firstTemplate ?? 0) + index) & 63;
}
