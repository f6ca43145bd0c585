import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';

/** Throws `ConfigError` where it cannot be made. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in its place' : code;
    throw new ConfigError(`data: the folder ${path} cannot be made: ${reason}`);
  }
}

/** Throws `ConfigError` where the two cannot be read, are no PEM, or do not belong together. */
export function readTls(files: NonNullable<Config['tls']>): { readonly cert: string; readonly key: string } {
  try {
    const tls = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
    createSecureContext(tls);
    return tls;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`tls: ${files.cert} and ${files.key} cannot be used: ${reason}`);
  }
}

/** The port; any free one where 0 is configured. */
export async function listen(app: FastifyInstance, config: Config): Promise<number> {
  await app.listen({ port: config.port, host: config.host ?? '::' }).catch(async (error: NodeJS.ErrnoException) => {
    // Without IPv6 there is no "::" to listen on.
    if (config.host !== undefined || (error.code !== 'EAFNOSUPPORT' && error.code !== 'EADDRNOTAVAIL')) throw error;
    await app.listen({ port: config.port, host: '0.0.0.0' });
  });
  return (app.server.address() as AddressInfo).port;
}

/** Where people on this machine reach it. */
export function localUrl(config: Config, port: number): string {
  const everywhere = config.host === undefined || config.host === '0.0.0.0' || config.host === '::';
  const host = everywhere ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${config.tls ? 'https' : 'http'}://${host}:${port}`;
}
