import { authorization, type Credentials } from './galenectl.ts';
import type { Definition, Installation } from './installation.ts';

export const ROOT = { username: 'root', password: 'hunter2' };
/** Where somebody else's page to manage groups is. */
export const FRIEND = 'https://admin.example.org';
export const CONFIG: Definition = {
  users: { root: { password: 'hunter2', permissions: 'admin' }, mere: { password: 'x', permissions: 'op' } },
  writableGroups: true,
  allowAdminOrigin: [FRIEND],
};
export const JSON_TYPE = { 'content-type': 'application/json' };

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Blob;
  /** Root unless said; nobody where null. */
  readonly as?: Credentials | null;
  /** Another installation than the usual one. */
  readonly on?: Installation;
}

/** Requests of the management API, by their paths below `/galene-api/v0`. */
export function managing(usual: () => Installation) {
  const ask = (method: string, path: string, { headers, body, as = ROOT, on = usual() }: Ask = {}): Promise<Response> =>
    on.fetch(`/galene-api/v0${path}`, {
      method,
      headers: { ...headers, ...(as ? { authorization: authorization(as) } : {}) },
      ...(body === undefined ? {} : { body }),
    });
  const put = (path: string, value: unknown, more: Ask = {}): Promise<Response> =>
    ask('PUT', path, { ...more, headers: { ...JSON_TYPE, ...more.headers }, body: JSON.stringify(value) });
  /** Rejects where it cannot be read. */
  const json = async (path: string, on = usual()): Promise<unknown> => {
    const response = await ask('GET', path, { on });
    if (response.status !== 200) throw new Error(`${path} is ${response.status}.`);
    return response.json();
  };
  return { ask, put, json };
}

export async function status(response: Promise<Response>): Promise<number> {
  return (await response).status;
}
