import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ linkify: false });
type Token = ReturnType<typeof markdown.parse>[number];

/** Not ours, or made anew. */
const SKIPPED = new Set(['node_modules', 'dist', 'data', 'coverage']);

/** Every Markdown file of a folder and those below it, as paths relative to it. */
export function markdownFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name.startsWith('.') || SKIPPED.has(entry.name) ? [] : markdownFiles(root, path);
    return entry.isFile() && entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Where the links and images of a page lead to, as written. */
export function linksIn(page: string): string[] {
  return inlineTokens(page).flatMap((token) => {
    const address = token.attrGet(token.type === 'image' ? 'src' : 'href');
    return typeof address === 'string' ? [address] : [];
  });
}

/** The links of a file that lead to nothing, each with what is wrong with it. */
export function brokenLinks(root: string, file: string): string[] {
  return linksIn(readFileSync(join(root, file), 'utf8')).flatMap((link) => {
    const fault = faultOf(root, file, link);
    return fault === undefined ? [] : [`${file}: ${link} ${fault}`];
  });
}

function faultOf(root: string, file: string, link: string): string | undefined {
  if (/^(?:https?|mailto):/.test(link)) return undefined;
  if (/^[a-z]+:|^\//i.test(link)) return 'is not relative';
  const [path = '', anchor] = link.split('#', 2);
  const target = path === '' ? file : join(dirname(file), decodeURIComponent(path));
  if (target.startsWith('..')) return 'leads out of the repository';
  const found = statSync(join(root, target), { throwIfNoEntry: false });
  if (!found) return 'is not there';
  if (anchor === undefined) return undefined;
  if (!target.endsWith('.md')) return 'has an anchor, but is no page';
  return anchorsOf(readFileSync(join(root, target), 'utf8')).has(anchor) ? undefined : 'has no such heading';
}

/** The anchors that GitHub makes of a page's headings: doubles are numbered. */
export function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  const tokens = markdown.parse(page, {});
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const words = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join('');
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  });
  return anchors;
}

function inlineTokens(page: string): Token[] {
  const all = markdown.parse(page, {}).flatMap((token) => token.children ?? []);
  return all.filter(({ type }) => type === 'link_open' || type === 'image');
}

/** Paths in a text that only exist on the machine of whoever wrote it. */
export function machinePathsIn(page: string, root: string): string[] {
  const folders = ['home', 'root', 'tmp', 'work', 'mnt', 'Users', 'private'].join('|');
  const paths = page.match(new RegExp(`(?<![\\w.~}/-])(?:/(?:${folders})(?=/\\w)|[A-Z]:\\\\)[^\\s\`)"']*`, 'g')) ?? [];
  return page.includes(root) ? [...paths, root] : paths;
}
