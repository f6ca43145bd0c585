import type { AdministratorProof } from '../../../core/administration.ts';

/** What `Authorization` says, by Basic or Bearer; nothing where it says neither. */
export function proofIn(authorization: string | undefined): AdministratorProof | undefined {
  const [, scheme = '', value = ''] = /^(basic|bearer) +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (scheme === '') return undefined;
  if (scheme.toLowerCase() === 'bearer') return { kind: 'token', token: value };
  const [, username, password] = /^([^:]*):(.*)$/s.exec(decode(value)) ?? [];
  return username === undefined || password === undefined ? undefined : { kind: 'password', username, password };
}

/** Pages that make it by `btoa` write Latin-1, programs write UTF-8. */
function decode(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
