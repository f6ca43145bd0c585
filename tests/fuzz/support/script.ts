import fc from 'fast-check';
import { RELATION_KINDS, type RelationKind } from '../../../src/core/relation.ts';
import { EVERYTHING_WANTED, NOTHING_WANTED, type Wanted } from '../../../src/core/stream.ts';

/** Whose connection: the index of a peer. */
export type Who = number;

/** Where a message goes. */
export type To = { readonly channel: string } | { readonly to: string };

/** What somebody does, in the words of no wire. Each wire says it in its own, or leaves it out. */
export type Action =
  | { readonly do: 'post'; readonly at: To; readonly id?: string }
  | { readonly do: 'post-image'; readonly at: To }
  /** `nth` of the messages there were so far, the latest being 0, whoever may know of it. */
  | { readonly do: 'retract'; readonly nth: number }
  | { readonly do: 'react'; readonly nth: number; readonly emoji: string; readonly on: boolean }
  | { readonly do: 'nudge'; readonly name: string }
  | { readonly do: 'rename'; readonly name: string }
  /** Passes something on to all whose calls one is in. */
  | { readonly do: 'relay' }
  | { readonly do: 'type'; readonly at: To; readonly on: boolean }
  | { readonly do: 'be'; readonly status?: string; readonly camera?: number; readonly dnd?: boolean }
  | { readonly do: 'relate'; readonly kind: RelationKind; readonly names: readonly string[]; readonly on: boolean }
  | { readonly do: 'block-all'; readonly names: readonly string[] }
  | { readonly do: 'unmute-all' }
  | { readonly do: 'open'; readonly name: string }
  | { readonly do: 'watch'; readonly name: string; readonly on: boolean }
  | { readonly do: 'signal'; readonly name: string; readonly kind: 'description' | 'candidate' }
  | { readonly do: 'history'; readonly at: To; readonly from: 'newest' | 'oldest'; readonly limit: number }
  | { readonly do: 'kick'; readonly name: string }
  | { readonly do: 'ban'; readonly name: string; readonly hours: number }
  | { readonly do: 'unban'; readonly name: string }
  | { readonly do: 'set-operator'; readonly name: string; readonly on: boolean }
  | { readonly do: 'mark-explicit'; readonly name: string }
  | { readonly do: 'cut-camera'; readonly name: string }
  | { readonly do: 'report'; readonly name: string }
  | { readonly do: 'kick-all' }
  | { readonly do: 'list-bans' }
  | { readonly do: 'grant'; readonly name: string; readonly permission: Granted; readonly on: boolean }
  | { readonly do: 'lock'; readonly on: boolean }
  | { readonly do: 'record'; readonly on: boolean }
  | { readonly do: 'room-data' | 'own-data'; readonly value: string | null }
  /** What was said in the channels, all of it or somebody's. */
  | { readonly do: 'clear'; readonly name: string | undefined }
  | { readonly do: 'identify'; readonly name: string }
  | { readonly do: 'caption' }
  | { readonly do: 'note'; readonly to: string | undefined; readonly kind: string; readonly echo: boolean }
  | StreamAction
  | { readonly do: 'list-threads' }
  | { readonly do: 'invite' }
  | { readonly do: 'ping' }
  | { readonly do: 'help' };

export type Granted = 'op' | 'present' | 'message' | 'caption';

/** A stream's id is made of whose it is, as a rule, and a number. */
export interface StreamRef {
  readonly whose: Who | 'own';
  readonly nth: number;
}

/** Which description is sent with it: of sound, pictures, both, or nothing that can be read. */
export type Sdp = 'audio' | 'video' | 'audio video' | 'bad';

export type StreamAction =
  | {
      readonly do: 'publish';
      readonly stream: StreamRef;
      readonly label: string;
      readonly sdp: Sdp;
      /** Of one's own. */
      readonly replaces: number | undefined;
    }
  | { readonly do: 'unpublish' | 'restart-stream' | 'refuse-stream' | 'trickle'; readonly stream: StreamRef }
  | {
      readonly do: 'want';
      readonly byLabel: Readonly<Record<string, Wanted>>;
      readonly otherwise: Wanted;
    }
  | { readonly do: 'want-stream'; readonly stream: StreamRef; readonly wanted: Wanted | undefined }
  | { readonly do: 'answer-stream'; readonly stream: StreamRef; readonly sdp: Sdp };

