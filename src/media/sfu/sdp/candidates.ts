import { BlockList, isIP } from 'node:net';
import type { Candidate } from '../../../core/stream.ts';

/** A remote candidate that we can use, read from what browsers write. */
export interface UsableCandidate {
  /** `candidate:` and what follows. */
  readonly line: string;
  /** Of which generation of the transport it is, where that is known. */
  readonly ufrag: string | undefined;
  /** Whether it is a TURN server's. */
  readonly isRelay: boolean;
}

const LONGEST = 512;

/**
 * Undefined for what is of no use: the end of candidates, TCP, names instead of addresses (mDNS: who has them is found
 * by their own checks, `spec/galene.md` 2.5), and what cannot be read. Names are never looked up.
 */
export function usableCandidate({ candidate, usernameFragment }: Candidate): UsableCandidate | undefined {
  if (candidate.length > LONGEST) return undefined;
  const line = candidate.trim().replace(/^a=/, '');
  const [, transport = '', address = '', port = '', type] =
    /^candidate:[\w+/-]{1,32} [12] (\w{3}) \d{1,10} (\S{2,64}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/.exec(
      line,
    ) ?? [];
  if (transport.toLowerCase() !== 'udp' || !isSomebody(address)) return undefined;
  if (Number(port) < 1 || Number(port) > 65_535 || /[^ -~]/.test(line)) return undefined;
  return { line, ufrag: usernameFragment ?? / ufrag (\S{1,256})/.exec(line)?.[1], isRelay: type === 'relay' };
}

/**
 * Whoever says a candidate has us send a few small packets there. Private addresses are those of people in our own
 * network; what is nobody's in particular is refused.
 */
const NOBODY = new BlockList();
NOBODY.addSubnet('0.0.0.0', 8, 'ipv4');
NOBODY.addSubnet('224.0.0.0', 3, 'ipv4');
NOBODY.addAddress('::', 'ipv6');
NOBODY.addSubnet('ff00::', 8, 'ipv6');

function isSomebody(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !NOBODY.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** A local host candidate again, by the side door's port: after all others of its kind in preference (RFC 8445 5.1.2). */
export function sideDoorCandidate(line: string, port: number): string {
  const parts = line.split(' ');
  parts[0] = `candidate:${parts[4]?.includes(':') ? 201 : 200}`;
  parts[3] = String(126 * 2 ** 24 + 255);
  parts[5] = String(port);
  return parts.join(' ');
}

/** A local candidate again for other addresses that lead to us: with the same port, right after it in preference. */
export function announced(line: string, addresses: readonly string[]): readonly string[] {
  const parts = line.split(' ');
  const [, , transport = '', priority = '', address = ''] = parts;
  if (!line.includes(' typ host') || transport.toLowerCase() !== 'udp') return [];
  return addresses
    .filter((other) => isIP(other) === isIP(address) && other !== address)
    .map((other, index) => {
      const copy = [...parts];
      copy[0] = `candidate:${100 + index}`;
      copy[3] = String(Math.max(1, Number(priority) - 1 - index));
      copy[4] = other;
      return copy.join(' ');
    });
}
