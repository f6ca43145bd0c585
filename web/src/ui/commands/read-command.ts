export type Read =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly name: string; readonly rest: string };

/** `/word`, and then nothing or a space: an address in a file system is none. */
const COMMAND = /^\/([a-z]+)(?:\s+([\s\S]*))?$/i;

/** What somebody wrote: something to say, or to do (`spec/galene.md` 5.1). Two slashes say a text that begins with one. */
export function readCommand(written: string): Read {
  const text = written.trim();
  if (text.startsWith('//')) return { kind: 'text', text: text.slice(1) };
  const [, name, rest = ''] = COMMAND.exec(text) ?? [];
  return name === undefined ? { kind: 'text', text } : { kind: 'command', name: name.toLowerCase(), rest: rest.trim() };
}

export interface Named {
  /** The first word, which may be in quotes, or have spaces behind backslashes. */
  readonly first: string;
  readonly rest: string;
}

export function splitFirst(text: string): Named {
  const quoted = /^(["'])((?:\\.|(?!\1)[^\\])*)\1\s*([\s\S]*)$/.exec(text);
  if (quoted) return { first: unescaped(quoted[2] ?? ''), rest: quoted[3] ?? '' };
  const [, first = '', rest = ''] = /^((?:\\.|[^\s\\])*)\s*([\s\S]*)$/.exec(text) ?? [];
  return { first: unescaped(first), rest };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
