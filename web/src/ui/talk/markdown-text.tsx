import { memo } from 'react';
import { useRoom } from '../session-context.ts';
import css from './markdown.module.css';
import { renderMarkdown } from './markdown.ts';

export const MarkdownText = memo(function MarkdownText({ text }: { readonly text: string }) {
  const self = useRoom((room) => room.self?.name ?? '');
  // Made by our renderer, which lets no HTML of the author through.
  return <div className={css.markdown} dangerouslySetInnerHTML={{ __html: renderMarkdown(text, self) }} />;
});