export type Step =
  /** Enters, on a new connection where there is none; a second time where they are in the room already. */
  | {
      readonly kind: 'join';
      readonly who: Who;
      readonly name: string;
      /** The token shown: one's own, if there is one, none, or that of another peer. */
      readonly token: 'own' | 'none' | Who;
      readonly operator: boolean;
    }
  | { readonly kind: 'leave'; readonly who: Who }
  | { readonly kind: 'cut'; readonly who: Who; readonly code: number }
  /** `back`: how many frames before the latest one seen; `whose` session it takes up. */
  | { readonly kind: 'resume'; readonly who: Who; readonly whose: Who; readonly back: number; readonly stale: boolean }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The website wants these two apart: on some wires nobody could by themselves. */
  | { readonly kind: 'estrange'; readonly names: readonly [string, string] }
  /** The process that forwards streams dies, or the ways to all publishers are lost. */
  | { readonly kind: 'media'; readonly what: 'dies' | 'is-lost' }
  | { readonly kind: 'act'; readonly who: Who; readonly action: Action };

export type Wire = 'parlour' | 'barertc' | 'camus' | 'rwci' | 'galene';
/** The wire of each peer; clients of the native wire are those that resume where they left off. */
export const WIRES: readonly Wire[] = [
  ...(['parlour', 'barertc', 'parlour', 'barertc', 'parlour'] as const),
  ...(['camus', 'rwci', 'camus'] as const),
  ...(['galene', 'galene'] as const),
];

/** Whether its clients send streams to the server, and receive them from it. */
export function hasStreams(wire: Wire): boolean {
  return wire === 'parlour' || wire === 'galene';
}

/** Few, so that people meet; some are one name to the server. */
const FIRST_NAMES = ['ann', 'bob', 'cat', 'dee', 'eve', 'fay', 'gus', 'hal', 'ivy', 'jay'];
const name = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...FIRST_NAMES) },
  fc.constantFrom('ANN', 'ann 2', 'GUS'),
);
const at: fc.Arbitrary<To> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('lobby', 'lobby', 'lobby', 'velvet', 'nowhere').map((channel) => ({ channel })),
  },
  { weight: 2, arbitrary: name.map((to) => ({ to })) },
);
const on = fc.boolean();
const mostlyOn = fc.constantFrom(true, true, false);
const nth = fc.nat({ max: 6 });
const CAMERAS = [0, 1, 1, 1, 1, 3, 17, 33, 65, 1 | 256];
const STATUSES = ['online', 'away', 'lunch', 'hidden', 'hidden', ''];

const who = fc.nat({ max: WIRES.length - 1 });
/** Those whose wires have streams. */
const streamer = fc.constantFrom(...WIRES.flatMap((wire, who) => (hasStreams(wire) ? [who] : [])));
const ownStream = fc.nat({ max: 2 }).map((nth): StreamRef => ({ whose: 'own', nth }));
const anyStream = fc.record({
  whose: fc.oneof({ weight: 4, arbitrary: streamer }, fc.constant('own' as const)),
  nth: fc.nat({ max: 2 }),
});
const wanted = fc.constantFrom<Wanted[]>(
  ...[EVERYTHING_WANTED, EVERYTHING_WANTED, NOTHING_WANTED],
  { audio: true, video: 'low' },
  { audio: true, video: 'none' },
  { audio: false, video: 'high' },
);
const label = fc.constantFrom('camera', 'camera', 'screenshare', '__proto__');

const streamAction: fc.Arbitrary<StreamAction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      stream: fc.oneof({ weight: 12, arbitrary: ownStream }, anyStream),
      label,
      sdp: fc.constantFrom<Sdp[]>('audio video', 'audio video', 'video', 'audio', 'bad'),
      replaces: fc.constantFrom(undefined, undefined, 0, 1, 2),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('want' as const),
      byLabel: fc.dictionary(fc.constantFrom('camera', 'screenshare'), wanted, { maxKeys: 2 }),
      otherwise: wanted,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('want-stream' as const),
      stream: anyStream,
      wanted: fc.oneof(wanted, fc.constant(undefined)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('answer-stream' as const),
      stream: anyStream,
      sdp: fc.constantFrom<Sdp[]>('audio video', 'bad'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unpublish' as const), stream: ownStream }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('restart-stream' as const, 'refuse-stream' as const, 'trickle' as const),
      stream: anyStream,
    }),
  },
);

/** What is said for a moment. */
const fleeting: fc.Arbitrary<Action> = fc.oneof(
  fc.constant({ do: 'caption' as const }),
  fc.record({
    do: fc.constant('note' as const),
    to: fc.oneof(name, fc.constant(undefined)),
    kind: fc.constantFrom('filetransfer', 'warning', 'mute'),
    echo: on,
  }),
);

