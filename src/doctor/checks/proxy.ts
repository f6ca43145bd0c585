import { type Finding, fail, ok, skip, warn } from '../finding.ts';

/** What came of asking for our pages by the address that people use. */
export type ProxyFacts =
  | { readonly kind: 'not-running' }
  | { readonly kind: 'no-url' }
  | {
      readonly kind: 'asked';
      readonly url: string;
      /** Of /healthz: `parlour`, or what is wrong. */
      readonly pages: 'parlour' | { readonly problem: string };
      /** Of a WebSocket from a page of that address. */
      readonly socket: 'open' | { readonly status?: number; readonly problem: string };
      /** A Host that Parlour was asked for, in the place of the one that people use. */
      readonly foreignHost?: string;
      readonly areMetricsOpen: boolean;
    };

export function proxyFindings(facts: ProxyFacts): readonly Finding[] {
  if (facts.kind === 'no-url') return [];
  if (facts.kind === 'not-running') {
    return [skip('Parlour is not running: start it, and run this again, to try it by its public address')];
  }
  const { url, pages, socket } = facts;
  if (pages !== 'parlour') {
    const advice =
      'Does the name lead to this machine, and the proxy to Parlour’s port? Some routers do not lead back in: try from elsewhere, too.';
    return [fail(`${url} does not lead to Parlour: ${pages.problem}`, advice)];
  }
  return [ok(`${url} leads to Parlour`), socketFinding(url, socket), ...host(facts), ...metrics(facts)];
}

type Asked = Extract<ProxyFacts, { kind: 'asked' }>;

function socketFinding(url: string, socket: Asked['socket']): Finding {
  if (socket === 'open') return ok('WebSockets come through');
  const advice =
    socket.status === 403
      ? 'The origin of pages is refused: is public_url exactly what people type?'
      : 'Have the proxy pass on the Upgrade and Connection headers (docs/operations.md, "Behind a proxy").';
  return fail(`WebSockets do not come through ${url}: ${socket.problem}`, advice);
}

function host({ foreignHost }: Asked): readonly Finding[] {
  if (foreignHost === undefined) return [ok('the proxy passes Host on, or there is none')];
  const advice = 'Have it do so, for nginx: proxy_set_header Host $http_host;';
  return [warn(`the proxy does not pass Host on, but says ${foreignHost}: pages of other names are refused`, advice)];
}

function metrics({ areMetricsOpen, url }: Asked): readonly Finding[] {
  if (!areMetricsOpen) return [];
  return [warn(`${url}/metrics is open to everybody`, 'Close it at the proxy (docs/operations.md, "Behind a proxy").')];
}
