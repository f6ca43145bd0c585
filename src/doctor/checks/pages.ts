import { isIP } from 'node:net';
import { isPublic } from '../address-kind.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

export interface PagesFacts {
  readonly publicUrl?: string;
  readonly hasTls: boolean;
  readonly host?: string;
  readonly trustProxy: boolean;
}

/** Whether browsers give cameras and microphones to our pages, and what a proxy in front needs. */
export function pagesFindings(facts: PagesFacts): readonly Finding[] {
  const { publicUrl, hasTls } = facts;
  if (publicUrl === undefined) {
    const advice = 'Set public_url to the address that people use, such as "https://chat.example.org".';
    return [warn('public_url is not set, so links and certificates cannot be checked', advice), ...plain(hasTls)];
  }
  const url = URL.parse(publicUrl);
  if (!url) return [fail(`public_url ${publicUrl} is no address`, 'Write it as "https://chat.example.org".')];
  return [secure(url), ...path(url), ...behindProxy(url, facts)];
}

function plain(hasTls: boolean): readonly Finding[] {
  if (hasTls) return [];
  const advice = 'Set [tls], or put a proxy with HTTPS in front (docs/operations.md).';
  return [warn('without HTTPS, cameras work on http://localhost alone', advice)];
}

function secure({ protocol, hostname }: URL): Finding {
  if (protocol === 'https:') return ok('pages come over HTTPS, so browsers give them cameras');
  if (isLoopback(hostname)) return ok('pages come from localhost, so browsers give them cameras');
  const advice = 'Set [tls] or put a proxy with HTTPS in front, and make public_url begin with https://.';
  return fail('pages come over plain HTTP: no browser gives them a camera', advice);
}

function path({ pathname }: URL): readonly Finding[] {
  if (pathname === '/') return [];
  return [fail(`public_url has the path ${pathname}`, 'Parlour needs a host name of its own: take the path away.')];
}

function behindProxy({ protocol }: URL, { hasTls, trustProxy, host }: PagesFacts): readonly Finding[] {
  if (protocol !== 'https:' || hasTls) return [];
  const findings: Finding[] = [];
  if (!trustProxy) {
    const advice = 'Set trust_proxy = true, and have the proxy set X-Forwarded-For.';
    findings.push(warn('behind a proxy everybody seems to come from one address, so limits and bans hit all', advice));
  }
  if (trustProxy && (host === undefined || (isIP(host) !== 0 && isPublic(host)))) {
    const advice = 'Set host = "127.0.0.1" where the proxy runs on this machine, or close the port in the firewall.';
    findings.push(warn('who reaches Parlour past the proxy can claim to come from any address', advice));
  }
  return findings;
}

export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/i.test(hostname);
}
