/** A line of a table: its cells by the names of their columns. */
export type Row = Readonly<Record<string, string>>;

/** The lines of the first table under a heading of any level, up to the next heading. Throws where there is none. */
export function rowsUnder(page: string, heading: string): Row[] {
  const [, below] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const section = below?.split(/^#+ /m)[0] ?? '';
  const table = /(?:^\|.*\n?)+/m.exec(section)?.[0];
  if (table === undefined) throw new Error(`There is no table under "${heading}"`);
  const [names = [], , ...lines] = table.trimEnd().split('\n').map(cellsOf);
  return lines.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])));
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
