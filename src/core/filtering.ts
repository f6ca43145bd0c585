import type { Refusal } from './errors.ts';
import { filterText } from './filter.ts';
import type { Member } from './member.ts';
import type { Body, Message, Target } from './message.ts';
import type { Outcome, OutcomeBuilder } from './outcome.ts';
import { SERVER_NAME } from './report.ts';
import type { RoomState } from './room-state.ts';
import { mayReadMessage } from './view.ts';

export interface FilteredBody {
  readonly body: Body;
  readonly forward: boolean;
  readonly report: boolean;
  readonly response: string;
}

/** `spec/barertc.md` 1.9.13. */
export function filter(state: RoomState, body: Body, kind: 'channel' | 'direct'): FilteredBody | undefined {
  if (body.kind !== 'text' || state.guards.filters.length === 0) return undefined;
  const filtered = filterText(state.guards.filters, { text: body.text, kind });
  if (!filtered) return undefined;
  const { forward, report, response } = filtered.filter;
  return { body: { ...body, text: filtered.text }, forward, report, response };
}

export function noteFiltered(
  state: RoomState,
  outcome: OutcomeBuilder,
  post: {
    readonly author: Member;
    readonly message: Message;
    readonly filtered: FilteredBody;
    readonly before: Body;
  },
): void {
  const { author, message, filtered, before } = post;
  if (filtered.report) {
    const context = recentIn(state, author, message.target);
    outcome.report({
      from: SERVER_NAME,
      about: author.name,
      channel: channelName(message.target),
      at: message.at,
      reason: 'Server Side Message Filter',
      text: withContext(before.kind === 'text' ? before.text : '', context),
      comment: '',
    });
  }
  if (filtered.forward && filtered.response !== '') {
    outcome.to([author.id], { type: 'notice', text: filtered.response });
  }
}

/** Its author sees it as the filter left it; nobody else does. */
export function keepBack(
  outcome: OutcomeBuilder,
  post: { readonly author: Member; readonly message: Message; readonly filtered: FilteredBody },
): Outcome {
  const { response } = post.filtered;
  const refusal: Refusal = { code: 'filtered', ...(response === '' ? {} : { detail: response }) };
  return outcome.to([post.author.id], { type: 'message-undelivered', message: post.message, refusal }).refuse(refusal);
}

/** At most this many messages say what a report is about. */
const CONTEXT_MESSAGES = 30;

/** The latest messages of a thread, as `reader` knows it, oldest first. */
export function recentIn(state: RoomState, reader: Member, target: Target): readonly Message[] {
  if (target.kind === 'channel') {
    const messages = state.messages.latestIn({ channel: target.channel }, CONTEXT_MESSAGES);
    return messages.filter((message) => mayReadMessage(state, message, reader));
  }
  const other = state.memberNamed(target.name);
  if (!other) return [];
  return state.messages.latestIn({ sides: [reader.identity.id, other.identity.id] }, CONTEXT_MESSAGES);
}

/** What is reported, and what was said before it, one line each. */
export function withContext(text: string, messages: readonly Message[]): string {
  if (messages.length === 0) return text;
  const lines = messages
    .map(({ at, author, body }) => {
      const text = body.kind === 'text' ? body.text.replace(/\s+/g, ' ') : `(image ${body.fileName})`;
      return `${new Date(at).toISOString()} [${author.name}] ${text}`;
    })
    .join('\n');
  return `${text}\n\nSaid before:\n${lines}`;
}

export function channelName(target: Target): string {
  return target.kind === 'channel' ? target.channel : `@${target.name}`;
}
