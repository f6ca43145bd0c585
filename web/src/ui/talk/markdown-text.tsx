import { memo } from 'react';
import { useRoom } from '../session-context.ts';
import { renderMarkdown } from './markdown.ts';
import css from './talk.module.css';

export const MarkdownText = memo(function MarkdownText({ text }: { readonly text: string }) {
  const self = useRoom((room) => room.self?.name ?? '');
  // Made by our renderer, which lets no HTML of the author through.
  return <div className={css.markdown} dangerouslySetInnerHTML={{ __html: renderMarkdown(text, self) }} />;
});
