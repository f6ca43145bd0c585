import { newSecret } from '../auth/secrets.ts';
import { WebsiteTokens } from '../auth/website-tokens.ts';
import type { Config } from '../config/config.ts';
import type { HubLog } from '../hub/services.ts';
import type { Storage } from '../storage/port.ts';
import { TextFiles } from '../transcripts/text-files.ts';
import type { Website } from '../website/port.ts';
import { Webhooks } from '../website/webhooks.ts';

export function newHexSecret(): string {
  return Buffer.from(newSecret(32), 'base64url').toString('hex');
}

/** With the website's secret, or one of our own: a token that the server made itself must be good in any case. */
export async function tokensOfWebsite(storage: Storage, { tokens }: Config): Promise<WebsiteTokens> {
  const secret = tokens.secret.trim() === '' ? await storage.secret('website tokens', newHexSecret) : tokens.secret;
  return new WebsiteTokens({ secret, algorithm: tokens.algorithm, now: Date.now });
}

export function webhooks({ webhooks: hooks, website }: Config, log: HubLog): Website {
  const { report, profile, timeoutSeconds } = hooks;
  const timeoutMs = timeoutSeconds * 1000;
  return new Webhooks({ report, profile, apiKey: website.apiKey, timeoutMs, log, now: Date.now });
}

/** Whichever webhooks are configured at the time. */
export function liveWebsite(live: { readonly website: Website }): Website {
  return {
    get takesReports() {
      return live.website.takesReports;
    },
    get hasProfiles() {
      return live.website.hasProfiles;
    },
    report: (report) => live.website.report(report),
    profile: (username) => live.website.profile(username),
    close: () => live.website.close(),
  };
}

export function transcriptFiles({ transcripts }: Config, log: HubLog): TextFiles | undefined {
  const { folder, channels, usernames } = transcripts;
  return folder === undefined ? undefined : new TextFiles({ folder, channels, usernames, log, now: Date.now });
}
