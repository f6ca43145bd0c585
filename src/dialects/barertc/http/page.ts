import { createHash } from 'node:crypto';
import type { Identity } from '../../../core/identity.ts';
import { NO_RULES } from '../../../core/permission.ts';
import type { Desk, DeskSettings } from '../../desk.ts';
import type { Route, RouteRequest, RouteResponse } from '../../http.ts';
import { jwtRules } from '../frames.ts';
import { pageRoot } from '../page/constants.ts';
import { aboutPage, logoutPage, messagePage } from '../page/pages.ts';
import { type CompiledTemplate, compileTemplate } from '../page/template.ts';

const BODY_BYTES = 64 * 1024;

/** The original front end's page and what it links to, where the operator named a folder with one. */
export function pageRoutes(desk: Desk): readonly Route[] {
  const { frontend } = desk.settings;
  if (!frontend) return [];
  const path = frontend.path.replace(/(.)\/$/, '$1');
  const chat = new ChatPage(desk);
  return [
    { path, bodyBytes: BODY_BYTES, handle: (request) => chat.answer(request) },
    { path: '/about', bodyBytes: 0, handle: () => page(200, aboutPage({ title: desk.settings.title, home: path })) },
    { path: '/logout', bodyBytes: 0, handle: () => page(200, logoutPage({ title: desk.settings.title, home: path })) },
  ];
}

/** `spec/barertc.md` 2.2 and 6.1. The template is taken apart once, not for each visitor. */
class ChatPage {
  readonly #desk: Desk;
  #compiled: { readonly html: string; readonly template: CompiledTemplate; readonly hash: string } | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async answer(request: RouteRequest): Promise<RouteResponse> {
    const desk = this.#desk;
    const { settings } = desk;
    const token = tokenIn(request);
    const identity = token === '' ? undefined : await desk.vouchedFor(token);
    if (token !== '' && !identity) {
      return refusal(
        settings,
        'Your sign-in has expired',
        'Please go back to the website and enter the chat from there.',
      );
    }
    if (!identity && settings.tokens.enabled && settings.tokens.strict) {
      if (settings.landingPage !== '') return { status: 302, headers: { location: settings.landingPage } };
      return refusal(settings, 'Please sign in', 'The chat can be entered from the website only.');
    }
    return page(200, await this.#render(identity, token, request), pageHeaders(settings));
  }

  async #render(identity: Identity | undefined, token: string, { headers }: RouteRequest): Promise<string> {
    const desk = this.#desk;
    const { settings } = desk;
    const { template, hash } = this.#template(settings.frontend?.html ?? '');
    const room = await desk.room();
    const { title, branding, websiteUrl, permitExplicit, ice, webhooks, vip, keepDirect, ruleTexts } = settings;
    return template.render(
      pageRoot({
        title,
        branding: branding || title,
        websiteUrl,
        permitExplicit,
        strings: {
          cameraAlwaysExplicit: ruleTexts['camera-explicit'],
          noBroadcast: ruleTexts['no-broadcast'],
          noVideo: ruleTexts['no-video'],
          noImage: ruleTexts['no-image'],
        },
        // The client hides VIP channels from others; what they are greeted with is nobody else's business.
        channels: room.channels.map((channel) =>
          channel.vip && !isPrivileged(identity) ? { ...channel, welcome: [] } : channel,
        ),
        disclaimer: settings.directDisclaimer,
        ice,
        webhooks,
        vip,
        keepDirect,
        cacheHash: hash,
        hostname: headers.host ?? '',
        token: identity ? token : '',
        signedIn: identity !== undefined,
        claims: identity ? desk.claimsOf(identity) : {},
        rules: jwtRules(identity?.rules ?? NO_RULES),
        blocklist: identity ? await desk.blocklist(identity.name) : [],
      }),
    );
  }

  #template(html: string): { readonly template: CompiledTemplate; readonly hash: string } {
    if (this.#compiled?.html !== html) {
      const hash = createHash('sha256').update(html).digest('hex').slice(0, 12);
      this.#compiled = { html, template: compileTemplate(html), hash };
    }
    return this.#compiled;
  }
}

function isPrivileged(identity: Identity | undefined): boolean {
  return identity !== undefined && (identity.permissions.has('vip') || identity.permissions.has('op'));
}

/** In the address, or in a form that the website's page sent. */
function tokenIn({ method, query, body, headers }: RouteRequest): string {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '');
  const posted = method === 'POST' && isForm ? new URLSearchParams(body).get('jwt') : null;
  return posted ?? query.get('jwt') ?? '';
}

function refusal({ title, websiteUrl }: DeskSettings, heading: string, text: string): RouteResponse {
  return page(403, messagePage({ title, heading, text, ...(websiteUrl === '' ? {} : { link: websiteUrl }) }));
}

function page(status: number, body: string, headers: Readonly<Record<string, string>> = {}): RouteResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body,
  };
}

/** The website may show the chat within a page of its own; nobody else may. */
function pageHeaders({ websiteUrl }: DeskSettings): Readonly<Record<string, string>> {
  const website = URL.parse(websiteUrl)?.origin ?? '';
  return {
    'content-security-policy': `object-src 'none'; base-uri 'self'; frame-ancestors 'self' ${website}`.trim(),
    'permissions-policy': 'camera=(self), microphone=(self), fullscreen=(self)',
  };
}
