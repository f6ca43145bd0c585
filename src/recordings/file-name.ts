/** How long the names in a file's name may be, in bytes: with the rest of it, it fits every file system. */
const LONGEST_NAME = 120;

/**
 * The name of a file that begins at this time: local time to the millisecond, so that they sort by it, and who
 * publishes (`spec/galene.md` 2.15). `attempt` is 0, and more where there is such a file already.
 */
export function recordingName(
  startedAt: number,
  options: { readonly publisher: string; readonly extension: 'webm' | 'mkv'; readonly attempt?: number },
): string {
  const { publisher, extension, attempt = 0 } = options;
  const name = safeName(publisher);
  const count = attempt === 0 ? '' : `-${String(attempt).padStart(2, '0')}`;
  return `${localTime(startedAt)}${name === '' ? '' : `-${name}`}${count}.${extension}`;
}

const NAME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)[-:](\d\d)[-:](\d\d)[-.](\d{3})(?!\d)/;

/** The time that a name begins with, ours or Galène's; undefined where it begins with none. */
export function timeOfName(name: string): number | undefined {
  const found = NAME.exec(name)?.slice(1).map(Number);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = found;
  return new Date(year, month - 1, day, hours, minutes, seconds, ms).getTime();
}

function localTime(ms: number): string {
  const at = new Date(ms);
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0'));
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${date.join('-')}T${time.join('-')}-${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** What some file system does not have in names, or reads as something else; and what would change how text runs. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}<>:"|?*%#]/gu;

function safeName(text: string): string {
  const replaced = text.normalize('NFC').replaceAll('/', '-slash-').replaceAll('\\', '-backslash-');
  const clean = replaced.replace(UNSAFE, '').replace(/\s+/gu, ' ').trim();
  return shortened(clean).replace(/[. ]+$/, '');
}

function shortened(text: string): string {
  let short = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST_NAME) break;
    short += character;
  }
  return short;
}
