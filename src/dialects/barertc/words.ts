import type { CommandType } from '../../core/command.ts';
import { type Refusal, type RefusalCode, refusalText } from '../../core/errors.ts';
import type { Event, Result } from '../../core/event.ts';
import type { DialectSettings, Frame } from '../dialect.ts';
import { errorFrame, type Words } from './frames.ts';
import { escapeHtml } from './markup.ts';

/** What the server says in `error` frames: this wire has no codes, its clients show words. */

export function relationText(event: Extract<Event, { type: 'relation-noticed' }>): string {
  if (event.kind === 'mute') return `${event.by} has ${event.on ? 'muted' : 'unmuted'} you!`;
  return event.on ? `${event.by} has booted you off of their camera!` : `${event.by} has let you back on their camera.`;
}

/** In the operator's own words, where there are some; these are trusted. */
export function refusalWords(refusal: Refusal, { ruleTexts }: Pick<DialectSettings, 'ruleTexts'>): Words {
  if (refusal.code === 'filtered') return { markdown: refusal.detail ?? refusalText(refusal) };
  const rule = RULES_OF_CODES[refusal.code];
  const html = rule === undefined ? '' : ruleTexts[rule];
  return html === '' ? { text: refusalText(refusal) } : { html };
}

const RULES_OF_CODES: Partial<Record<RefusalCode, keyof DialectSettings['ruleTexts']>> = {
  'rule-no-video': 'no-video',
  'rule-no-broadcast': 'no-broadcast',
  'rule-no-image': 'no-image',
};

export function markedWords(
  event: Extract<Event, { type: 'camera-marked' }>,
  { ruleTexts }: Pick<DialectSettings, 'ruleTexts'>,
): Words {
  const html = ruleTexts['camera-explicit'];
  return event.rule && html !== '' ? { html } : { text: markedText(event) };
}

function markedText(event: Extract<Event, { type: 'camera-marked' }>): string {
  if (event.rule) return 'Your camera has been marked as explicit, as is the rule for your account.';
  const who = event.by === undefined ? 'An operator' : `@${event.by}`;
  return `${who} has marked your camera as explicit. Please mark it yourself next time you share such content.`;
}

/** Operators are told in words what their command did; everybody else sees it happen. */
export function accepted(command: CommandType, result: Result): Frame[] {
  if (result.kind === 'bans') return [errorFrame({ html: banList(result.bans) })];
  const text = confirmation(command, result);
  return text === undefined ? [] : [errorFrame({ text })];
}

function confirmation(command: CommandType, result: Result): string | undefined {
  const name = result.kind === 'about' ? result.name : '';
  switch (command) {
    case 'kick':
      return `${name} has been kicked from the room.`;
    case 'ban':
    case 'ban-addresses':
      return `${name} has been banned${result.kind === 'about' && result.detail ? ` until ${result.detail}` : ''}.`;
    case 'unban':
      return `${name} is no longer banned.`;
    case 'cut-camera':
      return `The camera of ${name} has been turned off.`;
    case 'set-operator':
      return `The operator rights of ${name} have been changed.`;
    case 'mark-explicit':
      return `The camera of ${name} is now marked as explicit.`;
    case 'report':
      return 'Thank you: your report has been delivered.';
    case 'reconfigure':
      return 'The settings have been read again.';
    case 'shut-down':
      return 'The server is being restarted.';
    case 'unmute-all':
      return `${result.kind === 'count' ? result.count : 0} mutes were taken back; you see and hear everybody.`;
    default:
      return undefined;
  }
}

function banList(bans: Extract<Result, { kind: 'bans' }>['bans']): string {
  if (bans.length === 0) return 'Nobody is banned.';
  const items = bans.map(({ name, addresses = '', expiresAt, by, reason }) => {
    const until = new Date(expiresAt).toISOString();
    const why = reason === '' ? '' : `: ${reason}`;
    return `<li>${escapeHtml(`${name ?? addresses}, until ${until}, by ${by}${why}`)}</li>`;
  });
  return `<p>Banned:</p><ul>${items.join('')}</ul>`;
}
