/** What a wire serves beside its frames, over HTTP. Plain data in and out: servers and sockets are the transport's. */
export interface Route {
  /** An exact path, such as `/api/statistics`. */
  readonly path: string;
  /** Bytes of the body; more is answered with 413. */
  readonly bodyBytes: number;
  /** All methods arrive here: wires have their own ideas of what a wrong one is answered with. */
  handle(request: RouteRequest): Promise<RouteResponse> | RouteResponse;
}

export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** The peer's network address, for limits. */
  readonly address: string;
}

export interface RouteResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
