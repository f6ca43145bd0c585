import type { Identity } from '../../../core/identity.ts';
import type { Message } from '../../../core/message.ts';
import type { Desk } from '../../desk.ts';
import type { Route, RouteResponse } from '../../http.ts';
import { linkedImageHtml, renderMarkdown } from '../markup.ts';
import { checked, failure, type JsonBody, json, jsonRoute, text, whole } from './json.ts';

/** Messages of one page of a conversation, and names of one page of conversations (`spec/barertc.md` 4). */
const HISTORY_PAGE = 20;
const NAMES_PAGE = 9;
const MAX_PAGE = 1_000_000;

/** What the page of a signed-in user asks (`spec/barertc.md` 2.5); they show their token. */
export function userRoutes(desk: Desk): readonly Route[] {
  return [
    signedIn('/api/profile', desk, (_identity, body) => profile(desk, text(body, 'Username'))),
    present('/api/message/history', desk, (identity, body) => history(desk, identity, body)),
    present('/api/message/usernames', desk, (identity, body) => usernames(desk, identity, body)),
    jsonRoute('/api/message/clear', desk, (body) => checked(() => clear(desk, body))),
  ];
}

type Answer = (identity: Identity, body: JsonBody) => Promise<RouteResponse>;

function signedIn(path: string, desk: Desk, answer: Answer): Route {
  return jsonRoute(path, desk, (body) =>
    checked(async () => {
      const identity = await bearer(desk, body);
      return identity ? answer(identity, body) : failure(400, 'You must sign in by the website to do that.');
    }),
  );
}

/** Only for who is in the room. */
function present(path: string, desk: Desk, answer: Answer): Route {
  return signedIn(path, desk, async (identity, body) => {
    const member = await desk.memberWith(identity.id);
    return member ? answer(identity, body) : failure(400, 'You are not in the chat room.');
  });
}

async function bearer(desk: Desk, body: JsonBody): Promise<Identity | undefined> {
  const token = text(body, 'JWTToken');
  return token !== '' && desk.settings.tokens.enabled ? desk.vouchedFor(token) : undefined;
}

async function profile(desk: Desk, name: string): Promise<RouteResponse> {
  try {
    const found = await desk.profile(name);
    if (!found) return failure(400, 'The website is not asked for profiles.');
    if ('error' in found) return failure(400, found.error);
    return json(200, {
      OK: true,
      Headline: found.headline,
      ProfileFields: found.fields.map((field) => ({ Name: field.name, Value: field.value })),
    });
  } catch {
    // The log has the reason.
    return failure(500, 'The profile could not be fetched.');
  }
}

async function history(desk: Desk, identity: Identity, body: JsonBody): Promise<RouteResponse> {
  if (!desk.settings.keepDirect) return failure(400, 'Direct messages are not kept here.');
  const before = whole(body, 'BeforeID');
  const { messages, remaining } = await desk.history(identity.id, {
    peer: text(body, 'Username'),
    limit: HISTORY_PAGE,
    ...(before > 0 ? { before } : {}),
  });
  return json(200, { OK: true, Messages: messages.map(historyItem), Remaining: remaining });
}

function historyItem(message: Message) {
  const { author, body, id, at } = message;
  const html =
    body.kind === 'text'
      ? renderMarkdown(body.text)
      : linkedImageHtml({ ...body.attachment, url: `/attachments/${body.attachment.id}` });
  return { username: author.name, message: html, msgID: id, timestamp: new Date(at).toISOString() };
}

const SORTS = ['newest', 'oldest', 'a-z', 'z-a'] as const;

async function usernames(desk: Desk, identity: Identity, body: JsonBody): Promise<RouteResponse> {
  if (!desk.settings.keepDirect) return failure(400, 'Direct messages are not kept here.');
  const sort = SORTS.find((known) => known === text(body, 'Sort')) ?? 'newest';
  const page = Math.min(MAX_PAGE, Math.max(1, whole(body, 'Page')));
  const query = { sort, offset: (page - 1) * NAMES_PAGE, limit: NAMES_PAGE };
  const { threads, count } = await desk.threads(identity.id, query);
  const pages = Math.max(1, Math.ceil(count / NAMES_PAGE));
  return json(200, { OK: true, Usernames: threads.map((thread) => thread.name), Count: count, Pages: pages });
}

/** By oneself, or by the website for one of its users. */
async function clear(desk: Desk, body: JsonBody): Promise<RouteResponse> {
  const key = text(body, 'APIKey');
  if (key !== '') {
    if (!desk.isApiKey(key)) return failure(401, 'The APIKey is wrong.');
    const name = text(body, 'Username');
    if (name === '') return failure(400, 'Username is missing.');
    return json(200, { OK: true, MessagesErased: await desk.eraseDirect(name) });
  }
  const identity = await bearer(desk, body);
  if (!identity) return failure(400, 'You must sign in by the website to do that.');
  return json(200, { OK: true, MessagesErased: await desk.eraseDirect(identity.name) });
}
