import type { Config } from '../config/config.ts';
import type { IceServer } from '../dialects/dialect.ts';
import type { HubLog } from '../hub/services.ts';

const API = 'https://api.twilio.com';
/** Their logins are good for a day. */
const REFRESH_MS = 6 * 3_600_000;
const RETRY_MS = 5 * 60_000;
const TIMEOUT_MS = 10_000;

/** Twilio's STUN and TURN servers, asked for beforehand: nobody waits for them. Owned by the composition root. */
export class TwilioIce {
  readonly #options: { readonly twilio: Config['ice']['twilio']; readonly log: HubLog; readonly api: string };
  /** Resolves when they were asked for the first time, whatever came of it. */
  readonly asked: Promise<void>;
  #servers: readonly IceServer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: { readonly twilio: Config['ice']['twilio']; readonly log: HubLog; readonly api?: string }) {
    this.#options = { api: API, ...options };
    const { accountSid, authToken } = options.twilio;
    const isSet = accountSid !== undefined && authToken !== undefined;
    this.asked = isSet ? this.#refresh(accountSid, authToken) : Promise.resolve();
  }

  get servers(): readonly IceServer[] {
    return this.#servers;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #refresh(accountSid: string, authToken: string): Promise<void> {
    let nextMs = REFRESH_MS;
    try {
      this.#servers = await this.#ask(accountSid, authToken);
    } catch (error) {
      nextMs = RETRY_MS;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.warn({ reason }, 'Twilio did not say which STUN and TURN servers to use');
    }
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#refresh(accountSid, authToken), nextMs);
    this.#timer.unref();
  }

  async #ask(accountSid: string, authToken: string): Promise<readonly IceServer[]> {
    const { api, twilio } = this.#options;
    const login = Buffer.from(`${twilio.keySid ?? accountSid}:${authToken}`).toString('base64');
    const answer = await fetch(`${api}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Tokens.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${login}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { ice_servers: listed } = (await answer.json()) as { readonly ice_servers?: unknown };
    if (!Array.isArray(listed)) throw new Error('there is no list in the answer');
    return listed.flatMap(serverIn);
  }
}

function serverIn(item: unknown): IceServer[] {
  const { urls, url, username, credential } = (item ?? {}) as Readonly<Record<string, unknown>>;
  const list = [urls ?? url].flat().filter((one): one is string => typeof one === 'string');
  if (list.length === 0) return [];
  return [
    {
      urls: list,
      ...(typeof username === 'string' ? { username } : {}),
      ...(typeof credential === 'string' ? { credential } : {}),
    },
  ];
}
