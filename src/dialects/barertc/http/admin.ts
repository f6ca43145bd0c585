import { Camera, has, isOn } from '../../../core/camera.ts';
import { type Refusal, refusalText } from '../../../core/errors.ts';
import type { Result } from '../../../core/event.ts';
import { DEFAULT_BAN_HOURS, MAX_BAN_HOURS } from '../../../core/moderation.ts';
import type { Desk } from '../../desk.ts';
import type { Route, RouteResponse } from '../../http.ts';
import { checked, failure, flag, type JsonBody, json, jsonRoute, object, text, texts, whole } from './json.ts';

const MAX_ESTRANGED = 100;

/** What the website asks of the chat (`spec/barertc.md` 2.4); it shows its key. */
export function adminRoutes(desk: Desk): readonly Route[] {
  return [
    statistics(desk),
    keyed('/api/authenticate', desk, (body) => authenticate(desk, body)),
    keyed('/api/blocklist', desk, async (body) => {
      const username = text(body, 'Username');
      if (username === '') return failure(400, 'Username is missing.');
      await desk.putBlocklist(username, texts(body, 'Blocklist'));
      return json(200, { OK: true });
    }),
    keyed('/api/block/now', desk, async (body) => {
      const names = texts(body, 'Usernames');
      // Each with each: the work grows with the square.
      if (names.length > MAX_ESTRANGED) return failure(400, `At most ${MAX_ESTRANGED} Usernames at a time, please.`);
      await desk.administer({ type: 'estrange', names });
      return json(200, { OK: true });
    }),
    keyed('/api/disconnect/now', desk, (body) => disconnectNow(desk, body)),
    keyed('/api/amend-jwt', desk, (body) => amendToken(desk, body)),
    keyed('/api/shutdown', desk, async () => {
      desk.shutDown('The server is being restarted.');
      return json(200, { OK: true });
    }),
    keyed('/api/bans', desk, () => listBans(desk)),
    keyed('/api/bans/impose', desk, (body) => imposeBan(desk, body)),
    keyed('/api/bans/lift', desk, (body) => liftBan(desk, body)),
  ];
}

function keyed(path: string, desk: Desk, answer: (body: JsonBody) => Promise<RouteResponse>): Route {
  return jsonRoute(path, desk, (body) =>
    checked(async () => {
      if (!desk.isApiKey(text(body, 'APIKey'))) return failure(401, 'The APIKey is wrong.');
      return answer(body);
    }),
  );
}

/** Open to everybody, and to the pages of the origins that the operator named. */
function statistics(desk: Desk): Route {
  return {
    path: '/api/statistics',
    bodyBytes: 1024,
    handle: async ({ headers, address }) => {
      if (!desk.mayAsk(address)) return failure(429, 'Too many requests. Please wait a moment.');
      const { corsHosts, statisticsNames } = desk.settings;
      const { origin } = headers;
      const isAllowed = origin !== undefined && corsHosts.some((host) => host.replace(/\/+$/, '') === origin);
      const shown = [...(await desk.room()).members()].filter((member) => !member.hidden);
      const cameras = shown.map((member) => member.camera).filter(isOn);
      const red = cameras.filter((camera) => has(camera, Camera.explicit)).length;
      const body = {
        UserCount: shown.length,
        Usernames: statisticsNames ? shown.map((member) => member.name).sort(byBytes) : [],
        Cameras: { Blue: cameras.length - red, Red: red },
      };
      return json(200, body, { vary: 'origin', ...(isAllowed ? { 'access-control-allow-origin': origin } : {}) });
    },
  };
}

function byBytes(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

async function authenticate(desk: Desk, body: JsonBody): Promise<RouteResponse> {
  const identity = desk.identify(object(body, 'Claims'));
  if (!identity) return failure(400, 'The Claims have no sub that could be a name.');
  return json(200, { OK: true, JWT: await desk.sign(identity) });
}

async function disconnectNow(desk: Desk, body: JsonBody): Promise<RouteResponse> {
  const reply = await desk.administer({
    type: 'dismiss',
    names: texts(body, 'Usernames'),
    reason: text(body, 'Message'),
    how: flag(body, 'Kick') ? 'kicked' : 'left',
  });
  return ended(reply, (result) => ({ Removed: result.kind === 'count' ? result.count : 0 }));
}

async function amendToken(desk: Desk, body: JsonBody): Promise<RouteResponse> {
  const identity = await desk.vouchedFor(text(body, 'JWTToken'));
  if (!identity) return failure(401, 'The JWTToken is not valid.');
  const reply = await desk.administer({ type: 'amend', name: text(body, 'Username'), identity });
  if ('refused' in reply && reply.refused.code === 'not-permitted') {
    return failure(404, 'They are here without a token.');
  }
  return ended(reply, () => ({}));
}

async function listBans(desk: Desk): Promise<RouteResponse> {
  const reply = await desk.administer({ type: 'list-bans' });
  return ended(reply, (result) => ({
    Bans: (result.kind === 'bans' ? result.bans : []).map((ban) => ({
      Username: ban.name ?? '',
      Addresses: ban.addresses ?? '',
      Reason: ban.reason,
      By: ban.by,
      At: new Date(ban.at).toISOString(),
      ExpiresAt: new Date(ban.expiresAt).toISOString(),
    })),
  }));
}

async function imposeBan(desk: Desk, body: JsonBody): Promise<RouteResponse> {
  const name = text(body, 'Username');
  const addresses = text(body, 'Addresses');
  const hours = whole(body, 'Hours') || DEFAULT_BAN_HOURS;
  const reason = text(body, 'Reason');
  if (hours < 1 || hours > MAX_BAN_HOURS) return failure(400, `Hours must be from 1 to ${MAX_BAN_HOURS}.`);
  if ((name === '') === (addresses === '')) return failure(400, 'Say either a Username or Addresses.');
  const reply = await desk.administer(
    name === '' ? { type: 'ban-addresses', addresses, hours, reason } : { type: 'ban', name, hours, reason },
  );
  return ended(reply, (result) => (result.kind === 'about' ? { ExpiresAt: result.detail ?? '' } : {}));
}

async function liftBan(desk: Desk, body: JsonBody): Promise<RouteResponse> {
  const name = text(body, 'Username') || text(body, 'Addresses');
  return ended(await desk.administer({ type: 'unban', name }), () => ({}));
}

const STATUS: Partial<Record<Refusal['code'], number>> = { 'member-absent': 404, 'not-banned': 404, 'name-taken': 409 };

function ended(
  reply: { readonly accepted: Result } | { readonly refused: Refusal },
  fields: (result: Result) => object,
): RouteResponse {
  if ('accepted' in reply) return json(200, { OK: true, ...fields(reply.accepted) });
  return failure(STATUS[reply.refused.code] ?? 400, refusalText(reply.refused));
}
