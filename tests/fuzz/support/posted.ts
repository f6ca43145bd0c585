import { isOperator, isVip, type Member } from '../../../src/core/member.ts';
import { nameKey } from '../../../src/core/name.ts';
import type { Grudges } from './grudges.ts';
import type { Action, To } from './script.ts';

/** A message that somebody tried to post, and who may ever read it. */
export interface Posted {
  readonly marker: string;
  readonly at: To;
  readonly author: Member | undefined;
  /** Members' ids: who was told of it when it was posted. */
  readonly told: ReadonlySet<string>;
  /** Of a direct message: the identities of its sides, or its author's alone where nobody else must know. */
  readonly sides: ReadonlySet<string> | undefined;
  /** Whether it is hidden from those who hold something against its author. */
  readonly heldAgainst: 'author' | 'nobody';
  /** Of a direct message that is not refused: whose it is, and to whom. */
  readonly letter?: string | undefined;
  /** A caption or a note: nobody is shown it later. */
  readonly isFleeting: boolean;
  /** Once it was seen. */
  id: number | undefined;
  /** Taken back: it is in no history any more. */
  isGone: boolean;
}

export interface PostingScene {
  readonly members: readonly Member[];
  readonly grudges: Grudges;
  /** Who has written to whom, by their identities: whoever was, may answer somebody who is not to be disturbed. */
  readonly letters: ReadonlySet<string>;
}

export function newPost(
  post: { readonly marker: string; readonly at: To; readonly author: Member | undefined },
  scene: PostingScene,
): Posted {
  const common = { ...post, id: undefined, isGone: false, isFleeting: false, heldAgainst: 'author' as const };
  const { author, at } = post;
  if (!author?.permissions.has('message')) return { ...common, told: new Set(), sides: new Set() };
  if ('to' in at) {
    const { sides, letter } = sidesOf(author, at.to, scene);
    return {
      ...common,
      letter,
      told: new Set(sides.map((member) => member.id)),
      sides: new Set(sides.map((member) => member.identity.id)),
    };
  }
  const told = scene.members.filter(
    (member) => mayEnter(at.channel, member) && (member === author || !scene.grudges.deaf(member.name, author.name)),
  );
  return { ...common, told: new Set(told.map((member) => member.id)), sides: undefined };
}

/** What is said for a moment: everybody's words as they speak them, or something between clients. */
export function newFleeting(
  post: {
    readonly marker: string;
    readonly author: Member | undefined;
    readonly action: Extract<Action, { do: 'caption' | 'note' }>;
  },
  { members, grudges }: PostingScene,
): Posted {
  const { marker, author, action } = post;
  const told = author
    ? members.filter((member) => hears({ author, action, member, target: targetOf(action, members) }, grudges))
    : [];
  return {
    ...{ marker, author, at: { channel: 'lobby' }, sides: undefined, heldAgainst: 'author' },
    ...{ told: new Set(told.map((member) => member.id)), id: undefined, isGone: false, isFleeting: true },
  };
}

function targetOf(action: Extract<Action, { do: 'caption' | 'note' }>, members: readonly Member[]) {
  if (action.do === 'caption' || action.to === undefined) return 'everybody';
  const { to } = action;
  return members.find((member) => nameKey(member.name) === nameKey(to));
}

function hears(
  said: {
    readonly author: Member;
    readonly action: Extract<Action, { do: 'caption' | 'note' }>;
    readonly member: Member;
    readonly target: Member | 'everybody' | undefined;
  },
  grudges: Grudges,
): boolean {
  const { author, action, member, target } = said;
  if (target !== 'everybody' && target?.id !== member.id) return false;
  if (action.do === 'caption') {
    if (!author.permissions.has('caption')) return false;
    return member.id === author.id || !grudges.deaf(member.name, author.name);
  }
  if (!author.permissions.has('message')) return false;
  if (member.id === author.id) return target !== 'everybody' || action.echo;
  if (target !== 'everybody' && target?.hidden) return false;
  // Whom operators ask to be silent must hear that, whether they like them or not.
  return isOperator(author) ? !grudges.blocked(member.name, author.name) : !grudges.deaf(member.name, author.name);
}

/** `spec/barertc.md` 1.9.7: who gets a direct message. */
function sidesOf(
  author: Member,
  name: string,
  { members, grudges, letters }: PostingScene,
): { readonly sides: readonly Member[]; readonly letter?: string } {
  const recipient = members.find((member) => nameKey(member.name) === nameKey(name));
  if (!recipient || recipient.id === author.id || recipient.hidden) return { sides: [author] };
  const privileged = isOperator(author);
  const isBlocked = grudges.blocked(author.name, name);
  const isMuted = grudges.has(name, 'mute', author.name) && !privileged;
  // Whose wire has no direct messages gets none, unless that would tell that they shun the author.
  if (!recipient.abilities.direct && !isBlocked && !isMuted) return { sides: [author] };
  if (grudges.has(author.name, 'mute', name) && !privileged) return { sides: [author] };
  const shunned = isMuted || isBlocked;
  const [there, back] = [author.identity.id, recipient.identity.id];
  const unasked = recipient.dnd && !privileged && !letters.has(`${back}>${there}`);
  if (unasked && !shunned) return { sides: [author] };
  return { sides: shunned ? [author] : [author, recipient], letter: `${there}>${back}` };
}

export function mayHaveBeenTold(post: Posted, viewer: Member): boolean {
  return post.told.has(viewer.id);
}

/** Whether it may be in what somebody is shown of the past. */
export function mayRecall(post: Posted, viewer: Member, grudges: Grudges): boolean {
  const { author, at, sides, heldAgainst, isFleeting } = post;
  if (!author || isFleeting || post.isGone) return false;
  if ('channel' in at && !mayEnter(at.channel, viewer)) return false;
  if (sides && !sides.has(viewer.identity.id)) return false;
  if (author.identity.id === viewer.identity.id || heldAgainst === 'nobody') return true;
  // What reached them directly is theirs to read again; what they had muted did not.
  return !(sides ? grudges.blocked(viewer.name, author.name) : grudges.deaf(viewer.name, author.name));
}

export function mayEnter(channel: string, member: Member): boolean {
  return channel === 'velvet' ? isVip(member) || isOperator(member) : channel === 'lobby';
}
