/**
 * Who may import whom. A file belongs to the first layer that matches its path; a file that belongs to none is an
 * error, so that a new folder begins with a line here. `own` is the folder that the first group of `files` names.
 */
export interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** Files of the repository. */
  readonly may: readonly (RegExp | 'own')[];
  /** Packages and Node's modules: all of them, none, or all but some. */
  readonly outside: 'all' | 'none' | { readonly allBut: RegExp };
}

const core = /^src\/core\//;
const dialectPort = /^src\/dialects\/(dialect|desk|http|mounts)\.ts$/;
const markup = /^src\/markup\//;
const storagePort = /^src\/storage\/port\.ts$/;
const mediaPort = /^src\/media\/port\.ts$/;
const connectionPort = /^src\/transport\/connection\.ts$/;
const metersPort = /^src\/metrics\/meters\.ts$/;
const websitePort = /^src\/website\/port\.ts$/;
const transcriptsPort = /^src\/transcripts\/port\.ts$/;
const recordings = /^src\/recordings\//;
const config = /^src\/config\//;
const stun = /^src\/stun\//;
const nativeClient = /^src\/dialects\/parlour\/(wire|client(-[a-z-]+)?)\.ts$/;

/** What would let a dialect reach a socket or a disk by itself. */
const reachesOut =
  /^(ws|fastify|@fastify\/.*|(node:)?(net|http|https|http2|tls|dgram|fs|fs\/promises|sqlite|child_process))$/;

/** Tests, and what is written for them: they may name drivers and packages, but a core test stays in the core. */
const forTests = String.raw`(\.test|\.test-suite|\.fixture|-fixture|\/fixtures\/[\w.-]+|\/testing\/[\w.-]+)\.tsx?$`;

export const layers: readonly Layer[] = [
  { name: 'tests of the core', files: new RegExp(`^(src/core/).*${forTests}`), may: ['own'], outside: 'all' },
  { name: 'tests', files: new RegExp(forTests), may: [/./], outside: 'all' },

  { name: 'core', files: /^(src\/core\/)/, may: ['own'], outside: 'none' },

  { name: 'dialect port', files: dialectPort, may: [core, dialectPort], outside: 'none' },
  { name: 'dialect registry', files: /^src\/dialects\/registry\.ts$/, may: [core, /^src\/dialects\//], outside: 'all' },
  {
    name: 'client of a wire',
    files: /^(src\/dialects\/[a-z]+\/)client[a-z-]*\.ts$/,
    may: [core, 'own'],
    outside: 'all',
  },
  {
    name: 'dialect',
    files: /^(src\/dialects\/[a-z]+\/)/,
    may: [core, dialectPort, markup, 'own'],
    outside: { allBut: reachesOut },
  },

  { name: 'markup', files: /^(src\/markup\/)/, may: ['own'], outside: { allBut: reachesOut } },

  { name: 'stun', files: /^(src\/stun\/)/, may: ['own'], outside: 'all' },

  { name: 'storage', files: /^(src\/storage\/)(?:[^/]+$)/, may: [core, storagePort], outside: 'all' },
  {
    name: 'storage driver',
    files: /^(src\/storage\/[a-z]+\/)/,
    may: [core, /^src\/storage\/[^/]+$/, 'own'],
    outside: 'all',
  },
  { name: 'media', files: /^(src\/media\/)(?:[^/]+$)/, may: [core, mediaPort], outside: 'all' },
  {
    name: 'media driver',
    files: /^(src\/media\/[a-z]+\/)/,
    may: [core, stun, /^src\/media\/[^/]+$/, recordings, 'own'],
    outside: 'all',
  },
  // What a file of a recording says of itself: written by media, read by whoever shows them.
  { name: 'recordings', files: /^(src\/recordings\/)/, may: ['own'], outside: 'all' },
  { name: 'transport', files: /^(src\/transport\/)/, may: [core, dialectPort, 'own'], outside: 'all' },
  { name: 'metrics', files: /^(src\/metrics\/)/, may: [core, 'own'], outside: 'all' },
  { name: 'website', files: /^(src\/website\/)/, may: [core, 'own'], outside: 'all' },
  { name: 'transcripts', files: /^(src\/transcripts\/)/, may: [core, 'own'], outside: 'all' },
  { name: 'moderation', files: /^(src\/moderation\/)/, may: [core, 'own'], outside: 'all' },
  { name: 'auth', files: /^(src\/auth\/)/, may: [core, storagePort, 'own'], outside: 'all' },
  {
    name: 'groups',
    files: /^(src\/groups\/)/,
    may: [core, storagePort, mediaPort, /^src\/auth\/(passwords|secrets)\.ts$/, 'own'],
    outside: 'all',
  },
  { name: 'attachments', files: /^(src\/attachments\/)/, may: [core, storagePort, mediaPort, 'own'], outside: 'all' },
  {
    name: 'config',
    files: /^(src\/config\/)/,
    may: [/^src\/core\/(channel|ids)\.ts$/, /^package\.json$/, 'own'],
    outside: 'all',
  },
  // What it finds out of other parts, the composition root tells it.
  { name: 'doctor', files: /^(src\/doctor\/)/, may: [core, config, stun, /^src\/groups\//, 'own'], outside: 'all' },

  {
    name: 'hub',
    files: /^(src\/hub\/)/,
    may: [
      core,
      dialectPort,
      storagePort,
      mediaPort,
      connectionPort,
      metersPort,
      websitePort,
      transcriptsPort,
      config,
      /^src\/(auth|attachments|groups|recordings)\//,
      'own',
    ],
    outside: 'all',
  },

  // The composition root: the only one that names drivers.
  { name: 'server', files: /^src\/server(\.ts$|\/)/, may: [/^src\//, /^package\.json$/], outside: 'all' },
  { name: 'main', files: /^src\/main\.ts$/, may: [/^src\/server(\.ts$|\/doctor\.ts$)/, config, core], outside: 'all' },

  { name: 'web', files: /^(web\/)/, may: [core, nativeClient, 'own'], outside: 'all' },
];

export function layerOf(path: string): Layer | undefined {
  return layers.find((layer) => layer.files.test(path));
}

/** Why a file of the layer may not import this; undefined where it may. */
export function objection(
  layer: Layer,
  path: string,
  { specifier, target }: { readonly specifier: string; readonly target: string | undefined },
): string | undefined {
  const isAllowed = target === undefined ? mayUse(layer, specifier) : mayImport(layer, path, target);
  return isAllowed ? undefined : `${path} (${layer.name}) may not import ${target ?? specifier}`;
}

function mayImport(layer: Layer, path: string, target: string): boolean {
  const own = layer.files.exec(path)?.[1];
  return layer.may.some((rule) => (rule === 'own' ? own !== undefined && target.startsWith(own) : rule.test(target)));
}

function mayUse({ outside }: Layer, specifier: string): boolean {
  if (outside === 'all' || outside === 'none') return outside === 'all';
  return !outside.allBut.test(specifier);
}
