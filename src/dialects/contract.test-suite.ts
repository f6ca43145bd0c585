import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DISCONNECTS, type DisconnectCode, WireError } from '../core/errors.ts';
import type { Permission } from '../core/permission.ts';
import { RELATION_KINDS } from '../core/relation.ts';
import { COMMAND_TYPES, DIALECT_SETTINGS, sampleEvents } from './contract-events.fixture.ts';
import { type Grudge, type Role, type SetScene, setScene } from './contract-room.fixture.ts';
import type { Dialect, Frame, InboundFrame, Viewer } from './dialect.ts';

const SEED = 20_260_721;
/** Bytes of a close reason: what fits into a control frame of WebSocket. */
const MAX_REASON_BYTES = 123;

const CONTEXT = { now: () => 1_753_000_000_000, settings: DIALECT_SETTINGS };

export interface DialectFolder {
  readonly dialect: Dialect;
  readonly folder: URL;
}

/** What every wire promises; `others` are all wires of this server. */
export function describeDialect({ dialect, folder }: DialectFolder, others: readonly Dialect[]): void {
  describe(`dialect contract: ${dialect.name}`, () => {
    describeFolder(dialect, folder);
    describeEncoding(dialect);
    describeDecoding(dialect, folder);
    describeFarewell(dialect);
    describeRecognition(dialect, folder, others);
  });
}

