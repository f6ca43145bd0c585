import MarkdownIt from 'markdown-it';
import { mentionPattern } from '../../room/mention.ts';

/** Messages are shown as Markdown, but never as HTML of their author's making, and nothing is fetched from elsewhere. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });

markdown.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim());
// Only what looks like an address is one: "readme.md" is not.
markdown.linkify.set({ fuzzyLink: false });

const { rules } = markdown.renderer;

rules.link_open = (tokens, index, options, _env, self) => {
  const token = tokens[index];
  token?.attrSet('target', '_blank');
  token?.attrSet('rel', 'noopener noreferrer nofollow');
  return self.renderToken(tokens, index, options);
};

// A remote image would tell its server who reads: it becomes a link.
rules.image = (tokens, index) => {
  const token = tokens[index];
  const url = String(token?.attrGet('src') ?? '');
  const text = token?.content || url;
  const { escapeHtml } = markdown.utils;
  return `<a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer nofollow">${escapeHtml(text)}</a>`;
};

// Headings of messages are not headings of the page.
rules.heading_open = (tokens, index) => `<p data-heading="${tokens[index]?.tag.slice(1) ?? '3'}">`;
rules.heading_close = () => '</p>';

/** What the renderer is told of its reader: whose mentions stand out. */
interface Reader {
  readonly self: string;
}

rules.text = (tokens, index, _options, env) => {
  const { self } = env as unknown as Reader;
  const text = tokens[index]?.content ?? '';
  const { escapeHtml } = markdown.utils;
  if (self === '' || !text.includes('@')) return escapeHtml(text);
  const pattern = mentionPattern(self);
  const parts = text.split(new RegExp(`(${pattern.source})`, 'iu'));
  return parts.map((part) => (pattern.test(part) ? `<mark>${escapeHtml(part)}</mark>` : escapeHtml(part))).join('');
};

/** Safe to be set as HTML. */
export function renderMarkdown(text: string, self: string): string {
  return markdown.render(text, { self } satisfies Reader);
}
