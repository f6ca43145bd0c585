/** What the page must know before it connects. */
export interface Bootstrap {
  readonly title: string;
  readonly room: string;
  readonly roomTitle: string;
  /** Whether the room asks for a password. */
  readonly roomPassword: boolean;
  readonly guestsAllowed: boolean;
  /** Whether guests may make an account of their name. */
  readonly registration: boolean;
  /** Whether visitors may make rooms. */
  readonly roomsAllowed: boolean;
  /** Where people come from who need a token of the website's. */
  readonly landingPage?: string;
  /** Whether members can be reported to the website. */
  readonly reports: boolean;
  /** Whether the server forwards streams. */
  readonly meetings: boolean;
  readonly ice: readonly RTCIceServer[];
  readonly maxImageBytes: number;
}

export const DEFAULT_MAX_IMAGE_BYTES = 8 * 1024 * 1024;

export type BootstrapAnswer =
  | { readonly kind: 'ok'; readonly bootstrap: Bootstrap }
  | { readonly kind: 'refused'; readonly message: string };

/** Servers may leave things out; only a clear "no such room" is a refusal. */
export async function fetchBootstrap(room: string | undefined): Promise<BootstrapAnswer> {
  const query = room === undefined ? '' : `?room=${encodeURIComponent(room)}`;
  try {
    const response = await fetch(`/api/bootstrap${query}`, { headers: { accept: 'application/json' } });
    const body: unknown = await response.json();
    if (response.status === 404) return { kind: 'refused', message: errorMessage(body) };
    return { kind: 'ok', bootstrap: readBootstrap(response.ok ? body : {}, room) };
  } catch {
    return { kind: 'ok', bootstrap: readBootstrap({}, room) };
  }
}

export function readBootstrap(body: unknown, room: string | undefined): Bootstrap {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const name = text(said.room) ?? room ?? 'lobby';
  return {
    title: text(said.title) ?? 'Parlour',
    room: name,
    roomTitle: text(said.roomTitle) ?? name,
    roomPassword: said.roomPassword === true,
    guestsAllowed: said.guestsAllowed !== false,
    registration: said.registration === true,
    roomsAllowed: said.roomsAllowed === true,
    ...(webAddress(said.landingPage) ? { landingPage: webAddress(said.landingPage) } : {}),
    reports: said.reports === true,
    meetings: said.meetings !== false,
    ice: Array.isArray(said.ice) ? (said.ice as RTCIceServer[]) : [],
    maxImageBytes: typeof said.maxImageBytes === 'number' ? said.maxImageBytes : DEFAULT_MAX_IMAGE_BYTES,
  };
}

function webAddress(value: unknown): string {
  return typeof value === 'string' && /^https?:\/\//.test(value) ? value : '';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function errorMessage(body: unknown): string {
  const { error } = (body ?? {}) as { error?: { message?: unknown } };
  return text(error?.message) ?? '';
}
