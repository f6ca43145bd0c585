import { isOperator, type Member } from '../../../src/core/member.ts';
import { clientIdOf } from '../../../src/dialects/camus/addresses.ts';
import { changesOf } from './changes.ts';
import { expectTruth } from './checks.ts';
import { Grudges } from './grudges.ts';
import { memberOf, Peer, type Stay } from './peer.ts';
import { mayEnter, newFleeting, newPost, type Posted, type PostingScene } from './posted.ts';
import { type Action, hasStreams, type Step, type StreamRef, type To, type Who, WIRES, type Wire } from './script.ts';
import { markerOf } from './sighting.ts';
import { StreamBook } from './stream-book.ts';
import { isStreamAction, StreamWitness } from './stream-witness.ts';
import { framesOf } from './translate.ts';
import { World } from './world.ts';

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

/** Lives a script through, one step after the other, and looks after each whether all is as it should be. */
export async function play(script: readonly Step[]): Promise<void> {
  const world = await World.open();
  try {
    const run = new Run(world);
    for (const [index, step] of script.entries()) {
      await run.step(step).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`Step ${index}, ${JSON.stringify(step)}: ${message}`, { cause: error });
      });
    }
    await run.end();
  } finally {
    await world.close();
  }
}

class Run {
  readonly #world: World;
  readonly #peers: readonly Peer[];
  readonly #ghosts = new Set<Stay>();
  readonly #grudges = new Grudges();
  /** What was said before a login, by peer: held by whoever it makes of them. */
  readonly #beforeLogin = new Map<Who, Action[]>();
  readonly #letters = new Set<string>();
  readonly #posted = new Map<string, Posted>();
  readonly #ids: number[] = [];
  readonly #opened = new Set<string>();
  readonly #streams = new StreamBook();
  #members: readonly Member[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#peers = WIRES.map((wire, index) => new Peer(index, wire, world.room));
  }

  async step(step: Step): Promise<void> {
    const before = this.#grudges.copy();
    const replaying = this.#replayingIn(step);
    const earlier = this.#members;
    const wasLocked = this.#world.room.lock !== undefined;
    const witness = this.#witnessOf(step);
    const post = step.kind === 'act' ? this.#postOf(step) : undefined;
    const outcome = this.#perform(step, post?.marker ?? '');
    await this.#world.settle();
    // Not sooner: who is out of time then goes after what was done, and not in the midst of it.
    if (step.kind === 'act') this.#world.pass(A_MOMENT_MS);
    await this.#world.settle();
    for (const peer of this.#peers) peer.read();
    for (const peer of this.#peers) peer.recognise();
    this.#forgetStays();
    if (wasLocked && outcome === 'entering' && 'who' in step) this.#forgetRefused(this.#peer(step.who));
    this.#rememberLeavers();
    if (outcome === 'entering' && 'who' in step) this.#rememberEntry(this.#peer(step.who));
    if (step.kind === 'estrange') this.#rememberEstranged(step.names);
    if (step.kind === 'act') this.#rememberAct(this.#peer(step.who), step.action);
    if (step.kind === 'media' && step.what === 'dies') this.#streams.died();
    this.#rememberBeginners();
    witness?.sawWhatCameOfIt();
    this.#streams.prune(this.#world.room);
    if (post) this.#rememberPost(post, step as StepOf<'act'>);
    expectTruth({
      world: this.#world,
      peers: this.#peers,
      ghosts: [...this.#ghosts],
      posted: this.#posted,
      before,
      after: this.#grudges,
      replaying,
      opened: this.#opened,
      streams: this.#streams,
      earlier,
      wasLocked,
    });
  }

  /** Everybody goes, and nobody may be left behind. */
  async end(): Promise<void> {
    for (const peer of this.#peers) peer.connection?.end({ code: 1000 });
    this.#world.pass(1_000_000);
    await this.#world.settle();
    const left = [...this.#world.room.members()].map((member) => member.name);
    const { sessions, members, outboxBytes } = this.#world.counts;
    const { streams } = this.#world.media;
    if (streams.length > 0) throw new Error(`Nobody is there, and these streams go on: ${streams.join(', ')}.`);
    if (left.length + sessions + members + outboxBytes !== 0) {
      throw new Error(
        `Left behind: ${left.join(', ')}; ${sessions} sessions, ${members} of members, ${outboxBytes} bytes.`,
      );
    }
  }

  // --- doing --------------------------------------------------------------------------------------------------------

  /** Whether the step makes somebody enter anew. */
  #perform(step: Step, marker: string): 'entering' | 'going on' {
    switch (step.kind) {
      case 'join':
        this.#join(step);
        return 'entering';
      case 'leave':
        this.#leave(this.#peer(step.who));
        return 'going on';
      case 'cut':
        this.#peer(step.who).connection?.end({ code: step.code });
        return 'going on';
      case 'resume':
        return this.#resume(step);
      case 'wait':
        this.#world.pass(step.ms);
        return 'going on';
      case 'estrange':
        this.#world.estrange(step.names);
        return 'going on';
      case 'media':
        if (step.what === 'dies') this.#world.media.die();
        else this.#world.media.losePublishers();
        return 'going on';
      case 'act':
        this.#act(this.#peer(step.who), step.action, marker);
        return 'going on';
      default:
        return step satisfies never;
    }
  }

  #peer(who: Who): Peer {
    const peer = this.#peers[who];
    if (!peer) throw new Error(`There is no peer ${who}.`);
    return peer;
  }

  /** Who is told in this step what they missed. */
  #replayingIn(step: Step): Peer | undefined {
    if (step.kind === 'resume') return this.#peer(step.who);
    if (step.kind !== 'join' || !this.#comesAgain(step)) return undefined;
    const peer = this.#peer(step.who);
    return memberOf(this.#world.room, peer.stay) ? peer : undefined;
  }

  /** On Camus' wire, from the page of before. */
  #comesAgain({ who, token }: StepOf<'join'>): boolean {
    const peer = this.#peer(who);
    return peer.wire === 'camus' && token === 'own' && peer.page !== undefined;
  }

  /** The peer's connection, or a new one; a stay that waits for the old one is left to itself. */
  #connection(peer: Peer) {
    if (peer.connected) return peer.connection;
    if (peer.stay) this.#ghosts.add(peer.stay);
    peer.stay = undefined;
    this.#beforeLogin.delete(peer.index);
    return peer.connect(this.#world);
  }

  #join(step: StepOf<'join'>): void {
    const peer = this.#peer(step.who);
    if (peer.wire === 'camus') this.#joinByPage(peer, step);
    else if (peer.wire === 'rwci') this.#logIn(peer, step);
    else if (peer.wire === 'galene') this.#joinGroup(peer, step);
    else this.#joinByName(peer, step);
  }

  /** From the page of before, or a new one; whoever is there takes another name. */
  #joinByPage(peer: Peer, step: StepOf<'join'>): void {
    const again = this.#comesAgain(step);
    const isOpen = peer.connected && !again;
    if (again) peer.connect(this.#world, { again });
    else this.#connection(peer);
    if (!isOpen) peer.say({ receiver: SERVER, type: 'ping', data: 1 });
    if (!again) peer.say({ receiver: SERVER, type: 'profile', data: { username: step.name } });
    if (!isOpen) peer.say({ receiver: SERVER, type: 'get-room-info' });
  }

  /** Whoever is there leaves first; and comes again, by chance, on a connection that calls itself as the one before. */
  #joinGroup(peer: Peer, { name, token }: StepOf<'join'>): void {
    if (!peer.connected) peer.connect(this.#world, { again: token === 'own' });
    else if (peer.stay) peer.say({ type: 'join', kind: 'leave', group: 'lobby' });
    peer.say({ type: 'join', kind: 'join', group: 'lobby', username: name });
  }

  #logIn(peer: Peer, { name }: StepOf<'join'>): void {
    const isThere = peer.connected && peer.stay !== undefined;
    this.#connection(peer);
    if (!isThere) peer.claimed = name;
    peer.say({ type: 'auth', username: name, password: 'secret' });
  }

  #joinByName(peer: Peer, { name, token, operator }: StepOf<'join'>): void {
    if (peer.wire === 'barertc') {
      this.#connection(peer)?.receive({ action: 'login', username: name, jwt: '', dnd: false });
      return;
    }
    const shown = token === 'none' ? undefined : token === 'own' ? peer.token : this.#peer(token).token;
    const invitation = operator ? { invitation: this.#world.invitation } : {};
    this.#connection(peer)?.receive({ ...hello(name, shown), ...invitation });
  }

  #leave(peer: Peer): void {
    if (peer.wire === 'parlour') peer.connection?.receive({ type: 'leave' });
    else if (peer.wire === 'camus') peer.say({ receiver: SERVER, type: 'bye', data: 1 });
    else if (peer.wire === 'galene') peer.say({ type: 'join', kind: 'leave', group: 'lobby' });
    else peer.connection?.end({ code: 1000 });
  }

  #resume({ who, whose, back, stale }: StepOf<'resume'>): 'entering' | 'going on' {
    const peer = this.#peer(who);
    const owner = this.#peer(whose);
    const { stay } = owner;
    const seq = Math.max(0, (stay?.seq ?? 0) - back);
    const resume = { session: stay?.session || 'unknown', epoch: stale ? 'another' : (stay?.epoch ?? ''), seq };
    const isOwn = peer === owner && peer.connected;
    const isAlive = memberOf(this.#world.room, stay) !== undefined;
    if (stay && isAlive && !isOwn) {
      owner.stay = undefined;
      this.#connection(peer)?.receive({ ...hello('eve', peer.token), resume });
      peer.stay = { ...stay, seq };
      return 'going on';
    }
    this.#connection(peer)?.receive({ ...hello('eve', peer.token), resume });
    return 'entering';
  }

  #act(peer: Peer, action: Action, marker: string): void {
    const wording = {
      marker,
      idOf: (nth: number): number => this.#ids[this.#ids.length - 1 - nth] ?? 1,
      clientIdOf: (name: string): string => clientIdOf(this.#world.room.memberNamed(name)?.identity.id ?? ''),
      handleOf: (name: string): string => this.#world.room.memberNamed(name)?.handle ?? 'nobody',
      handle: peer.handle,
      streamOf: (ref: StreamRef): string => streamOf(peer, ref),
    };
    // On this wire one comes in by saying something; who would say what, is not known before.
    if (peer.wire === 'camus' && !peer.stay && action.do === 'post') return;
    // Who lost a connection has nowhere to say it.
    if (!peer.stay || peer.connected) {
      this.#connection(peer);
      for (const frame of framesOf(peer.wire, action, wording)) peer.say(frame);
    }
  }

  /** Remembers what a step says of streams, as those have it who are there before it. */
  #witnessOf(step: Step): StreamWitness | undefined {
    if (step.kind !== 'act' || !isStreamAction(step.action)) return undefined;
    const peer = this.#peer(step.who);
    const member = this.#memberOf(peer);
    if (!member || !peer.stay || !hasStreams(peer.wire)) return undefined;
    return new StreamWitness({
      book: this.#streams,
      room: this.#world.room,
      peer,
      member,
      action: step.action,
      due: this.#streams.expected(this.#world.room, this.#grudges),
      streamOf: (ref) => streamOf(peer, ref),
    });
  }

  // --- remembering --------------------------------------------------------------------------------------------------

  #memberOf(peer: Peer): Member | undefined {
    return peer.connected ? memberOf(this.#world.room, peer.stay) : undefined;
  }

  /** Whoever was thrown out while away, or whose place was taken by another connection, does not know it yet. */
  #forgetStays(): void {
    const { room } = this.#world;
    const taken = new Set(this.#peers.filter((peer) => peer.hasEntered).map((peer) => memberOf(room, peer.stay)?.id));
    const isOver = (stay: Stay): boolean => {
      const member = memberOf(room, stay);
      return !member || taken.has(member.id);
    };
    for (const stay of this.#ghosts) if (isOver(stay)) this.#ghosts.delete(stay);
    for (const peer of this.#peers) if (!peer.connected && peer.stay && isOver(peer.stay)) peer.stay = undefined;
  }

  /** Who logs in a second time has left, and comes not in again where the room was locked meanwhile. */
  #forgetRefused(peer: Peer): void {
    if (!memberOf(this.#world.room, peer.stay)) peer.stay = undefined;
  }

  #rememberLeavers(): void {
    const members = [...this.#world.room.members()];
    const here = new Set(members.map((member) => member.id));
    this.#rememberNames(members);
    for (const member of this.#members) {
      if (here.has(member.id)) continue;
      this.#grudges.left(member.name);
      for (const pair of this.#opened) if (pair.split(' ').includes(member.id)) this.#opened.delete(pair);
    }
    this.#members = members;
  }

  /** Who enters the room anew, as who they were, has no streams any more. */
  #rememberBeginners(): void {
    for (const peer of this.#peers) {
      const member = this.#memberOf(peer);
      if (member && hasStreams(peer.wire) && peer.beginsAnew) this.#streams.forget(member.id);
    }
  }

  #rememberNames(members: readonly Member[]): void {
    const former = new Map(this.#members.map((member) => [member.id, member.name]));
    const identityOf = (actor: string): string | undefined => {
      const identity = this.#world.room.memberNamed(actor)?.identity;
      return identity?.durable ? identity.id : undefined;
    };
    for (const { id, name } of members) {
      const before = former.get(id);
      if (before !== undefined) this.#grudges.renamed(before, name, identityOf);
    }
  }

  #rememberEntry(peer: Peer): void {
    const said = this.#beforeLogin.get(peer.index) ?? [];
    this.#beforeLogin.delete(peer.index);
    const member = this.#memberOf(peer);
    if (!member || !peer.hasEntered) return;
    const mayBlock = (name: string): boolean => !this.#isOperator(name);
    this.#grudges.came(member.name, { identity: member.identity.id, mayBlock });
    for (const action of said) this.#hold(peer, { actor: member.name, identity: undefined, action });
  }

  #rememberAct(peer: Peer, action: Action): void {
    const member = this.#memberOf(peer);
    if (!member) {
      if (peer.wire === 'barertc') {
        this.#beforeLogin.set(peer.index, [...(this.#beforeLogin.get(peer.index) ?? []), action]);
      }
      return;
    }
    for (const sighting of peer.sightings) {
      if (sighting.kind !== 'opened') continue;
      const broadcaster = this.#world.room.memberNamed(sighting.name);
      if (broadcaster) this.#opened.add(`${member.id} ${broadcaster.id}`);
    }
    if (peer.wire === 'parlour' && peer.answer !== true) return;
    const { name } = member;
    if (action.do === 'clear') this.#rememberCleared(peer, member, action);
    const identity = member.identity.durable ? member.identity.id : undefined;
    this.#hold(peer, { actor: name, identity, action });
    if (action.do !== 'unmute-all' || peer.wire !== 'barertc' || !this.#isOperator(name)) return;
    for (const target of this.#grudges.held(name, 'mute')) {
      this.#grudges.set({ actor: name, identity, kind: 'mute', target, on: false });
    }
  }

  #rememberCleared(peer: Peer, member: Member, { name }: Extract<Action, { do: 'clear' }>): void {
    if (!hasStreams(peer.wire) || !isOperator(member)) return;
    const identityId = name === undefined ? undefined : this.#world.room.memberNamed(name)?.identity.id;
    if (name !== undefined && identityId === undefined) return;
    for (const post of this.#posted.values()) {
      const isMeant = identityId === undefined || post.author?.identity.id === identityId;
      if ('channel' in post.at && isMeant) post.isGone = true;
    }
  }

  /** Operators among them, too; of who is not there, nothing is noted. */
  #rememberEstranged(names: readonly [string, string]): void {
    const [one, other] = names.map((name) => this.#world.room.memberNamed(name));
    if (!one || !other || one === other) return;
    for (const [actor, target] of [
      [one, other],
      [other, one],
    ] as const) {
      const identity = actor.identity.durable ? actor.identity.id : undefined;
      for (const kind of ['mute', 'block'] as const) {
        this.#grudges.set({ actor: actor.name, identity, kind, target: target.name, on: true });
      }
    }
  }

  #hold(
    peer: Peer,
    {
      actor,
      identity,
      action,
    }: { readonly actor: string; readonly identity: string | undefined; readonly action: Action },
  ): void {
    for (const { kind, names, on } of changesOf(peer.wire, action)) {
      for (const target of names) {
        if (kind === 'block' && on && this.#isOperator(target)) continue;
        this.#grudges.set({ actor, identity, kind, target, on });
      }
    }
  }

  #isOperator(name: string): boolean {
    return this.#world.room.memberNamed(name)?.permissions.has('op') === true;
  }

  #postOf({ who, action }: StepOf<'act'>): Posted | undefined {
    const peer = this.#peer(who);
    const marker = markerOf(this.#posted.size);
    const author = this.#memberOf(peer);
    const scene = { members: this.#members, grudges: this.#grudges, letters: this.#letters };
    const post = this.#newPost(action, { marker, author, wire: peer.wire, scene });
    if (post) this.#posted.set(marker, post);
    return post;
  }

  #newPost(
    action: Action,
    by: { marker: string; author: Member | undefined; wire: Wire; scene: PostingScene },
  ): Posted | undefined {
    const { marker, author, wire, scene } = by;
    switch (action.do) {
      case 'post':
      case 'post-image':
        return newPost({ marker, at: placeOf(wire, action.at, author), author }, scene);
      case 'caption':
      case 'note':
        return hasStreams(wire) ? newFleeting({ marker, author, action }, scene) : undefined;
      default:
        return undefined;
    }
  }

  /** Whoever may read a message that was posted has it by now, or gets it when they are back. */
  #rememberPost(post: Posted, { who, action }: StepOf<'act'>): void {
    const messages = this.#peers.flatMap((peer) => peer.sightings).filter((each) => each.kind === 'message');
    post.id = messages.find((each) => each.marker === post.marker && each.id !== undefined)?.id;
    const peer = this.#peer(who);
    if (post.isFleeting) {
      this.#rememberTold(post);
      return;
    }
    if (post.id === undefined) {
      const isNew = action.do === 'post' && action.id === undefined;
      if (isNew && peer.wire === 'parlour' && peer.answer) throw new Error(`${post.marker} was accepted, and is gone.`);
      return;
    }
    this.#ids.push(post.id);
    if (post.letter !== undefined) this.#letters.add(post.letter);
    this.#rememberTold(post);
  }

  #rememberTold(post: Posted): void {
    for (const reader of this.#peers) {
      const { stay, sightings } = reader;
      const member = memberOf(this.#world.room, stay);
      const has = sightings.some((each) => each.kind === 'message' && each.marker === post.marker);
      if (stay && member && !has && post.told.has(member.id) && reader.shows(post, member)) stay.owed.add(post.marker);
    }
  }
}

const SERVER = 'ground control';
/** What is done takes a moment. */
const A_MOMENT_MS = 1000;

/** Where a message goes on a wire without channels, or where one that is not there is the default one. */
function placeOf(wire: Wire, at: To, author: Member | undefined): To {
  if (!('channel' in at) || (wire !== 'camus' && wire !== 'rwci' && wire !== 'galene')) return at;
  const isReadable = author && at.channel !== 'nowhere' && mayEnter(at.channel, author);
  return wire === 'rwci' && isReadable ? at : { channel: 'lobby' };
}

function hello(name: string, token: string | undefined) {
  const known = token === undefined || token === '' ? {} : { token };
  return { type: 'hello', ref: 'hello', version: 1, room: 'lobby', name, ...known };
}

function streamOf({ index }: Peer, { whose, nth }: StreamRef): string {
  return `s${whose === 'own' ? index : whose}.${nth}`;
}
