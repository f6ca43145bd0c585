import { isOperator, isVip, type Member } from '../../../src/core/member.ts';
import { nameKey } from '../../../src/core/name.ts';
import type { Grudges } from './grudges.ts';
import type { To } from './script.ts';

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
  /** Once it was seen. */
  id: number | undefined;
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
  const common = { ...post, id: undefined, heldAgainst: 'author' as const };
  const { author, at } = post;
  if (!author) return { ...common, told: new Set(), sides: new Set() };
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
  const { author, at, sides, heldAgainst } = post;
  if (!author) return false;
  if ('channel' in at && !mayEnter(at.channel, viewer)) return false;
  if (sides && !sides.has(viewer.identity.id)) return false;
  if (author.identity.id === viewer.identity.id || heldAgainst === 'nobody') return true;
  // What reached them directly is theirs to read again; what they had muted did not.
  return !(sides ? grudges.blocked(viewer.name, author.name) : grudges.deaf(viewer.name, author.name));
}

export function mayEnter(channel: string, member: Member): boolean {
  return channel === 'velvet' ? isVip(member) || isOperator(member) : channel === 'lobby';
}
