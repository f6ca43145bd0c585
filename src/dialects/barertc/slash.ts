import type { Command } from '../../core/command.ts';
import { DEFAULT_BAN_HOURS, MAX_BAN_HOURS } from '../../core/moderation.ts';
import { renderMarkdown } from './markup.ts';

/** What an operator's message that begins with `/` asks for (`spec/barertc.md` 3). */
export type SlashCommand =
  | { readonly kind: 'command'; readonly command: Command }
  /** An answer for the operator, as safe HTML. */
  | { readonly kind: 'help'; readonly html: string }
  /** How the command is used, as plain text: an argument is missing or makes no sense. */
  | { readonly kind: 'usage'; readonly text: string };

/**
 * Nothing where the text is no command: it does not begin with `/`, names a command nobody knows, or has a quote
 * without an end in one of its arguments. It is an ordinary message then. Names that hold blanks are quoted, as in a
 * shell. Whether the sender is an operator is for the caller to know.
 */
export function parseSlash(text: string): SlashCommand | undefined {
  if (!text.startsWith('/')) return undefined;
  const [, word = '', rest = ''] = /^\/([a-z-]{1,32})(?:\s+([\s\S]*))?$/.exec(text.trimEnd()) ?? [];
  const parse = COMMANDS.get(word);
  if (!parse) return undefined;
  return parse(rest.trim());
}

export type HelpTopic = 'common' | 'all';

/** The commands, as Markdown. */
export function helpMarkdown(topic: HelpTopic): string {
  const usages = topic === 'all' ? [...COMMON_USAGES, ...OTHER_USAGES] : COMMON_USAGES;
  const lines = usages.map(([usage, purpose]) => `* \`${usage}\` ${purpose}`);
  const more = topic === 'all' ? [] : ['', 'There are more: see `/help-advanced`.'];
  return ['As an operator you can use these commands:', '', ...lines, '', QUOTING, ...more].join('\n');
}

const QUOTING = 'Put names with blanks in quotes: `/kick "Jane Doe"`. You can leave out the @ before a name.';

type Usage = readonly [usage: string, purpose: string];

const COMMON_USAGES: readonly Usage[] = [
  ['/kick NAME [REASON]', 'sends somebody out of the room; they may come back.'],
  ['/ban NAME [HOURS] [REASON]', `keeps somebody out, for ${DEFAULT_BAN_HOURS} hours unless you say how many.`],
  ['/unban NAME', 'lets them in again.'],
  ['/bans', 'lists who is banned, and until when.'],
  ['/nsfw NAME', 'marks somebody’s camera as explicit.'],
  ['/cut NAME', 'turns somebody’s camera off.'],
  ['/help', 'shows this list.'],
];

const OTHER_USAGES: readonly Usage[] = [
  ['/op NAME', 'makes somebody an operator.'],
  ['/deop NAME', 'makes an operator an ordinary member again.'],
  ['/ban-range RANGE [HOURS] [REASON]', 'keeps out all who come from an address, or a range such as 192.0.2.0/24.'],
  ['/unban RANGE', 'lets them in again.'],
  ['/unmute-all', 'takes back all your mutes; meant for bots, which have to hear everybody.'],
  ['/kickall [REASON]', 'sends everybody out of the room.'],
  ['/reconfigure', 'has the server read its settings again.'],
  ['/shutdown', 'ends the server, which is then started again by what watches over it.'],
  ['/help-advanced', 'shows this list.'],
];

type Parse = (rest: string) => SlashCommand | undefined;

const COMMANDS: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['kick', parseKick],
  ['ban', parseBan('ban', (name, terms) => ({ type: 'ban', name, ...terms }))],
  ['ban-range', parseBan('ban-range', (addresses, terms) => ({ type: 'ban-addresses', addresses, ...terms }))],
  ['unban', onOne('unban', (name) => ({ type: 'unban', name }))],
  ['bans', () => command({ type: 'list-bans' })],
  ['nsfw', onOne('nsfw', (name) => ({ type: 'mark-explicit', name }))],
  ['cut', onOne('cut', (name) => ({ type: 'cut-camera', name }))],
  ['unmute-all', () => command({ type: 'unmute-all' })],
  ['op', onOne('op', (name) => ({ type: 'set-operator', name, on: true }))],
  ['deop', onOne('deop', (name) => ({ type: 'set-operator', name, on: false }))],
  ['kickall', (rest) => command({ type: 'kick-all', reason: reasonOf(rest) })],
  ['help', () => ({ kind: 'help', html: renderMarkdown(helpMarkdown('common')) })],
  ['help-advanced', () => ({ kind: 'help', html: renderMarkdown(helpMarkdown('all')) })],
  ['shutdown', () => command({ type: 'shut-down' })],
  ['reconfigure', () => command({ type: 'reconfigure' })],
]);

function parseKick(rest: string): SlashCommand | undefined {
  const first = takeWord(rest);
  if (!first) return undefined;
  const name = nameOf(first.word);
  if (name === '') return usage('kick');
  return command({ type: 'kick', name, reason: reasonOf(first.rest) });
}

type Terms = { readonly hours: number; readonly reason: string };

function parseBan(word: string, make: (whom: string, terms: Terms) => Command): Parse {
  return (rest) => {
    const first = takeWord(rest);
    const second = first && takeWord(first.rest);
    if (!first || !second) return undefined;
    const whom = nameOf(first.word);
    const hours = first.rest === '' ? DEFAULT_BAN_HOURS : hoursOf(second.word);
    if (whom === '' || hours === undefined) return usage(word);
    return command(make(whom, { hours, reason: reasonOf(second.rest) }));
  };
}

/** A command on one name and nothing else: words left over are most likely a name without its quotes. */
function onOne(word: string, make: (name: string) => Command): Parse {
  return (rest) => {
    const first = takeWord(rest);
    if (!first) return undefined;
    const name = nameOf(first.word);
    return name === '' || first.rest !== '' ? usage(word) : command(make(name));
  };
}

function command(asked: Command): SlashCommand {
  return { kind: 'command', command: asked };
}

function usage(word: string): SlashCommand {
  const [form = ''] = [...COMMON_USAGES, ...OTHER_USAGES].find(([text]) => text.split(' ')[0] === `/${word}`) ?? [];
  return { kind: 'usage', text: `Usage: ${form}. Put names with blanks in quotes.` };
}

function nameOf(word: string): string {
  return word.replace(/^@/, '').trim();
}

/** Whole hours, from one to {@link MAX_BAN_HOURS}. */
function hoursOf(word: string): number | undefined {
  const hours = /^\d{1,6}$/.test(word) ? Number(word) : 0;
  return hours >= 1 && hours <= MAX_BAN_HOURS ? hours : undefined;
}

/** A reason is prose: its apostrophes are not quotes, unless it is quoted as a whole. */
function reasonOf(rest: string): string {
  const whole = takeWord(rest);
  return whole && whole.rest === '' ? whole.word : rest;
}

interface Taken {
  readonly word: string;
  /** Without blanks around it. */
  readonly rest: string;
}

/** The first word as a shell would see it, empty where there is none; nothing where a quote has no end. */
function takeWord(text: string): Taken | undefined {
  let word = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\' && quote !== "'") {
      at++;
      if (at === text.length) return undefined;
      word += text[at];
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (/\s/.test(character)) {
      return { word, rest: text.slice(at).trim() };
    } else {
      word += character;
    }
  }
  return quote === '' ? { word, rest: '' } : undefined;
}
