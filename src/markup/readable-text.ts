import MarkdownIt, { type Token } from 'markdown-it';

const markdown = new MarkdownIt({ html: true, linkify: false, breaks: true });
const MAX_DEPTH = 20;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * Markdown as text that reads well where nothing renders it: without markup, with its line breaks, items of lists with
 * a dash, and links with their address. HTML within it is left out, but for line breaks.
 */
export function readableText(source: string): string {
  const blocks: string[] = [];
  const markers: string[] = [];
  let quoted = 0;
  let atItem = false;
  const add = (text: string): void => {
    const marker = atItem ? (markers.at(-1) ?? '') : '';
    const indent = '  '.repeat(Math.min(MAX_DEPTH, Math.max(0, markers.length - 1)));
    const prefix = `${'> '.repeat(Math.min(MAX_DEPTH, quoted))}${indent}`;
    const lines = `${marker}${text}`.split('\n').map((line) => `${prefix}${line}`);
    blocks.push(lines.join('\n'));
    if (atItem) markers[markers.length - 1] = next(marker);
    atItem = false;
  };
  for (const token of markdown.parse(source, {})) {
    switch (token.type) {
      case 'inline':
        add(inline(token.children ?? []));
        break;
      case 'fence':
      case 'code_block':
        add(token.content.trimEnd());
        break;
      case 'hr':
        add('---');
        break;
      case 'html_block':
        add(withoutTags(token.content).trim());
        break;
      case 'bullet_list_open':
        markers.push('- ');
        break;
      case 'ordered_list_open':
        markers.push(`${token.attrGet('start') ?? 1}. `);
        break;
      case 'bullet_list_close':
      case 'ordered_list_close':
        markers.pop();
        break;
      case 'list_item_open':
        atItem = true;
        break;
      case 'blockquote_open':
        quoted++;
        break;
      case 'blockquote_close':
        quoted--;
        break;
      default:
    }
  }
  return blocks.join('\n').trim();
}

function next(marker: string): string {
  const number = Number.parseInt(marker, 10);
  return Number.isNaN(number) ? marker : `${number + 1}. `;
}

function inline(tokens: readonly Token[]): string {
  let text = '';
  const links: { readonly href: string; readonly from: number }[] = [];
  for (const token of tokens) {
    switch (token.type) {
      case 'text':
      case 'text_special':
      case 'code_inline':
        text += token.content;
        break;
      case 'softbreak':
      case 'hardbreak':
        text += '\n';
        break;
      case 'image':
        text += withAddress(token.content, String(token.attrGet('src') ?? ''));
        break;
      case 'html_inline':
        text += /^<br\b/i.test(token.content) ? '\n' : '';
        break;
      case 'link_open':
        links.push({ href: String(token.attrGet('href') ?? ''), from: text.length });
        break;
      case 'link_close': {
        const link = links.pop();
        if (link) text = text.slice(0, link.from) + withAddress(text.slice(link.from), link.href);
        break;
      }
      default:
    }
  }
  return text;
}

/** An address that is its own text is not said twice. */
function withAddress(text: string, address: string): string {
  if (address === '' || text === address || decoded(address) === text) return text || address;
  return text === '' ? address : `${text} (${address})`;
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

function withoutTags(html: string): string {
  return html
    .replace(/<br\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '');
}
