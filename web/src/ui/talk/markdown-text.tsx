import { memo } from 'react';
import { actionIn } from '../../../../src/core/action.ts';
import { cx } from '../cx.ts';
import { useRoom } from '../session-context.ts';
import css from './markdown.module.css';
import { renderMarkdown } from './markdown.ts';

interface MarkdownTextProps {
  readonly text: string;
  /** Who says it, or does it: "/me waves". */
  readonly author?: string;
}

export const MarkdownText = memo(function MarkdownText({ text, author }: MarkdownTextProps) {
  const self = useRoom((room) => room.self?.name ?? '');
  const action = author === undefined ? undefined : actionIn(text);
  if (action !== undefined) {
    return (
      <div className={cx(css.markdown, css.action)}>
        <strong>{author}</strong>
        <div dangerouslySetInnerHTML={{ __html: renderMarkdown(action, self) }} />
      </div>
    );
  }
  // Made by our renderer, which lets no HTML of the author through.
  return <div className={css.markdown} dangerouslySetInnerHTML={{ __html: renderMarkdown(text, self) }} />;
});
