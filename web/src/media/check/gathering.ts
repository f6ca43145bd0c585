import type { NetworkFacts } from './findings.ts';

const LONGEST_MS = 5_000;

/** What came of looking for one's own addresses. */
interface Gathered {
  readonly types: ReadonlySet<string>;
  /** Everybody who was asked has answered in time. */
  readonly isComplete: boolean;
}

/** What this browser finds out about its own addresses. */
export async function gatherFacts(servers: readonly RTCIceServer[]): Promise<NetworkFacts> {
  const stun = stunAmong(servers);
  const connection = new RTCPeerConnection({ iceServers: stun.map((urls) => ({ urls })) });
  try {
    const { types, isComplete } = await gather(connection);
    return { hasHost: types.has('host'), udp: udpOf({ types, isComplete }, stun.length > 0) };
  } finally {
    connection.close();
  }
}

function stunAmong(servers: readonly RTCIceServer[]): readonly string[] {
  return servers.flatMap(({ urls }) => urls).filter((url) => /^stun:/i.test(url));
}

function udpOf({ types, isComplete }: Gathered, wasAsked: boolean): NetworkFacts['udp'] {
  if (types.has('srflx')) return 'open';
  if (!wasAsked) return 'unknown';
  // Who has a public address of their own is not told it a second time.
  return isComplete ? 'open' : 'blocked';
}

async function gather(connection: RTCPeerConnection): Promise<Gathered> {
  const types = new Set<string>();
  let hasFailed = false;
  connection.onicecandidateerror = () => {
    hasFailed = true;
  };
  const ended = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), LONGEST_MS);
    connection.onicecandidate = ({ candidate }) => {
      if (candidate === null) resolve(true);
      else if (candidate.type) types.add(candidate.type);
    };
  });
  connection.createDataChannel('check');
  await connection.setLocalDescription();
  return { isComplete: (await ended) && !hasFailed, types };
}
