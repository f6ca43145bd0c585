import { actionIn } from '../../core/action.ts';
import type { Message } from '../../core/message.ts';

/**
 * A message as its clients may show it: Markdown, which some of them render, without what would be HTML in those that
 * print it as such (`spec/rwci.md` 6). An image is a link, which is good for as long as the message is there.
 */
export function textOf({ author, body }: Message, publicUrl: string): string {
  if (body.kind === 'image') return `${withoutTags(body.fileName)}: ${publicUrl}/attachments/${body.attachment.id}`;
  const action = actionIn(body.text);
  return withoutTags(action === undefined ? body.text : `*${author.name} ${action}*`);
}

/** An opening bracket that would begin a tag is followed by a space of no width: it reads the same, and is none. */
export function withoutTags(text: string): string {
  return text.replace(/<(?=[a-z/!?])/gi, '<\u200b');
}
