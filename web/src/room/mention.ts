/** Whether `text` calls `name` with an @, whatever the case of its letters, and not as part of a longer word. */
export function mentions(text: string | undefined, name: string): boolean {
  return text !== undefined && name !== '' && mentionPattern(name).test(text);
}

export function mentionPattern(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])@${escaped}(?![\\p{L}\\p{N}_])`, 'iu');
}
