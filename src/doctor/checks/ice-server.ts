import { type Finding, fail, ok, warn } from '../finding.ts';
import type { IceUrl } from '../turn-client/ice-url.ts';
import type { TurnFault } from '../turn-client/turn-error.ts';

/** One way to one server, with a login for us. */
export interface IceServerUrl {
  readonly url: IceUrl;
  /** Which part of the configuration names it. */
  readonly source: string;
  readonly login: 'timed' | 'static' | 'none';
  readonly username?: string;
  readonly credential?: string;
}

export interface RelayedTo {
  readonly address: string;
  /** `permitted`: allowed, and not tried, as nobody of ours waits there. */
  readonly outcome: 'arrived' | 'permitted' | 'lost' | 'forbidden';
}

/** What came of asking it. */
export type IceProbe =
  | { readonly kind: 'stun'; readonly mapped: string }
  | {
      readonly kind: 'turn';
      readonly mapped?: string;
      readonly isOpenToAnybody: boolean;
      readonly reached: readonly RelayedTo[];
      /** Addresses of private networks that it would relay to. */
      readonly inward: readonly string[];
    }
  | { readonly kind: 'failed'; readonly fault: TurnFault; readonly reason: string; readonly code?: number };

export function iceServerFindings(server: IceServerUrl, probe: IceProbe): readonly Finding[] {
  const name = nameOf(server.url);
  if (probe.kind === 'stun') return [ok(`${name} answers, and sees this machine as ${probe.mapped}`)];
  if (probe.kind === 'failed') return [failure(server, probe)];
  return [...door(server, probe.isOpenToAnybody), ...relaying(name, probe.reached), ...inwards(name, probe.inward)];
}

/** As people read it: without the login. */
export function nameOf({ scheme, host, port, transport }: IceUrl): string {
  const ways = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const;
  return `${scheme.toUpperCase()} ${host.includes(':') ? `[${host}]` : host}:${port} over ${ways[transport]}`;
}

function failure({ url, login, source }: IceServerUrl, probe: Extract<IceProbe, { kind: 'failed' }>): Finding {
  const name = nameOf(url);
  const { fault, reason, code } = probe;
  const way = url.transport === 'udp' ? 'UDP' : 'TCP';
  const advice: Readonly<Record<TurnFault, string>> = {
    unreachable: `Is the name right, is it running, and is ${way} port ${url.port} open in its firewall?`,
    silent: `Is it running, and is ${way} port ${url.port} open in its firewall, and in the one here?`,
    certificate: 'Browsers refuse it as well: renew its certificate (cert and pkey of coturn), for that very name.',
    garbled: 'Is that the right port? turn: is for the plain one (3478), turns: for the one with TLS (5349).',
    refused: refusedAdvice(code, { login, source }),
  };
  return fail(`${name} ${fault === 'refused' ? 'refuses' : 'cannot be used'}: ${reason}`, advice[fault]);
}

function refusedAdvice(code: number | undefined, { login, source }: Pick<IceServerUrl, 'login' | 'source'>): string {
  if (code === 486) return 'Its quota is used up: raise user-quota, total-quota or bps-capacity of coturn.';
  if (code !== 401) return 'Look into its log.';
  if (login === 'timed') {
    return `Is the secret of ${source} its static-auth-secret, and does its clock go right? It needs use-auth-secret.`;
  }
  if (login === 'none') return `It wants a login: set turn_secret, or username and credential, in ${source}.`;
  return `Are username and credential of ${source} a user of its (user=NAME:PASSWORD, lt-cred-mech)?`;
}

function door({ url, login, source }: IceServerUrl, isOpenToAnybody: boolean): readonly Finding[] {
  const name = nameOf(url);
  if (isOpenToAnybody) {
    return [fail(`${name} relays for anybody, without a login`, 'Give coturn use-auth-secret and static-auth-secret.')];
  }
  if (login === 'timed') return [ok(`${name} lets us in, with a login that is good for a while`)];
  const advice = 'Give coturn use-auth-secret and static-auth-secret, and set turn_secret in [ice] in its place.';
  return [warn(`${name} lets us in, with a password that every visitor learns (${source})`, advice)];
}

function relaying(name: string, reached: readonly RelayedTo[]): readonly Finding[] {
  if (reached.length === 0) return [];
  const of = (outcome: RelayedTo['outcome']) => reached.filter((each) => each.outcome === outcome);
  const list = (some: readonly RelayedTo[]) => some.map(({ address }) => address).join(', ');
  const [arrived, permitted, forbidden] = [of('arrived'), of('permitted'), of('forbidden')];
  if (arrived.length > 0) return [ok(`${name} relays to this machine (${list(arrived)})`)];
  if (permitted.length > 0) return [ok(`${name} may relay to ${list(permitted)}; not tried, as Parlour has the port`)];
  if (forbidden.length > 0) {
    const advice = `Add to /etc/turnserver.conf: ${forbidden.map(({ address }) => `allowed-peer-ip=${address}`).join(', ')}`;
    return [fail(`${name} refuses to relay to Parlour’s own address (${list(forbidden)})`, advice)];
  }
  const advice = 'Open the UDP port of [media] for it in the firewall, and on the way between the two.';
  return [fail(`what ${name} relays to this machine (${list(reached)}) does not arrive`, advice)];
}

function inwards(name: string, inward: readonly string[]): readonly Finding[] {
  if (inward.length === 0) return [ok(`${name} relays into no private network`)];
  const advice = 'Anybody in a room can reach into that network: add the denied-peer-ip lines of docs/operations.md.';
  return [warn(`${name} would relay to private addresses (${inward.join(', ')})`, advice)];
}
