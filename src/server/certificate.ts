import { unwatchFile, watchFile } from 'node:fs';
import type { SecureContextOptions } from 'node:tls';
import type { Config } from '../config/config.ts';
import type { HubLog } from '../hub/services.ts';
import { readTls } from './listening.ts';

/** Certificates are renewed by other programs, every few weeks. */
const LOOK_MS = 5000;

export interface CertificateOptions {
  readonly files: NonNullable<Config['tls']>;
  /** Of those who connect from now on. */
  use(context: Pick<SecureContextOptions, 'cert' | 'key'>): void;
  readonly log: HubLog;
}

/**
 * Takes over the certificate and the key when they were changed. Of two that do not belong together, as while one of
 * them is not written yet, neither: what was there stays in use. Returns what ends that.
 */
export function followCertificate({ files, use, log }: CertificateOptions): () => void {
  const both = [files.cert, files.key];
  const read = (): void => {
    try {
      use(readTls(files));
      log.info({ file: files.cert }, 'the certificate was read again');
    } catch (error) {
      log.warn({ problem: error instanceof Error ? error.message : String(error) }, 'the certificate of before stays');
    }
  };
  for (const file of both) watchFile(file, { interval: LOOK_MS, persistent: false }, read);
  return () => {
    for (const file of both) unwatchFile(file, read);
  };
}
