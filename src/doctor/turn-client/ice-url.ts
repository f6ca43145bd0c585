/** A STUN or TURN server, and the way to it. */
export interface IceUrl {
  readonly scheme: 'stun' | 'turn';
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

export type Transport = 'udp' | 'tcp' | 'tls';

/**
 * An address as browsers are told it (RFC 7064 and 7065), in the way that browsers read it. Undefined where it makes no
 * sense.
 */
export function parseIceUrl(url: string): IceUrl | undefined {
  const [, scheme = '', secure, host = '', port, transport] =
    /^(stun|turn)(s)?:(\[[0-9a-f:.]+\]|[^:?\s[\]/@]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i.exec(url) ?? [];
  const number = port === undefined ? (secure ? 5349 : 3478) : Number(port);
  if (scheme === '' || number < 1 || number > 65_535) return undefined;
  // DTLS to a TURN server is something that browsers do not do.
  if (secure && transport?.toLowerCase() === 'udp') return undefined;
  return {
    scheme: scheme.toLowerCase() === 'turn' ? 'turn' : 'stun',
    host: host.replace(/^\[|\]$/g, ''),
    port: number,
    transport: secure ? 'tls' : transport?.toLowerCase() === 'tcp' ? 'tcp' : 'udp',
  };
}
