import { actionIn } from '../../core/action.ts';
import type { Message } from '../../core/message.ts';
import { readableText } from '../../markup/readable-text.ts';

/**
 * A message as text, which is all that its clients show. What was said in another channel than the first bears its
 * name; an image is a link, which is good for as long as the message is there.
 */
export function textOf(
  { author, body, target }: Message,
  { publicUrl, home }: { readonly publicUrl: string; readonly home: string | undefined },
): string {
  const channel = target.kind === 'channel' && target.channel !== home ? `#${target.channel}: ` : '';
  if (body.kind === 'image') return `${channel}${body.fileName}: ${publicUrl}/attachments/${body.attachment.id}`;
  const action = actionIn(body.text);
  const readable = author.identityId.startsWith('c:') ? body.text : readableText(action ?? body.text);
  return `${channel}${action === undefined ? readable : `* ${author.name} ${readableText(action)}`}`;
}
