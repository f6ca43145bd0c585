import type { TextKey } from '../../i18n/t.ts';

/** What the browser and the network allow, as far as it was found out. */
export interface CheckFacts {
  readonly isSecure: boolean;
  readonly camera: DeviceState;
  readonly microphone: DeviceState;
  /** Milliseconds to the server and back; undefined where no WebSocket came about. */
  readonly socketMs: number | undefined;
  readonly network: NetworkFacts;
  /** By ways to the relay; empty where the server names none. */
  readonly relays: readonly RelayFacts[];
}

export type DeviceState = 'granted' | 'ask' | 'denied' | 'missing';

export interface NetworkFacts {
  /** Whether the browser shows any address at all. */
  readonly hasHost: boolean;
  /** Whether packets leave the network; unknown where there is no server to say so. */
  readonly udp: 'open' | 'blocked' | 'unknown';
}

export interface RelayFacts {
  readonly way: 'udp' | 'tcp' | 'tls';
  /** Milliseconds there and back, through the relay; undefined where nothing came through. */
  readonly loopMs: number | undefined;
}

export interface CheckFinding {
  readonly id: string;
  readonly level: 'good' | 'note' | 'bad';
  readonly text: TextKey;
  readonly advice?: TextKey;
  readonly values?: Readonly<Record<string, string | number>>;
}

export function checkFindings(facts: CheckFacts): readonly CheckFinding[] {
  return [
    secure(facts.isSecure),
    ...(facts.isSecure ? [device('camera', facts.camera), device('microphone', facts.microphone)] : []),
    socket(facts.socketMs),
    udp(facts),
    ...facts.relays.map(relay),
    verdict(facts),
  ];
}

function secure(isSecure: boolean): CheckFinding {
  if (isSecure) return { id: 'secure', level: 'good', text: 'check.secure' };
  return { id: 'secure', level: 'bad', text: 'check.insecure', advice: 'check.insecure-advice' };
}

function device(kind: 'camera' | 'microphone', state: DeviceState): CheckFinding {
  const id = kind;
  if (state === 'granted') return { id, level: 'good', text: `check.${kind}-granted` };
  if (state === 'ask') return { id, level: 'note', text: `check.${kind}-ask`, advice: 'check.ask-advice' };
  if (state === 'missing') return { id, level: 'note', text: `check.${kind}-missing`, advice: 'check.missing-advice' };
  return { id, level: 'bad', text: `check.${kind}-denied`, advice: 'check.denied-advice' };
}

function socket(ms: number | undefined): CheckFinding {
  const id = 'socket';
  if (ms === undefined) return { id, level: 'bad', text: 'check.socket-closed', advice: 'check.socket-advice' };
  const values = { ms: Math.round(ms) };
  if (ms < 300) return { id, level: 'good', text: 'check.socket', values };
  return { id, level: 'note', text: 'check.socket-slow', advice: 'check.slow-advice', values };
}

function isUdpOpen({ network, relays }: CheckFacts): boolean {
  return network.udp === 'open' || relays.some(({ way, loopMs }) => way === 'udp' && loopMs !== undefined);
}

function udp(facts: CheckFacts): CheckFinding {
  const id = 'udp';
  const { network } = facts;
  if (isUdpOpen(facts)) return { id, level: 'good', text: 'check.udp' };
  if (network.udp === 'blocked') return { id, level: 'note', text: 'check.no-udp', advice: 'check.no-udp-advice' };
  if (network.hasHost) return { id, level: 'note', text: 'check.udp-unknown', advice: 'check.udp-unknown-advice' };
  return { id, level: 'bad', text: 'check.no-network', advice: 'check.no-network-advice' };
}

const WAYS = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const;

function relay({ way, loopMs }: RelayFacts): CheckFinding {
  const id = `relay-${way}`;
  const values = { way: WAYS[way], ms: Math.round(loopMs ?? 0) };
  if (loopMs !== undefined) return { id, level: 'good', text: 'check.relay', values };
  return { id, level: 'note', text: 'check.no-relay', advice: 'check.no-relay-advice', values };
}

/** What it comes to. */
function verdict(facts: CheckFacts): CheckFinding {
  const id = 'verdict';
  const { isSecure, camera, socketMs, network, relays } = facts;
  if (!isSecure || socketMs === undefined) return { id, level: 'bad', text: 'check.verdict-none' };
  const isRelayed = relays.some(({ loopMs }) => loopMs !== undefined);
  if (isRelayed || isUdpOpen(facts)) {
    return { id, level: camera === 'denied' ? 'note' : 'good', text: 'check.verdict-good' };
  }
  // Straight to a server with a public address it may work where no other server was asked.
  if (network.udp === 'blocked' || !network.hasHost) {
    return { id, level: 'bad', text: 'check.verdict-blocked', advice: 'check.verdict-blocked-advice' };
  }
  return { id, level: 'note', text: 'check.verdict-likely' };
}
