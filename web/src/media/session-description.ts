/** What a peer said, read with care: it may be anything. */
export type PeerSignal =
  | { readonly kind: 'offer'; readonly description: RTCSessionDescriptionInit }
  | { readonly kind: 'answer'; readonly description: RTCSessionDescriptionInit }
  | { readonly kind: 'candidate'; readonly candidate: RTCIceCandidateInit };

export function readSignal(kind: 'description' | 'candidate', payload: string): PeerSignal | undefined {
  const value = parse(payload);
  if (!value) return undefined;
  return kind === 'description' ? readDescription(value) : readCandidate(value);
}

function readDescription({ type, sdp }: Record<string, unknown>): PeerSignal | undefined {
  if ((type !== 'offer' && type !== 'answer') || typeof sdp !== 'string') return undefined;
  return { kind: type, description: { type, sdp } };
}

function readCandidate(value: Record<string, unknown>): PeerSignal | undefined {
  const { candidate, sdpMid, sdpMLineIndex } = value;
  if (typeof candidate !== 'string' || candidate === '') return undefined;
  const usernameFragment = text(value.usernameFragment) ?? /\bufrag (\S+)/.exec(candidate)?.[1];
  return {
    kind: 'candidate',
    candidate: {
      candidate,
      sdpMid: text(sdpMid) ?? null,
      sdpMLineIndex: typeof sdpMLineIndex === 'number' ? sdpMLineIndex : null,
      ...(usernameFragment === undefined ? {} : { usernameFragment }),
    },
  };
}

export function ufragsOf(description: RTCSessionDescriptionInit): readonly string[] {
  return [...(description.sdp ?? '').matchAll(/^a=ice-ufrag:(\S+)/gm)].map(([, ufrag]) => ufrag ?? '');
}

/** Of the certificate: one for each connection. */
export function fingerprintOf(description: RTCSessionDescriptionInit): string | undefined {
  return /^a=fingerprint:(.+?)\r?$/m.exec(description.sdp ?? '')?.[1];
}

function parse(payload: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
