import type { Desk, IceServer } from '../../desk.ts';

/** How long candidates of the server are waited for, in milliseconds. */
export interface Gathering {
  /** For the first one. */
  readonly firstMs: number;
  /** For another one, after each. */
  readonly quietMs: number;
}

/** Its own addresses the server knows at once. */
const OWN: Gathering = { firstMs: 100, quietMs: 100 };
/** What it has to ask others for takes its way there and back, and again where a packet is lost. */
const ASKED_FOR: Gathering = { firstMs: 1_000, quietMs: 1_000 };
/** No candidate is its own, and without one nobody finds the server. */
const RELAYED: Gathering = { firstMs: 3_000, quietMs: 1_000 };

/** Nobody says when there are no more: it is silence that says it. */
export function gatheringOf(desk: Desk, clientId: string): Gathering {
  if (!desk.iceServers(clientId).some(isAsked)) return OWN;
  return desk.settings.galene.relayOnly ? RELAYED : ASKED_FOR;
}

/** The server's own end speaks to STUN and TURN servers over UDP alone. */
function isAsked({ urls }: IceServer): boolean {
  return urls.some((url) => /^(stun|turn):/i.test(url) && !/[?&]transport=(?!udp$)/i.test(url));
}
