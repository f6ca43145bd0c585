import MarkdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';

/**
 * The HTML that BareRTC's clients put into their page as it is, so that everything a member wrote passes through here
 * (`spec/barertc.md` 1.9.8, 1.9.11). Where this is stricter than the original: no images from elsewhere, which would
 * tell their owner who reads along, and no ids, which shadow the page's own globals.
 */

export interface MarkdownOptions {
  /** Whether single line breaks are seen. On this wire they are not; on the others they are. */
  readonly breaks?: boolean;
}

/**
 * Markdown with inline HTML to safe HTML, trimmed; the empty string where nothing would be seen of it. The first link
 * to a YouTube video is followed by a player for it.
 */
export function renderMarkdown(source: string, options: MarkdownOptions = {}): string {
  if (source.trim() === '') return '';
  const rendered = (isLaborious(source) ? plainMarkdown : markdown).render(source, { ...options });
  if (rendered.length > MAX_HTML_CHARS) return plainParagraph(source);
  const html = sanitize(rendered).trim();
  if (html.length > MAX_HTML_CHARS) return plainParagraph(source);
  if (!isVisible(html)) return '';
  const video = youTubeId(html);
  return video === undefined ? html : `${html}\n${player(video)}`;
}

/** Text that means itself, in element content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

export interface InlineImage {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** The longest side it is shown with, in pixels; {@link PREVIEW_WIDTH} unless said. */
  readonly previewWidth?: number;
}

export const PREVIEW_WIDTH = 360;

/** The picture itself, small, which opens large in the page's `setModalImage`. Smaller pictures keep their size. */
export function imageHtml(image: InlineImage): string {
  const { buffer, byteOffset, byteLength } = image.bytes;
  const data = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  return pictureHtml(`data:${escapeHtml(image.mediaType)};base64,${data}`, image);
}

/** A picture of this server, by its address. */
export function linkedImageHtml(image: Omit<InlineImage, 'bytes'> & { readonly url: string }): string {
  return pictureHtml(escapeHtml(image.url), image);
}

