import type { SessionCommand } from '../core/command.ts';
import { channelName, withContext } from '../core/filtering.ts';
import type { Message } from '../core/message.ts';
import type { Report } from '../core/report.ts';
import type { Asker } from './asking.ts';
import type { Answer, HubContext, HubServices } from './services.ts';

type ReportCommand = Extract<SessionCommand, { type: 'report' }>;

/** What clients say of no channel in particular (`spec/barertc.md` 1.9.14). */
const NO_CHANNEL = 'n/a';
const MAX_REPORT_LENGTH = 20_000;

/** `spec/barertc.md` 1.9.14. The website's answer is not waited for: whoever reported goes on meanwhile. */
export function report(hub: HubContext, asker: Asker, answer: Answer, command: ReportCommand): void {
  const { session, member, place } = asker;
  if (!hub.website.takesReports) {
    hub.refuse(session, answer, { code: 'reports-off' });
    return;
  }
  const { target, about, timestamp, reason, text, comment } = command;
  const context = target?.kind === 'member' ? place.room.recentIn(member.id, target) : [];
  hub.website
    .report({
      from: member.name,
      about,
      channel: target ? channelName(target) : NO_CHANNEL,
      timestamp,
      reason,
      message: withContext(text, context).slice(0, MAX_REPORT_LENGTH),
      comment,
    })
    .then(
      () => hub.accept(session, answer, { kind: 'done' }),
      () => hub.refuse(session, answer, { code: 'report-failed' }),
    )
    .catch((error: unknown) => session.failed(error));
}

/** What the server found by itself. That it could not be delivered is in the log by then. */
export function sendReport({ website }: Pick<HubServices, 'website'>, found: Report): void {
  if (!website.takesReports) return;
  const { from, about, channel, at, reason, text, comment } = found;
  website
    .report({ from, about, channel, timestamp: new Date(at).toISOString(), reason, message: text, comment })
    .catch(() => {});
}

/** What was said, for the record; not what only its author sees. */
export function transcribe({ transcripts }: Pick<HubServices, 'transcripts'>, message: Message): void {
  if (!transcripts || message.shadow || message.body.kind !== 'text') return;
  const { author, recipient, target, at } = message;
  const { text } = message.body;
  if (recipient) transcripts.write({ kind: 'direct', author: author.name, recipient: recipient.name, text, at });
  else if (target.kind === 'channel')
    transcripts.write({ kind: 'channel', channel: target.channel, author: author.name, text, at });
}

export async function reconfigure(hub: HubContext, { session }: Asker, answer: Answer): Promise<void> {
  try {
    await hub.reconfigure();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return hub.refuse(session, answer, { code: 'settings-invalid', detail });
  }
  hub.accept(session, answer, { kind: 'done' });
}

/** Everybody is told first; their clients come back when the server does. */
export async function shutDown(hub: HubContext, { session, place, member }: Asker, answer: Answer): Promise<void> {
  await place.room.administer({ type: 'announce', text: `The server is being restarted by ${member.name}.` });
  hub.accept(session, answer, { kind: 'done' });
  hub.shutDown();
}