/** Things done often come often. */
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('post' as const), at }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('post' as const), at, id: fc.constantFrom('c1', 'c2', 'c3') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('post-image' as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retract' as const), nth }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('react' as const),
      nth,
      emoji: fc.constantFrom('+', '-', ' '),
      on: mostlyOn,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('nudge' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), name }) },
  { weight: 2, arbitrary: fc.constant({ do: 'relay' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('type' as const), at, on }) },
  {
    weight: 8,
    arbitrary: fc.record(
      {
        do: fc.constant('be' as const),
        status: fc.constantFrom(...STATUSES),
        camera: fc.constantFrom(...CAMERAS),
        dnd: on,
      },
      { requiredKeys: ['do', 'camera'] },
    ),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('relate' as const),
      kind: fc.constantFrom(...RELATION_KINDS),
      names: fc.array(name, { minLength: 1, maxLength: 2 }),
      on: mostlyOn,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('block-all' as const), names: fc.array(name, { maxLength: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unmute-all' as const) }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('open' as const), name }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('watch' as const), name, on }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      name,
      kind: fc.constantFrom('description' as const, 'candidate' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('history' as const),
      at,
      from: fc.constantFrom('newest' as const, 'oldest' as const),
      limit: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kick' as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ban' as const), name, hours: fc.constantFrom(0.01, 1, 24) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unban' as const), name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('set-operator' as const), name, on }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mark-explicit' as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut-camera' as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('report' as const), name }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      name,
      permission: fc.constantFrom<Granted[]>('op', 'present', 'present', 'message', 'caption', 'caption'),
      on: mostlyOn,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lock' as const), on: fc.constantFrom(true, false, false) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('record' as const), on: fc.constantFrom(true, true, false) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('room-data' as const, 'own-data' as const),
      value: fc.constantFrom('up', 'down', null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('clear' as const),
      name: fc.oneof(name, fc.constant(undefined)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('identify' as const), name }) },
  { weight: 3, arbitrary: fleeting },
  { weight: 16, arbitrary: streamAction },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Action[]>(
      { do: 'kick-all' },
      { do: 'list-bans' },
      { do: 'list-threads' },
      { do: 'invite' },
      { do: 'ping' },
      { do: 'help' },
    ),
  },
);

/** The native peers. */
const resumer = fc.constantFrom(0, 2, 4);

const join = fc.record({
  kind: fc.constant('join' as const),
  who,
  name,
  token: fc.oneof({ weight: 6, arbitrary: fc.constantFrom('own' as const, 'none' as const) }, resumer),
  operator: fc.constantFrom(false, false, true),
});

/** Mostly one's own session, from where one left off. */
const resume = fc
  .record({
    kind: fc.constant('resume' as const),
    who: resumer,
    whose: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, resumer),
    back: fc.constantFrom(0, 0, 0, 1, 5, 1000),
    stale: fc.constantFrom(false, false, false, true),
  })
  .map((each): Step => ({ ...each, whose: each.whose ?? each.who }));

/** Any two, or the two who are in calls with each other at first. */
const apart = fc.oneof(fc.tuple(name, name), fc.constant(['fay', 'hal'] as const));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: join },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), who, code: fc.constantFrom(1000, 1001, 1006) }),
  },
  { weight: 2, arbitrary: resume },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1000, 11_000, 40_000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('estrange' as const), names: apart }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('media' as const),
      what: fc.constantFrom('dies' as const, 'is-lost' as const),
    }),
  },
  { weight: 36, arbitrary: fc.record({ kind: fc.constant('act' as const), who, action }) },
  // Most wires have no word for it, and most people no permission.
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      who: fc.oneof(streamer, fc.constant(4)),
      action: fleeting,
    }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('act' as const), who: streamer, action: streamAction }) },
);

/** Everybody is there at first, two of them operators on either wire; what happens then is up to chance. */
const everybody: readonly Step[] = [
  ...WIRES.map(
    (_, who): Step => ({ kind: 'join', who, name: FIRST_NAMES[who] ?? '', token: 'none', operator: who === 4 }),
  ),
  { kind: 'act', who: 4, action: { do: 'set-operator', name: 'bob', on: true } },
];

const WANTS: Action = { do: 'want', byLabel: {}, otherwise: EVERYTHING_WANTED };

/** All who can watch all who can be seen. */
const watching: readonly Step[] = WIRES.flatMap((wire, who): Step[] => {
  if (!hasStreams(wire)) return [];
  const stream: StreamRef = { whose: 'own', nth: 0 };
  const publish: Action = { do: 'publish', stream, label: 'camera', sdp: 'audio video', replaces: undefined };
  const wants: Step = { kind: 'act', who, action: WANTS };
  return who % 4 === 0 ? [wants, { kind: 'act', who, action: publish }] : [wants];
});

export function scripts(maxLength: number): fc.Arbitrary<readonly Step[]> {
  const steps = fc.array(step, { minLength: 5, maxLength, size: 'max' });
  return fc.oneof(
    { weight: 2, arbitrary: steps.map((rest) => [...everybody, ...rest]) },
    { weight: 2, arbitrary: steps.map((rest) => [...everybody, ...watching, ...rest]) },
    { weight: 1, arbitrary: steps },
  );
}