function describeFolder(dialect: Dialect, folder: URL): void {
  test('its folder bears its name, and has a page about it and fixtures', () => {
    expect(folder.pathname.endsWith(`/${dialect.name}/`)).toBe(true);
    expect(readFileSync(new URL('README.md', folder), 'utf8')).toMatch(/^# \S/);
    expect(existsSync(new URL('index.ts', folder))).toBe(true);
    expect(clientFrames(folder).length).toBeGreaterThan(0);
  });

  test('it has a mount, and bounds for what it takes in', () => {
    const { mounts, limits } = dialect;
    expect(mounts.length).toBeGreaterThan(0);
    for (const { path } of mounts) expect(path).toMatch(/^(\/|\*$)/);
    expect(limits.frameBytes).toBeGreaterThanOrEqual(limits.frameBytesBeforeEntry);
    expect(limits.frameBytesBeforeEntry).toBeGreaterThan(0);
    expect(limits.frames.burst).toBeGreaterThan(0);
    expect(limits.frames.perSecond).toBeGreaterThan(0);
  });
}

// --- encoding ---------------------------------------------------------------------------------------------------------

/** Everybody in relation to whom a wire may have something different to say. */
const CAST: readonly Role[] = [
  { name: 'author', camera: 1 | 32 },
  { name: 'plain' },
  { name: 'plain too', camera: 1 },
  { name: 'operator', permissions: ['op', 'vip'] },
  { name: 'operator only', permissions: ['op'] },
  { name: 'vip', permissions: ['vip'], nickname: 'V. I. P.' },
  { name: 'hidden', permissions: ['op', 'vip'], status: 'hidden' },
  { name: 'would hide', status: 'hidden' },
  { name: 'vip camera', camera: 1 | 64 },
  { name: 'muted' },
  { name: 'booted' },
  { name: 'booted operator', permissions: ['op'] },
  { name: 'blocked' },
  { name: 'blocker' },
  { name: 'invited' },
];

const RELATIONS: readonly Grudge[] = [
  { actor: 'author', kind: 'mute', target: 'muted' },
  { actor: 'author', kind: 'boot', target: 'booted' },
  { actor: 'author', kind: 'boot', target: 'booted operator' },
  { actor: 'author', kind: 'block', target: 'blocked' },
  { actor: 'blocker', kind: 'block', target: 'author' },
  { actor: 'vip camera', kind: 'invite', target: 'invited' },
];

/** Each member, one who has just left the room, and a connection that never was in it. */
function viewersOf(dialect: Dialect, scene: SetScene): readonly Viewer[] {
  const state = dialect.open(CONTEXT);
  return [
    ...scene.members.map((member) => ({ state, member, room: scene.view })),
    { state, member: undefined, room: scene.view },
    { state, member: undefined, room: undefined },
  ];
}

function describeEncoding(dialect: Dialect): void {
  test('every event can be said, or left out, to everybody, as JSON', () => {
    const scene = setScene({ roles: CAST, relations: RELATIONS });
    const viewers = viewersOf(dialect, scene);
    for (const event of samplesOf(scene)) {
      for (const viewer of viewers) {
        dialect.encodeKey(event, viewer);
        for (const frame of dialect.encode(event, viewer, { seq: 1 })) expectJson(frame);
      }
    }
  });

  test('equal keys promise equal bytes', () => {
    expectEqualBytes(dialect, setScene({ roles: CAST, relations: RELATIONS }));
    fc.assert(
      fc.property(scenes, (scene) => expectEqualBytes(dialect, setScene(scene))),
      { numRuns: 60, seed: SEED },
    );
  });

  test('the roster is JSON for everybody', () => {
    const viewers = viewersOf(dialect, setScene({ roles: CAST, relations: RELATIONS }));
    for (const viewer of viewers) {
      const frame = dialect.roster?.encode(viewer);
      if (frame) expectJson(frame);
    }
  });
}

function samplesOf(scene: SetScene) {
  const [author, recipient] = scene.members;
  if (!author || !recipient) throw new Error('Events are about two people.');
  return sampleEvents({ author, recipient });
}

function expectEqualBytes(dialect: Dialect, scene: SetScene): void {
  const viewers = viewersOf(dialect, scene);
  const aboutAll = scene.members.flatMap((member) => [
    { type: 'member-joined', member } as const,
    { type: 'member-changed', memberId: member.id } as const,
    { type: 'member-shown', memberId: member.id } as const,
  ]);
  for (const event of [...samplesOf(scene), ...aboutAll]) {
    expectOneTextPerKey(event.type, viewers, {
      key: (viewer) => dialect.encodeKey(event, viewer),
      text: (viewer) => textOf(dialect.encode(event, viewer, { seq: 5 })),
    });
  }
  const { roster } = dialect;
  if (!roster) return;
  expectOneTextPerKey('roster', viewers, {
    key: (viewer) => roster.key(viewer),
    text: (viewer) => textOf([roster.encode(viewer)].filter((frame) => frame !== undefined)),
  });
}

function expectOneTextPerKey(
  what: string,
  viewers: readonly Viewer[],
  encoding: { key(viewer: Viewer): string | null; text(viewer: Viewer): string },
): void {
  const texts = new Map<string, string>();
  for (const viewer of viewers) {
    const key = encoding.key(viewer);
    if (key === null) continue;
    const text = encoding.text(viewer);
    expect(text, `${what} to ${viewer.member?.name ?? 'nobody'}`).toBe(texts.get(key) ?? text);
    texts.set(key, text);
  }
}

const NAMES = ['ann', 'bob', 'cat', 'dee', 'eve'];
const permissions = fc.subarray<Permission>(['op', 'vip']);
const role = fc.record({
  permissions,
  camera: fc.constantFrom(0, 1, 3, 1 | 16, 1 | 32, 1 | 64, 1 | 32 | 64),
  status: fc.constantFrom('online', 'away', 'hidden'),
});
const grudge: fc.Arbitrary<Grudge> = fc.record({
  actor: fc.constantFrom(...NAMES),
  kind: fc.constantFrom(...RELATION_KINDS),
  target: fc.constantFrom(...NAMES),
});
const scenes = fc.record({
  roles: fc
    .array(role, { minLength: NAMES.length, maxLength: NAMES.length })
    .map((roles): Role[] => roles.map((each, index) => ({ ...each, name: NAMES[index] ?? '' }))),
  relations: fc.array(grudge, { maxLength: 8 }),
  policy: fc.record({ vipMutuallySecret: fc.boolean(), blockableOperators: fc.boolean() }),
});

function textOf(frames: readonly Frame[]): string {
  return frames.map((frame) => frame.text).join('\n');
}

function expectJson(frame: Frame): void {
  expect(typeof JSON.parse(frame.text)).toBe('object');
}

// --- decoding ---------------------------------------------------------------------------------------------------------

function describeDecoding(dialect: Dialect, folder: URL): void {
  const samples = clientFrames(folder);
  const scene = setScene({ roles: CAST, relations: RELATIONS });

  /** The same frame before and after the entry, and as an operator. Answers are JSON; nothing else may be thrown. */
  const take = (frame: InboundFrame): void => {
    const members = [undefined, scene.named('plain'), scene.named('operator')];
    for (const member of members) {
      const state = dialect.open(CONTEXT);
      const viewer = { state, member, room: member && scene.view };
      try {
        const decoded = dialect.decode(state, frame, viewer);
        for (const reply of decoded.replies ?? []) expectJson(reply);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }
  };

  test.each([
    ['text', fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ maxLength: 2000 })).map(asText)],
    ['bytes', fc.uint8Array().map((bytes): InboundFrame => ({ kind: 'binary', bytes }))],
    ['JSON', fc.json().map(asText)],
    ['frames of its clients with a field gone wrong', spoiled(samples).map((frame) => asText(JSON.stringify(frame)))],
  ])('arbitrary %s do no worse than break the wire', (_, frames: fc.Arbitrary<InboundFrame>) => {
    fc.assert(fc.property(frames, take), { numRuns: 300, seed: SEED });
  });

  test('what its clients send is understood', () => {
    const member = scene.named('plain');
    const entering = { member: undefined, room: undefined };
    const present = { member, room: scene.view };
    const understood = recordings(folder).flatMap(({ greeting, client = [], first }) => {
      const requestsOf = (sample: Sample, viewer: Pick<Viewer, 'member' | 'room'>) => {
        const state = dialect.open(CONTEXT);
        const said = [...(greeting && sample.type !== greeting.type ? [greeting] : []), sample];
        return said.flatMap(
          (frame) => dialect.decode(state, asText(JSON.stringify(frame)), { state, ...viewer }).requests,
        );
      };
      const joins = greeting ? client.filter(({ type }) => type === 'join') : client.slice(0, first);
      return [
        ...client
          .filter((sample) => !greeting || sample.type !== 'join')
          .flatMap((sample) => requestsOf(sample, present)),
        ...joins.filter(({ kind }) => kind !== 'leave').flatMap((sample) => requestsOf(sample, entering)),
      ];
    });
    const types = new Set(understood.map((request) => request.command.type));
    expect([...types].filter((type) => !COMMAND_TYPES.includes(type))).toEqual([]);
    // To come in, and to speak or be seen, is the least that a wire is for.
    expect(types).toContain('join');
    expect(types.has('post-message') || types.has('publish')).toBe(true);
  });
}

