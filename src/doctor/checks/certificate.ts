import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Finding, fail, ok, warn } from '../finding.ts';

export interface CertificateFacts {
  /** PEM: the certificate, and those that lead to its authority. */
  readonly cert: string;
  readonly key: string;
  /** Of `public_url`, where there is one. */
  readonly host?: string;
  readonly now: number;
  /** Those that everybody knows, PEM. */
  readonly authorities: readonly string[];
}

const DAY = 86_400_000;
const RENEW = 'Renew it, and restart Parlour: it reads the files at the start.';

export function certificateFindings(facts: CertificateFacts): readonly Finding[] {
  const chain = certificatesIn(facts.cert);
  const [own] = chain;
  if (!own) return [fail('[tls] cert has no certificate that can be read', 'Name the file fullchain.pem, in PEM.')];
  return [
    keyFinding(own, facts.key),
    timeFinding(own, facts.now),
    nameFinding(own, facts.host),
    chainFinding(chain, facts),
  ].flat();
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

function keyFinding(own: X509Certificate, key: string): readonly Finding[] {
  const fits = (() => {
    try {
      return own.checkPrivateKey(createPrivateKey(key));
    } catch {
      return false;
    }
  })();
  return fits
    ? []
    : [fail('[tls] key is not the key of the certificate', 'Name the two files that were made together.')];
}

function timeFinding(own: X509Certificate, now: number): Finding {
  const days = Math.floor((own.validToDate.getTime() - now) / DAY);
  if (own.validFromDate.getTime() > now) {
    return fail('the certificate is not valid yet', 'Set the clock of this machine, or wait.');
  }
  if (days < 0) return fail(`the certificate expired on ${own.validTo}`, RENEW);
  if (days < 14) return warn(`the certificate expires in ${days} days`, RENEW);
  return ok(`the certificate is good for ${days} days`);
}

function nameFinding(own: X509Certificate, host: string | undefined): readonly Finding[] {
  if (host === undefined) return [];
  const bare = host.replace(/^\[|\]$/g, '');
  const fits = isIP(bare) === 0 ? own.checkHost(bare) : own.checkIP(bare);
  if (fits) return [ok(`the certificate is for ${host}`)];
  const names = own.subjectAltName ?? own.subject;
  return [fail(`the certificate is not for ${host}, but for ${names}`, 'Get one for the name that people use.')];
}

/** Browsers that have been elsewhere may know what is missing; phones and other programs do not. */
function chainFinding(chain: readonly X509Certificate[], { authorities }: CertificateFacts): Finding {
  const last = chain.reduce((top, each) => (top.checkIssued(each) && top !== each ? each : top));
  if (last.checkIssued(last) && chain.length === 1) {
    const advice = 'People are warned of it. Get one from an authority that browsers know, such as Let’s Encrypt.';
    return warn('the certificate is signed by itself', advice);
  }
  const isKnown = authorities.some((pem) => {
    const [authority] = certificatesIn(pem);
    return authority !== undefined && (last.checkIssued(authority) || last.fingerprint256 === authority.fingerprint256);
  });
  if (isKnown) return ok('its chain leads to an authority that browsers know');
  return warn(
    'its chain leads to no authority that browsers know',
    'Name the file with the whole chain, fullchain.pem.',
  );
}
