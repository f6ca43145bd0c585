import type { RtcConfig } from 'node-datachannel';
import type { IceServer } from './options.ts';

/** How the connections of one process reach the network. */
export interface PipeNetwork {
  readonly bindAddress?: string | undefined;
  /** One port for all connections, or one of a range for each. */
  readonly ports?: { readonly begin: number; readonly end: number; readonly isShared: boolean } | undefined;
  /** UDP port of the side door; any free one where it is left out. */
  readonly sideDoor?: number | undefined;
  /** Addresses that lead to us from elsewhere. */
  readonly announced: readonly string[];
  readonly relayOnly: boolean;
}

export function rtcConfig(network: PipeNetwork, servers: readonly IceServer[]): RtcConfig {
  const { bindAddress, ports, relayOnly } = network;
  return {
    iceServers: servers.flatMap(nativeServers),
    disableAutoNegotiation: true,
    // The library begins with a description's ICE before it has kept its fingerprint, and refuses who is quick: the pipe
    // compares them itself.
    disableFingerprintVerification: true,
    ...(bindAddress === undefined ? {} : { bindAddress }),
    ...(ports ? { portRangeBegin: ports.begin, portRangeEnd: ports.end, enableIceUdpMux: ports.isShared } : {}),
    ...(relayOnly ? { iceTransportPolicy: 'relay' as const } : {}),
  };
}

/** The library speaks to TURN over UDP only: other ways there are left to the browsers. */
function nativeServers({ urls, username, credential }: IceServer): RtcConfig['iceServers'] {
  return urls.flatMap((url) => {
    const [, scheme, host = '', port] =
      /^(stun|turn):(\[[^\]]+\]|[^:?]+)(?::(\d{1,5}))?(?:\?transport=udp)?$/i.exec(url) ?? [];
    if (scheme === undefined) return [];
    const hostname = host.replace(/^\[|\]$/g, '');
    if (scheme.toLowerCase() === 'stun') return `stun:${host}:${port ?? 3478}`;
    if (username === undefined || credential === undefined) return [];
    return { hostname, port: Number(port ?? 3478), username, password: credential, relayType: 'TurnUdp' as const };
  });
}