function asText(text: string): InboundFrame {
  return { kind: 'text', text };
}

type Sample = Readonly<Record<string, unknown>>;

/** A sample with up to three of its fields, or new ones of names that wires know, put to something else. */
function spoiled(samples: readonly Sample[]): fc.Arbitrary<Sample> {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample))), '__proto__', 'constructor', 'toString'];
  const change = fc.tuple(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 1e308, '', '@', [])));
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([sample, changes]) => ({ ...sample, ...Object.fromEntries(changes) }));
}

// --- goodbye, and which wire it is --------------------------------------------------------------------------------------

function describeFarewell(dialect: Dialect): void {
  test.each(Object.keys(DISCONNECTS) as DisconnectCode[])('says goodbye: %s', (code) => {
    const scene = setScene({ roles: CAST, relations: RELATIONS });
    for (const viewer of viewersOf(dialect, scene)) {
      for (const reason of [undefined, '<b>because</b>']) {
        const farewell = dialect.farewell({ code, ...(reason === undefined ? {} : { reason }) }, viewer);
        for (const frame of farewell.frames) expectJson(frame);
        expect(mayBeSent(farewell.code), `close code ${farewell.code}`).toBe(true);
        expect(Buffer.byteLength(farewell.reason)).toBeLessThanOrEqual(MAX_REASON_BYTES);
      }
    }
  });
}

/** RFC 6455, 7.4: some codes are there to be told, not to be sent. */
function mayBeSent(code: number): boolean {
  return (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
}

function describeRecognition(dialect: Dialect, folder: URL, others: readonly Dialect[]): void {
  test('its clients are told from those of other wires by their first frame', () => {
    for (const sample of firstFrames(folder)) {
      const frame = asText(JSON.stringify(sample));
      for (const { path, recognises } of dialect.mounts) {
        expect(recognises(frame), JSON.stringify(sample)).toBe(true);
        const rivals = others.filter((other) => other !== dialect).filter((other) => takes(other, path, frame));
        expect(rivals.map((rival) => rival.name)).toEqual([]);
      }
    }
  });

  test('binary frames and nonsense are nobody’s first frame where others are, too', () => {
    const shared = dialect.mounts.filter(({ path, admit }) => path !== '*' && !admit);
    for (const frame of [
      asText(''),
      asText('hello'),
      asText('{}'),
      { kind: 'binary', bytes: Uint8Array.of(0) } as const,
    ])
      expect(shared.some(({ recognises }) => recognises(frame))).toBe(false);
  });
}

function takes(dialect: Dialect, path: string, frame: InboundFrame): boolean {
  return dialect.mounts.some((mount) => mount.path === path && mount.recognises(frame));
}

interface Recording {
  /** What clients sent; there may be recordings of what the server says alone. */
  readonly client?: readonly Sample[];
  /** What they say before anything else, on wires that begin so. */
  readonly greeting?: Sample;
  /** How many of the client's frames can be the first of a connection; all, unless said. */
  readonly first?: number;
}

function recordings(folder: URL): readonly Recording[] {
  const fixtures = new URL('fixtures/', folder);
  return readdirSync(fixtures)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, fixtures), 'utf8')) as Recording);
}

function clientFrames(folder: URL): readonly Sample[] {
  return recordings(folder).flatMap((recording) => recording.client ?? []);
}

function firstFrames(folder: URL): readonly Sample[] {
  return recordings(folder).flatMap(({ client = [], first }) => client.slice(0, first));
}
