const FINGERPRINT = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0').toUpperCase()).join(
  ':',
);

export interface OfferOptions {
  readonly ufrag?: string;
  readonly direction?: string;
  /** `96 VP8/90000` unless said. */
  readonly video?: string;
}

/** What an encoder or a player may offer; nobody is behind it. */
export function offer({ ufrag = 'abcd', direction = 'sendonly', video = '96 VP8/90000' }: OfferOptions = {}): string {
  const transport = [
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${ufrag}`,
    'a=ice-pwd:0123456789012345678901',
    `a=fingerprint:sha-256 ${FINGERPRINT}`,
    'a=setup:actpass',
    'a=rtcp-mux',
    `a=${direction}`,
  ];
  const lines = [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'],
    ...['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'a=rtpmap:111 opus/48000/2', ...transport],
    ...[`m=video 9 UDP/TLS/RTP/SAVPF ${video.split(' ')[0]}`, 'a=mid:1', `a=rtpmap:${video}`, ...transport],
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** A fragment of the way `ufrag`. */
export function fragment(ufrag = 'abcd', ...more: readonly string[]): string {
  const lines = [
    `a=ice-ufrag:${ufrag}`,
    'a=ice-pwd:0123456789012345678901',
    'm=audio 9 UDP/TLS/RTP/SAVPF 0',
    'a=mid:0',
  ];
  return `${[...lines, ...more].join('\r\n')}\r\n`;
}

export const CANDIDATE = 'a=candidate:1 1 UDP 2122317823 127.0.0.1 9 typ host';
