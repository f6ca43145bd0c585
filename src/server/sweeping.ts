import type { Config } from '../config/config.ts';
import type { HubLog } from '../hub/services.ts';
import type { Storage } from '../storage/port.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Images that were uploaded and never posted are kept this long. */
const UNPOSTED_IMAGE_MS = HOUR;

/** Once now, and then every hour: images that nobody posted, and messages that are older than they may become. */
export function sweepHourly(
  storage: Storage,
  { live, log }: { readonly live: { readonly config: Config }; readonly log: HubLog },
): () => void {
  const sweep = () => void sweepStorage(storage, { config: live.config, log });
  sweep();
  const sweeper = setInterval(sweep, HOUR);
  sweeper.unref();
  return () => clearInterval(sweeper);
}

async function sweepStorage(
  storage: Storage,
  { config, log }: { readonly config: Config; readonly log: HubLog },
): Promise<void> {
  const { directDays, channelDays } = config.messages;
  const now = Date.now();
  try {
    await storage.expireMessages({
      ...(directDays > 0 ? { direct: now - directDays * DAY } : {}),
      ...(channelDays > 0 ? { channels: now - channelDays * DAY } : {}),
    });
    await storage.sweepAttachments(now - UNPOSTED_IMAGE_MS);
  } catch (error) {
    log.error({ err: error }, 'what is too old could not be removed');
  }
}
