/** What an operator, or a file, wrote, as part of one line of ours: at most 60 characters of it. */
export function oneLine(text: string): string {
  const flat = text.replaceAll(/[\s\p{Cc}]+/gu, ' ');
  return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
}
