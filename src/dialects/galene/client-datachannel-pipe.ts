import ndc, { type PeerConnection, type Track } from 'node-datachannel';
import type { LossyLink } from './client-lossy-link.ts';

/** What two ends have to know of each other. */
export interface TransportParameters {
  readonly ufrag: string;
  readonly pwd: string;
  /** `sha-256 AA:BB:…` */
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
}

export interface PipeOptions {
  /** `stun:HOST:PORT`, as libdatachannel writes it. */
  readonly iceServers: readonly string[];
  /** The one address to be reached at; all unless said. */
  readonly bindAddress?: string;
  /** Loses packets; none are lost unless said. */
  readonly link?: LossyLink;
  candidate(candidate: string): void;
  /** `connecting`, `connected`, `disconnected`, `failed`, `closed`. */
  stateChanged(state: string): void;
  packet(packet: Buffer): void;
}

/** The one invented section: with a single one, libdatachannel hands over every packet, whatever its SSRC or kind. */
const MID = 'x';

/** Of those that are open: a collected wrapper closes its track silently. */
const live = new Set<DatachannelPipe>();

/** A transport of libdatachannel's, used for ICE, DTLS and SRTP alone. Owned by its peer. */
export class DatachannelPipe {
  readonly #options: PipeOptions;
  readonly #connection: PeerConnection;
  readonly #local = Promise.withResolvers<TransportParameters>();
  #track: Track | undefined;
  #remote: TransportParameters | undefined;
  #state = 'new';
  #isVerified = false;
  /** Our own candidates, as long as nothing is known of the other end. */
  #heldBack: string[] | undefined = [];
  #isClosed = false;

  constructor(options: PipeOptions) {
    this.#options = options;
    const { bindAddress } = options;
    this.#connection = new ndc.PeerConnection('galene', {
      iceServers: [...options.iceServers],
      disableAutoNegotiation: true,
      // The library begins with a description's ICE before it has kept its fingerprint: who is quick is refused (seen
      // one time in twenty on a busy machine). So it is compared here, once they are connected.
      disableFingerprintVerification: true,
      ...(bindAddress === undefined ? {} : { bindAddress }),
    });
    live.add(this);
    this.#local.promise.catch(() => {});
    this.#listen();
  }

  get state(): string {
    return this.#state;
  }

  /** Begins as the one that offers; the other end's parameters come by {@link accept}. */
  offer(): Promise<TransportParameters> {
    const section = new ndc.Video(MID, 'SendRecv');
    section.addVP8Codec(96);
    this.#begin(this.#connection.addTrack(section));
    this.#connection.setLocalDescription('offer');
    return this.#local.promise;
  }

  /** Throws where libdatachannel cannot make sense of them. */
  accept(remote: TransportParameters): void {
    this.#remote = remote;
    this.#connection.setRemoteDescription(sdpOf(remote), 'answer');
    this.#introduce();
  }

  /** Begins as the one that answers. Rejects where libdatachannel cannot make sense of the offer. */
  async answer(remote: TransportParameters): Promise<TransportParameters> {
    this.#remote = remote;
    this.#connection.setRemoteDescription(sdpOf(remote), 'offer');
    this.#introduce();
    this.#connection.setLocalDescription('answer');
    return this.#local.promise;
  }

  /** A way to the other end. One that is of no use here is passed over. */
  addCandidate(candidate: string): void {
    const { link } = this.#options;
    if (this.#isClosed || !isUsable(candidate)) return;
    if (!link) this.#use(candidate);
    else void link.through(candidate).then((through) => through && this.#use(through));
  }

  /** Whether it was sent. */
  send(packet: Buffer): boolean {
    const track = this.#track;
    if (this.#isClosed || !this.#isVerified || !track?.isOpen()) return false;
    return track.sendMessageBinary(packet);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#state = 'closed';
    this.#local.reject(new Error('The transport was closed.'));
    live.delete(this);
    this.#track?.close();
    this.#connection.close();
  }

  #listen(): void {
    const connection = this.#connection;
    connection.onLocalDescription((sdp) => this.#local.resolve(parametersOf(sdp)));
    connection.onLocalCandidate((line) => {
      // Who knew this address would go past the link.
      if (this.#isClosed || this.#options.link) return;
      const candidate = line.replace(/^a=/, '');
      if (this.#heldBack) this.#heldBack.push(candidate);
      else this.#options.candidate(candidate);
    });
    connection.onTrack((track) => this.#begin(track));
    connection.onStateChange((state) => {
      // What follows a failure is the library's tidying up.
      if (this.#isClosed || this.#state === 'failed') return;
      const isImpostor = state === 'connected' && !this.#isWhoWasPromised();
      this.#isVerified ||= state === 'connected' && !isImpostor;
      this.#state = isImpostor ? 'failed' : state;
      if (isImpostor) connection.close();
      this.#options.stateChanged(this.#state);
    });
  }

  /** From here on the other end may know where we are: the library turns away whoever comes before it knows of them. */
  #introduce(): void {
    const candidates = this.#heldBack ?? [];
    this.#heldBack = undefined;
    for (const candidate of candidates) this.#options.candidate(candidate);
  }

  #isWhoWasPromised(): boolean {
    const { algorithm, value } = this.#connection.remoteFingerprint();
    return `${algorithm} ${value}`.toLowerCase() === this.#remote?.fingerprint.toLowerCase();
  }

  #use(candidate: string): void {
    if (this.#isClosed) return;
    try {
      this.#connection.addRemoteCandidate(candidate, MID);
    } catch {
      // Not understood: there are others.
    }
  }

  #begin(track: Track): void {
    this.#track = track;
    track.onMessage((packet) => {
      if (!this.#isClosed && this.#isVerified) this.#options.packet(packet);
    });
  }
}

/** Stops libdatachannel's threads, which otherwise keep the process alive. After all peers are closed, and once. */
export function stopDatachannels(): void {
  ndc.cleanup();
}

/** libjuice knows UDP; names of multicast DNS would be looked up, and seldom found. */
function isUsable(candidate: string): boolean {
  const [, , transport = '', , address = ''] = candidate.replace(/^a=/, '').split(' ');
  return transport.toLowerCase() === 'udp' && !address.endsWith('.local');
}

function sdpOf({ ufrag, pwd, fingerprint, setup }: TransportParameters): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${MID}`,
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    `a=mid:${MID}`,
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:${fingerprint}`,
    `a=setup:${setup}`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function parametersOf(sdp: string): TransportParameters {
  const value = (key: string) => new RegExp(`^a=${key}:(.*?)\\s*$`, 'm').exec(sdp)?.[1] ?? '';
  const setup = value('setup');
  return {
    ufrag: value('ice-ufrag'),
    pwd: value('ice-pwd'),
    fingerprint: value('fingerprint'),
    setup: setup === 'active' || setup === 'passive' ? setup : 'actpass',
  };
}
