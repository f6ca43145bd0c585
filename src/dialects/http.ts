/** What a wire serves beside its frames, over HTTP. Plain data in and out: servers and sockets are the transport's. */
export interface Route {
  /**
   * An exact path, such as `/api/statistics`, or with `:name` for a segment, `**` for one to sixteen of them, or `*` at its
   * end for all that follows. What says more of a path comes before what says less.
   */
  readonly path: string;
  /** Bytes of the body; more is answered with 413. */
  readonly bodyBytes: number;
  /** All methods arrive here: wires have their own ideas of what a wrong one is answered with. */
  handle(request: RouteRequest): Promise<RouteResponse> | RouteResponse;
}

export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  /** What stands in the place of the path's `:name`s. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** The peer's network address, for limits. */
  readonly address: string;
}

/**
 * What a wire has to say on `/` where our own client is there: a part of the page for those whose browser runs no
 * scripts, and forms of its own.
 */
export interface HomePart {
  page(request: RouteRequest): Promise<{ readonly html: string; readonly headers: Readonly<Record<string, string>> }>;
  /** The answer to a form, if it is one of this wire's. */
  submitted(request: RouteRequest): Promise<RouteResponse | undefined>;
}

export interface RouteResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Text; or bytes that are sent as they come, of which `return` is called in the end, also where nobody wants the first
   * of them: what is behind them is closed by it.
   */
  readonly body?: string | AsyncIterableIterator<Uint8Array>;
}

export function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Where what was asked for is on the host that all pages are of, where there is one and it was not that. */
export function onCanonicalHost(
  { headers, path, query }: RouteRequest,
  canonicalHost: string | undefined,
): string | undefined {
  const isThere = canonicalHost === undefined || headers.host?.toLowerCase() === canonicalHost.toLowerCase();
  return isThere ? undefined : `https://${canonicalHost}${withQuery(path, query)}`;
}
