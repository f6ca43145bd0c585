import { createInvitation } from '../auth/invitations.ts';
import type { SessionCommand } from '../core/command.ts';
import { isOperator, type Member } from '../core/member.ts';
import type { Message } from '../core/message.ts';
import { nameKey } from '../core/name.ts';
import { mayRead, mayReadMessage } from '../core/view.ts';
import type { ThreadKey } from '../storage/port.ts';
import type { Answer, HubContext } from './services.ts';
import type { Place, Session } from './session.ts';

type CommandOf<T extends SessionCommand['type']> = Extract<SessionCommand, { type: T }>;

const MAX_THREADS = 100;
/** Pages of messages that the reader may not see are passed over; at most this many in one answer. */
const MAX_EMPTY_PAGES = 5;

export interface Asker {
  readonly session: Session;
  readonly place: Place;
  readonly member: Member;
}

export async function fetchHistory(
  hub: HubContext,
  asker: Asker,
  answer: Answer,
  command: CommandOf<'fetch-history'>,
): Promise<void> {
  const { member, place, session } = asker;
  const { view } = place.room;
  const thread = threadOf(asker, command);
  if (!thread) return hub.refuse(session, answer, { code: 'channel-unknown' });
  let { before, after } = command;
  for (let round = 1; ; round++) {
    const page = await hub.storage.messages(view.name, {
      thread,
      limit: command.limit,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
    const messages = page.messages.filter((message: Message) => mayReadMessage(view, message, member));
    if (messages.length > 0 || !page.more || round === MAX_EMPTY_PAGES) {
      return hub.accept(session, answer, { kind: 'history', messages, more: page.more });
    }
    if (after === undefined) before = page.messages.at(0)?.id;
    else after = page.messages.at(-1)?.id;
  }
}

function threadOf(asker: Asker, command: CommandOf<'fetch-history'>): ThreadKey | undefined {
  const { target } = command;
  if (target.kind === 'member') {
    return { kind: 'direct', identityId: asker.member.identity.id, peer: nameKey(target.name) };
  }
  const channel = asker.place.room.view.channel(target.channel);
  return channel && mayRead(channel, asker.member) ? { kind: 'channel', channel: channel.id } : undefined;
}

export async function listThreads(hub: HubContext, asker: Asker, answer: Answer): Promise<void> {
  const { identity } = asker.member;
  const query = { sort: 'newest', offset: 0, limit: MAX_THREADS } as const;
  const { threads } = await hub.storage.threads(asker.place.room.view.name, identity.id, query);
  hub.accept(asker.session, answer, { kind: 'threads', threads });
}

/** The next token is the answer's detail: those of before do not hold any more. */
export async function setPassword(
  hub: HubContext,
  { session, member, place }: Asker,
  answer: Answer,
  command: CommandOf<'set-password'>,
): Promise<void> {
  const { current, password } = command;
  const proof = await hub.identities.setPassword(
    member.identity,
    { name: member.name, password, household: session.household, ...(current === undefined ? {} : { current }) },
    { registration: hub.settings.registration },
  );
  if (proof.kind === 'refused') return hub.refuse(session, answer, proof.refusal);
  place.room.noteIdentity(member.id, proof.identity);
  hub.accept(session, answer, { kind: 'about', name: proof.identity.name, detail: proof.token });
}

export async function invite(
  hub: HubContext,
  asker: Asker,
  answer: Answer,
  command: CommandOf<'create-invitation'>,
): Promise<void> {
  if (!isOperator(asker.member)) return hub.refuse(asker.session, answer, { code: 'not-permitted' });
  const { token } = await createInvitation(hub.storage, {
    role: command.role,
    by: asker.member.name,
    now: hub.now(),
  });
  const path = asker.place.room.view.name === hub.settings.defaultRoom ? '/' : `/r/${asker.place.room.view.name}`;
  hub.accept(asker.session, answer, { kind: 'invitation', url: `${hub.settings.publicUrl()}${path}?invite=${token}` });
}