function pictureHtml(src: string, image: Omit<InlineImage, 'bytes'>): string {
  const scale = Math.min(1, (image.previewWidth ?? PREVIEW_WIDTH) / Math.max(image.width, image.height, 1));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return (
    `<img src="${src}" width="${width}" height="${height}" ` +
    'onclick="setModalImage(this.src)" style="cursor: pointer">'
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** Eight times the longest message. Tables and references can make far more of a text, for everybody in the room. */
const MAX_HTML_CHARS = 128_000;
const MAX_URL_CHARS = 2048;
/** Deeper elements lose their tags: nobody nests lists that deep, and browsers slow down. */
const MAX_NESTING = 40;

/** Rows times columns. */
const MAX_TABLE_CELLS = 5000;

const markdown = new MarkdownIt({ html: true, linkify: true, breaks: false });
/** For texts that are made to be slow. */
const plainMarkdown = new MarkdownIt({ html: true, breaks: false }).disable('table');
for (const { renderer } of [markdown, plainMarkdown]) {
  renderer.rules.softbreak = (_tokens, _index, _options, env) => (env?.breaks ? '<br>\n' : '\n');
}
// Only what says that it is a link becomes one: no `readme.md`, no `//`.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
markdown.linkify.add('ftp:', null);
markdown.linkify.add('//', null);
// Which schemes are let through is decided below, for Markdown's links and raw ones alike.
markdown.validateLink = isLink;
plainMarkdown.validateLink = isLink;

function isLink(url: string): boolean {
  return url.length <= MAX_URL_CHARS;
}

const TAGS = [
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'div', 'span', 'br', 'hr', 'wbr', 'blockquote', 'pre', 'code'],
  ...['b', 'i', 'u', 's', 'strong', 'em', 'small', 'big', 'strike', 'del', 'ins', 'mark', 'sub', 'sup', 'tt'],
  ...['abbr', 'cite', 'dfn', 'kbd', 'q', 'samp', 'var', 'time', 'ruby', 'rt', 'rp', 'a', 'details', 'summary'],
  ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
];

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: TAGS,
  allowedAttributes: {
    '*': ['title', 'dir', 'lang'],
    a: ['href', 'rel'],
    ol: ['start', 'type'],
    li: ['value'],
    th: ['align', 'colspan', 'rowspan'],
    td: ['align', 'colspan', 'rowspan'],
    time: ['datetime'],
    details: ['open'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesAppliedToAttributes: ['href'],
  disallowedTagsMode: 'discard',
  nestingLimit: MAX_NESTING,
  // Gone with all that is in them; of any other element the text stays.
  nonTextTags: [
    ...['script', 'style', 'textarea', 'option', 'xmp', 'noscript', 'noembed', 'noframes', 'iframe', 'plaintext'],
    ...['template', 'svg', 'math', 'object', 'title'],
  ],
};

function sanitize(html: string): string {
  let openLinks = 0;
  return sanitizeHtml(html, {
    ...OPTIONS,
    onOpenTag: (name) => {
      if (name === 'a') openLinks++;
    },
    onCloseTag: (name) => {
      if (name === 'a') openLinks--;
    },
    transformTags: {
      a: (_, attributes) => link(attributes),
      img: (_, attributes) => pictureAsLink(attributes, openLinks > 0 ? 'within-link' : 'alone'),
    },
  });
}

function link({ href, title }: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const shown = title === undefined ? {} : { title };
  if (href === undefined || !isSafeUrl(href)) return { tagName: 'span', attribs: shown };
  return { tagName: 'a', attribs: { ...shown, href, rel: LINK_REL } };
}

const LINK_REL = 'nofollow noreferrer noopener';

/** Nobody's browser asks for a picture because somebody else wrote its address; who wants to see it clicks. */
function pictureAsLink(attributes: sanitizeHtml.Attributes, place: 'within-link' | 'alone'): sanitizeHtml.Tag {
  const source = attributes.src?.trim() ?? '';
  const text = attributes.alt?.trim() ?? '';
  if (source === '' || !isSafeUrl(source) || place === 'within-link') return { tagName: 'span', attribs: {}, text };
  return { tagName: 'a', attribs: { href: source, rel: LINK_REL }, text: text || source };
}

/** http, https, mailto, or relative. Browsers skip blanks and control characters in a scheme, so these do not count. */
function isSafeUrl(url: string): boolean {
  if (url.length > MAX_URL_CHARS) return false;
  const scheme = /^([^/?#]*?):/.exec(url.replace(/[\s\p{C}]+/gu, ''));
  return !scheme || /^(?:https?|mailto)$/i.test(scheme[1] ?? '');
}

/** Whether a reader would see anything: text, or a rule. */
function isVisible(html: string): boolean {
  return html.includes('<hr') || /\S/.test(html.replace(/<[^>]*>/g, ''));
}

function plainParagraph(source: string): string {
  return `<p>${escapeHtml(source.trim())}</p>`;
}

/**
 * Eleven characters of base64 hold 64 bits: the last one has four of them. A link's `&` is `&amp;` by now.
 */
const YOUTUBE_LINK =
  /<a [^>]*?href="(?:https?:)?\/\/(?:www\.|m\.|music\.)?(?:youtube(?:-nocookie)?\.com\/(?:watch\?(?:[^"#]*?[;&])?v=|embed\/|v\/)|youtu\.be\/)([\w-]{10}[AEIMQUYcgkosw048])(?![\w-])/;

function youTubeId(html: string): string | undefined {
  return YOUTUBE_LINK.exec(html)?.[1];
}

/** Shows a link within the frame, so that the video's site learns of those who want to see it, and of nobody else. */
function player(id: string): string {
  const address = `https://www.youtube.com/embed/${id}`;
  const style =
    'body{margin:0;height:100vh;display:grid;place-items:center;background:#222;font:18px sans-serif}a{color:#fff}';
  const invitation = `<style>${style}</style><a href="${address}?autoplay=1">&#9654; Play the YouTube video</a>`;
  return (
    `<iframe class="youtube-embed" width="560" height="315" src="${address}" srcdoc="${escapeHtml(invitation)}" ` +
    'title="YouTube video" referrerpolicy="strict-origin-when-cross-origin" loading="lazy" frameborder="0" ' +
    'allow="autoplay; encrypted-media; picture-in-picture; fullscreen" allowfullscreen></iframe>'
  );
}

/**
 * What would keep the server busy: a wide table of many rows, of which each is filled up to the full width, and runs
 * without a blank that are longer than any link, whose ends are searched again and again.
 */
function isLaborious(source: string): boolean {
  if (new RegExp(`\\S{${MAX_URL_CHARS + 1}}`).test(source)) return true;
  const lines = source.split('\n');
  let columns = 0;
  for (const line of lines) columns = Math.max(columns, line.split('|').length);
  return columns > 1 && columns * lines.length > MAX_TABLE_CELLS;
}
