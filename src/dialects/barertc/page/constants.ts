import type { Channel } from '../../../core/channel.ts';
import { Safe, scriptJson, type TemplateValue } from './escape.ts';

/** What the chat page is filled with. */
export interface PageFacts {
  readonly title: string;
  /** HTML. */
  readonly branding: string;
  readonly websiteUrl: string;
  readonly permitExplicit: boolean;
  readonly strings: {
    readonly cameraAlwaysExplicit: string;
    readonly noBroadcast: string;
    readonly noVideo: string;
    readonly noImage: string;
  };
  readonly channels: readonly Channel[];
  /** HTML. */
  readonly disclaimer: string;
  readonly ice: { readonly urls: readonly string[]; readonly username: string; readonly credential: string };
  /** Which are there; their addresses are nobody's business. */
  readonly webhooks: { readonly report: boolean; readonly profile: boolean };
  readonly vip: {
    readonly name: string;
    readonly branding: string;
    readonly icon: string;
    readonly mutuallySecret: boolean;
  };
  readonly keepDirect: boolean;
  /** Changes with the page. */
  readonly cacheHash: string;
  readonly hostname: string;
  /** Empty for guests, as the claims are. */
  readonly token: string;
  readonly signedIn: boolean;
  readonly claims: object;
  /** Those that are not named do not hold. */
  readonly rules: Readonly<Partial<Record<string, boolean>>>;
  readonly blocklist: readonly string[];
}

/** The root of the template, by the names that the original's page asks for (`spec/barertc.md` 6.1). */
export function pageRoot(facts: PageFacts): TemplateValue {
  const channels = facts.channels.length === 0 ? [LOBBY] : facts.channels.map(pageChannel);
  const claims = facts.claims as Readonly<Record<string, TemplateValue>>;
  return {
    CacheHash: facts.cacheHash,
    Hostname: facts.hostname,
    Config: {
      Title: facts.title,
      Branding: facts.branding,
      WebsiteURL: facts.websiteUrl,
      PermitNSFW: facts.permitExplicit,
      Strings: {
        ModRuleErrorCameraAlwaysNSFW: facts.strings.cameraAlwaysExplicit,
        ModRuleErrorNoBroadcast: facts.strings.noBroadcast,
        ModRuleErrorNoVideo: facts.strings.noVideo,
        ModRuleErrorNoImage: facts.strings.noImage,
      },
      PublicChannels: channels,
      GetChannels: channels,
      DirectMessageHistory: { Enabled: facts.keepDirect, DisclaimerMessage: facts.disclaimer },
      TURN: { URLs: facts.ice.urls, Username: facts.ice.username, Credential: facts.ice.credential },
      WebhookURLs: (['report', 'profile'] as const).map((name) => ({
        Name: name,
        Enabled: facts.webhooks[name],
        URL: '',
      })),
      VIP: {
        Name: facts.vip.name,
        Branding: facts.vip.branding,
        Icon: facts.vip.icon,
        MutuallySecret: facts.vip.mutuallySecret,
      },
    },
    JWTTokenString: facts.token,
    JWTAuthOK: facts.signedIn,
    JWTClaims: {
      ...claims,
      ToJSON: () => new Safe('js', scriptJson(facts.claims)),
      Rules: { ToDict: { ...NO_RULES, ...facts.rules } },
    },
    CachedBlocklist: facts.blocklist,
  };
}

/** The client begins in it, whether it exists or not, and cannot do without any channel. */
const LOBBY: TemplateValue = {
  ID: 'lobby',
  Name: 'Lobby',
  Icon: '',
  VIP: false,
  PermitPhotos: false,
  WelcomeMessages: [],
  EchoMessagesOnJoin: 0,
};

/** The client reads each of them. */
const NO_RULES = {
  IsNoVideoRule: false,
  IsNoImageRule: false,
  IsNoBroadcastRule: false,
  IsRedCamRule: false,
  IsNoDarkVideoRule: false,
};

function pageChannel(channel: Channel): TemplateValue {
  return {
    ID: channel.id,
    Name: channel.name,
    Icon: channel.icon,
    VIP: channel.vip,
    PermitPhotos: channel.photos,
    WelcomeMessages: channel.welcome,
    EchoMessagesOnJoin: channel.newcomerMessages,
  };
}
