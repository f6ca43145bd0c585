/** Browsers' events have more than is asked for here: a method's parameter may be narrower, a function's may not. */
type Listener<Event> = { handle(event: Event): void }['handle'] | null;

/** The part of `RTCPeerConnection` that is used here: a browser's fits, and so does an adapter. */
export interface WhipPeer {
  readonly localDescription: { readonly sdp: string } | null;
  onicecandidate: Listener<{ readonly candidate: WhipCandidate | null }>;
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: { readonly type: 'answer'; readonly sdp: string }): Promise<void>;
  restartIce(): void;
  close(): void;
}

export interface WhipCandidate {
  readonly candidate: string;
  toJSON(): { readonly sdpMid?: string | null; readonly usernameFragment?: string | null };
}

/** The part of `fetch` that is used here. */
export type WhipFetch = (
  url: string,
  init: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string },
) => Promise<WhipResponse>;

export interface WhipResponse {
  readonly status: number;
  /** After redirects. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}
