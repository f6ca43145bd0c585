import { type Finding, fail, ok, warn } from '../finding.ts';
import type { IceProbe, IceServerUrl } from './ice-server.ts';

export interface ProbedServer {
  readonly server: IceServerUrl;
  readonly probe: IceProbe;
}

export interface IceListFacts {
  readonly probed: readonly ProbedServer[];
  /** Those that are written in a way that nobody understands. */
  readonly unreadable: readonly string[];
  readonly relayOnly: boolean;
}

const PAGE = 'docs/operations.md, "A TURN server, from nothing"';

/** Whether all of them together are enough for everybody. */
export function iceListFindings({ probed, unreadable, relayOnly }: IceListFacts): readonly Finding[] {
  const odd = unreadable.map((url) =>
    fail(`"${withoutLogin(url)}" is no STUN or TURN server`, 'Write it as "turn:turn.example.org:3478?transport=tcp".'),
  );
  return [...odd, ...coverage(probed), ...(relayOnly ? ownWay(probed) : [])];
}

/** Whoever writes it like an address of the web has name and password in it: nothing of that is for a terminal. */
function withoutLogin(url: string): string {
  return url.replace(/^([a-z]*:)?.*@/is, '$1…@').replace(/([?&](?!transport=)[^=&]*=)[^&]*/gi, '$1…');
}

function coverage(probed: readonly ProbedServer[]): readonly Finding[] {
  if (probed.length === 0) {
    const what = 'no STUN or TURN server is set: cameras do not pass some routers and firewalls';
    return [warn(what, `Set up a TURN server: ${PAGE}.`)];
  }
  const relays = probed.filter(({ probe }) => probe.kind === 'turn');
  if (relays.some(({ server }) => server.url.transport !== 'udp')) {
    return [ok('networks without UDP are served, over TCP or TLS')];
  }
  const what = 'networks that let no UDP out have no way to cameras';
  const advice = `Add "turn:HOST:3478?transport=tcp" or "turns:HOST:5349" to the list: ${PAGE}.`;
  return [warn(what, advice)];
}

/** Our own end speaks to TURN servers over UDP alone. */
function ownWay(probed: readonly ProbedServer[]): readonly Finding[] {
  const isOwnWay = ({ server, probe }: ProbedServer) => probe.kind === 'turn' && server.url.transport === 'udp';
  if (probed.some(isOwnWay)) return [ok('the server’s own end has a TURN server over UDP (galene.relay_only)')];
  const advice = 'Add "turn:HOST:3478" without transport=tcp: Parlour’s own end speaks to TURN over UDP alone.';
  return [fail('galene.relay_only is set, and no TURN server can be used over UDP', advice)];
}
