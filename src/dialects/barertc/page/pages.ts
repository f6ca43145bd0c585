import { escapeHtml } from '../markup.ts';

/** Small pages of our own beside the original's front end, which links to them. They load nothing. */

interface Titled {
  readonly title: string;
}

interface Linked extends Titled {
  /** Where the chat is. */
  readonly home: string;
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 42rem; font: 1rem/1.6 system-ui, sans-serif; }
  h1 { font-size: 1.75rem; line-height: 1.2; }
  h2 { margin-top: 2.5rem; font-size: 1.25rem; }
  a { color: LinkText; }
`;

function page(title: string, body: string): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>\n`
  );
}

/** The chat's client leads to its parts by their ids. */
export function aboutPage({ title, home }: Linked): string {
  return page(
    `About ${title}`,
    `<h1 id="about">About ${escapeHtml(title)}</h1>
    <p>This is a chat room with webcams. Everybody decides for themselves whether to share a camera, and clicks on
    those that they want to see. Names in the list on the side have a button for each.</p>

    <h2 id="troubleshooting">When a camera does not work</h2>
    <ul>
      <li><b>Your own camera does not start.</b> The browser asks once whether this page may use it: look for a camera
      in the address bar and allow it. Close other programs that use it. The page’s address must begin with https.</li>
      <li><b>It starts, but the picture is black.</b> Look for a shutter or a key that turns the camera off, and choose
      another camera in the settings.</li>
      <li><b>Somebody’s camera stays empty.</b> Pictures go from browser to browser, which some networks do not let
      through. Wait ten seconds, close the picture and open it again; then try another network. Programs that hide
      your address (VPNs, some browser extensions) can be in the way, too.</li>
      <li><b>A camera cannot be opened.</b> Its owner may want you to share yours first, or may show it to some people
      only.</li>
      <li><b>You are thrown out again and again.</b> Reload the page. If you came from another website, enter the chat
      from there again.</li>
    </ul>

    <h2 id="watermarks">The pattern over pictures</h2>
    <p>Other people’s pictures may have a faint square pattern over them. It says who is watching, where, and on which
    day, so that a recording which somebody passes on can be followed back to them. It is drawn in your browser, and is
    not in the pictures that others see of you. Removing it is noticed.</p>

    <p><a href="${escapeHtml(home)}">Back to the chat</a></p>`,
  );
}

export function logoutPage({ title, home }: Linked): string {
  return page(
    `${title}: goodbye`,
    `<h1>You have left the chat</h1>
    <p>You can close this tab; in a few seconds it closes by itself if your browser lets it.
    <a href="${escapeHtml(home)}">Enter the chat again</a></p>
    <script>setTimeout(function () { window.close(); }, 5000);</script>`,
  );
}

export interface Message extends Titled {
  readonly heading: string;
  readonly text: string;
  /** Where to go on. */
  readonly link?: string;
}

export function messagePage({ title, heading, text, link }: Message): string {
  const onward = link === undefined ? '' : `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`;
  return page(`${title}: ${heading}`, `<h1>${escapeHtml(heading)}</h1><p>${escapeHtml(text)}</p>${onward}`);
}
