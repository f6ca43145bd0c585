/** What a reader sees of Markdown, and where in the source each of its UTF-16 units comes from. */
export interface PlainText {
  readonly text: string;
  /** By unit of `text`: where in the source what it stands for begins, and where it ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export interface PlainTextOptions {
  /** What is in angle brackets need not be a tag: then it is seen. */
  readonly tags: 'kept' | 'removed';
}

/**
 * The text without its markup, approximately and in linear time: no parser, but enough that a word cannot be hidden by
 * emphasis, tags, links, escapes, character references, compatibility forms or what is invisible.
 */
export function plainText(source: string, { tags }: PlainTextOptions): PlainText {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  const add = (piece: string, start: number, end: number) => {
    text += piece;
    for (let unit = 0; unit < piece.length; unit++) {
      starts.push(start);
      ends.push(end);
    }
  };
  const addPlain = (start: number, end: number) => {
    let position = start;
    for (const character of source.slice(start, end)) {
      add(character.normalize('NFKC'), position, position + character.length);
      position += character.length;
    }
  };
  let position = 0;
  for (const match of source.matchAll(tags === 'removed' ? MARKUP_AND_TAGS : MARKUP)) {
    addPlain(position, match.index);
    position = match.index + match[0].length;
    add(referenced(match[0]), match.index, position);
  }
  addPlain(position, source.length);
  return { text, starts, ends };
}

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
const REFERENCE = /&#(?:x[0-9a-f]{1,6}|[0-9]{1,7});|&(?:shy|zwj|zwnj|zerowidthspace|nobreak|lowbar|ast);/;
const ESCAPE = /\\(?=[!-/:-@[-`{-~])/;
const EMPHASIS = /[*_~`]/;
const LINK = /!?\[|\](?:\([^()\s]*\))?/;
/** Bounded: comments that nobody closes would be searched to the end of the text, each. */
const COMMENT = /<!--[\s\S]{0,500}?-->/;
const TAG = /<[a-z/!?](?:[^<>"']|"[^"]*"|'[^']*')*>/;

const MARKUP = anyOf([REFERENCE, ESCAPE, EMPHASIS, LINK, INVISIBLE]);
const MARKUP_AND_TAGS = anyOf([COMMENT, TAG, MARKUP]);
const UNSEEN = new RegExp(`^(?:${anyOf([EMPHASIS, INVISIBLE]).source})$`, 'u');

function anyOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'giu');
}

/** What a numeric character reference stands for; nothing for all other markup, and where it stands for markup. */
function referenced(markup: string): string {
  if (!markup.startsWith('&#')) return '';
  const digits = markup.slice(2, -1);
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  if (code > 0x10ffff || code === 0) return '';
  const character = String.fromCodePoint(code);
  return UNSEEN.test(character) ? '' : character.normalize('NFKC');
}
