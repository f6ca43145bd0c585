import { isIP } from 'node:net';
import { isPublic } from '../address-kind.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';
import { isLoopback } from './pages.ts';

/** Where browsers are told to send their streams. */
export interface MediaFacts {
  /** Of the host candidates, announced ones too; or why there are none. */
  readonly told: readonly string[] | { readonly problem: string };
  /** Of `[media]`. */
  readonly announced: readonly string[];
  readonly port: number;
  /** UDP ports that streams are bound to; where any will do, those of the port that is proposed. */
  readonly ports: readonly number[];
  readonly publicHost?: string;
  /** What its name leads to. */
  readonly publicAddresses: readonly string[];
  readonly relayOnly: boolean;
}

/** For whom any port will do, and one has to be named. */
export const PROPOSED_PORT = 20_000;

export function mediaFindings(facts: MediaFacts): readonly Finding[] {
  const { told, announced } = facts;
  const odd = announced.filter((address) => isIP(address) === 0);
  const oddities = odd.map((address) =>
    fail(`[media] addresses has "${address}", which is no IP address`, 'Write the address itself, not a name.'),
  );
  if (!('length' in told)) {
    const advice = 'Run npm ci again; it brings the part that handles media for this kind of machine.';
    return [...oddities, fail(`streams cannot be forwarded: ${told.problem}`, advice)];
  }
  return [...oddities, ok('the process that forwards streams starts'), ...reachable(facts, told)];
}

function reachable(facts: MediaFacts, told: readonly string[]): readonly Finding[] {
  if (facts.relayOnly) return [ok('streams go through the TURN servers alone (galene.relay_only)')];
  if (told.length === 0) {
    return [fail('browsers are told no address for streams', 'Give this machine a network, or set [media] addresses.')];
  }
  const list = told.map((address) => `${address}${isPublic(address) ? '' : ' (private)'}`).join(', ');
  const said = ok(`browsers are told to send streams to ${list}`);
  return [said, ...ports(facts), ...fromOutside(facts, told)];
}

function ports({ port, ports: numbers, announced }: MediaFacts): readonly Finding[] {
  if (announced.length === 0 || port !== 0) return [];
  const advice = `Set [media] port = ${PROPOSED_PORT}, and have the router pass ${named(numbers)} on, under the same numbers.`;
  return [fail('[media] addresses is set and port is not: no router passes on ports that change', advice)];
}

function fromOutside(facts: MediaFacts, told: readonly string[]): readonly Finding[] {
  const { publicHost, publicAddresses } = facts;
  if (publicHost === undefined || isLoopback(publicHost)) return [];
  const outside = publicAddresses.filter(isPublic);
  if (outside.length === 0) return [];
  if (!told.some(isPublic)) {
    const what = `${publicHost} is ${outside[0]} to the world, but streams are to go to private addresses: nobody outside reaches those`;
    return [fail(what, portForwarding(outside[0] ?? '', facts))];
  }
  if (outside.some((address) => told.includes(address))) return [];
  const advice = 'Right where a proxy elsewhere has the pages. If not, set [media] addresses to the public address.';
  return [warn(`pages are at ${outside.join(', ')}, streams elsewhere`, advice)];
}

function portForwarding(address: string, { port, ports: numbers }: MediaFacts): string {
  const number = port === 0 ? `port = ${PROPOSED_PORT} and ` : '';
  return `Set ${number}addresses = ["${address}"] in [media], and have the router pass ${named(numbers)} on to this machine, under the same numbers.`;
}

/** They follow each other. */
function named(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)];
  return first === last ? `UDP port ${first}` : `UDP ports ${first} to ${last}`;
}
