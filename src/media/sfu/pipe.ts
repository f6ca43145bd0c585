import native, { type PeerConnection, type Track } from 'node-datachannel';
import type { Candidate } from '../../core/stream.ts';
import type { IceServer } from './options.ts';
import { type PipeNetwork, rtcConfig } from './pipe-config.ts';
import { announced, usableCandidate } from './sdp/candidates.ts';
import type { TransportParameters } from './sdp/description.ts';
import { parseDescription } from './sdp/parse.ts';
import { SdpError } from './sdp/sdp-error.ts';

export interface PipeOptions {
  readonly network: PipeNetwork;
  readonly iceServers: readonly IceServer[];
  /** Each packet that arrives, RTP or RTCP. The buffer is the callee's own. */
  onPacket(packet: Buffer): void;
  /** Packets can be sent from now on. */
  onOpen(): void;
  /** Nothing of the other end was heard for long, or it said goodbye. */
  onLost(): void;
  onCandidate(candidate: string): void;
}

/** What somebody may say before we listen. */
const MOST_CANDIDATES = 64;
const MID = 'x';

/**
 * ICE, DTLS and SRTP between us and one browser: what goes in at one end comes out at the other. The library is told
 * of a single invented section, with which it hands over whatever arrives and sends whatever it is given.
 */
export class Pipe {
  readonly local: TransportParameters;
  readonly #options: PipeOptions;
  readonly #connection: PeerConnection;
  // Kept, as a collected wrapper closes its track.
  #track: Track | undefined;
  #remoteUfrag: string | undefined;
  #promised: TransportParameters['fingerprint'] | undefined;
  /** Whoever is at the other end has the certificate that was promised: before that, nothing passes. */
  #isVerified = false;
  #waiting: Candidate[] = [];
  #candidatesLeft = MOST_CANDIDATES;
  #isOpen = false;
  #isLost = false;
  #isClosed = false;

  /** Answers somebody's offer. Throws an `SdpError` where the library does not like it. */
  static answering(remote: TransportParameters, options: PipeOptions): Pipe {
    return new Pipe(options, remote);
  }

  /** Comes to life when `accept` says the other end. */
  static offering(options: PipeOptions): Pipe {
    return new Pipe(options, undefined);
  }

  private constructor(options: PipeOptions, remote: TransportParameters | undefined) {
    this.#options = options;
    this.#connection = new native.PeerConnection(MID, rtcConfig(options.network, options.iceServers));
    this.#listen();
    try {
      this.local = remote ? this.#answer(remote) : this.#offer();
    } catch (error) {
      this.close();
      throw new SdpError('the transport cannot be used', { cause: error });
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get remoteUfrag(): string | undefined {
    return this.#remoteUfrag;
  }

  /** Candidates of ours that are known by now. */
  get candidates(): readonly string[] {
    const text = this.#isClosed ? undefined : this.#connection.localDescription()?.sdp;
    const found = text === undefined ? [] : (parseDescription(text).sections[0]?.candidates ?? []);
    return found.flatMap((line) => this.#withAnnounced(line));
  }

  /** The other end of one that we offered. Throws an `SdpError`. */
  accept(remote: TransportParameters): void {
    if (this.#isClosed) return;
    this.#promised = remote.fingerprint;
    try {
      this.#connection.setRemoteDescription(invented(remote), 'answer');
    } catch (error) {
      throw new SdpError('the transport cannot be used', { cause: error });
    }
    this.#heardOf(remote);
  }

  /** In any order, before `accept` too. What is of no use, or of another generation, is passed over. */
  addCandidate(candidate: Candidate): void {
    if (this.#isClosed || this.#candidatesLeft <= 0) return;
    const usable = usableCandidate(candidate);
    if (!usable) return;
    this.#candidatesLeft -= 1;
    if (this.#remoteUfrag === undefined) {
      this.#waiting.push(candidate);
      return;
    }
    if (usable.ufrag !== undefined && usable.ufrag !== this.#remoteUfrag) return;
    try {
      this.#connection.addRemoteCandidate(usable.line, MID);
    } catch {
      // The library reads candidates more strictly than we do: this one is of no use.
    }
  }

  /** False where it did not go out: not connected, or the socket is full. The packet is copied. */
  send(packet: Buffer): boolean {
    if (!this.#isOpen || this.#track === undefined) return false;
    try {
      return this.#track.sendMessageBinary(packet);
    } catch {
      // It closed in its own thread, of which we hear in a moment.
      return false;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isOpen = false;
    this.#waiting = [];
    this.#track?.close();
    this.#connection.close();
    this.#track = undefined;
  }

  #answer(remote: TransportParameters): TransportParameters {
    this.#promised = remote.fingerprint;
    this.#connection.onTrack((track) => this.#carry(track));
    this.#connection.setRemoteDescription(invented(remote), 'offer');
    this.#connection.setLocalDescription('answer');
    const local = this.#readLocal();
    this.#heardOf(remote);
    return local;
  }

  #offer(): TransportParameters {
    const section = new native.Video(MID, 'SendRecv');
    section.addVP8Codec(96);
    this.#carry(this.#connection.addTrack(section));
    this.#connection.setLocalDescription('offer');
    return this.#readLocal();
  }

  #readLocal(): TransportParameters {
    const transport = parseDescription(this.#connection.localDescription()?.sdp ?? '').sections[0]?.transport;
    if (!transport) throw new Error('the library made a description that we cannot read');
    return transport;
  }

  #heardOf({ ufrag }: TransportParameters): void {
    this.#remoteUfrag = ufrag;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#candidatesLeft = MOST_CANDIDATES;
    for (const candidate of waiting) this.addCandidate(candidate);
  }

  #listen(): void {
    const { onLost, onCandidate } = this.#options;
    this.#connection.onLocalCandidate((line) => {
      if (this.#isClosed) return;
      for (const each of this.#withAnnounced(line.replace(/^a=/, ''))) onCandidate(each);
    });
    this.#connection.onStateChange((state) => {
      if (this.#isClosed) return;
      if (state === 'connected') this.#recover();
      if (state !== 'disconnected' && state !== 'failed' && state !== 'closed') return;
      this.#isLost = true;
      if (state !== 'disconnected') this.#isOpen = false;
      onLost();
    });
  }

  /** A way that was gone for a while; the first opening is the track's. */
  #recover(): void {
    if (!this.#isLost || !this.#isVerified || this.#track?.isOpen() !== true) return;
    this.#isLost = false;
    this.#isOpen = true;
    this.#options.onOpen();
  }

  #carry(track: Track): void {
    const { onPacket, onOpen } = this.#options;
    this.#track = track;
    track.onMessage((packet) => {
      // The first ones may come before the news that the way is open.
      this.#isVerified ||= !this.#isClosed && this.#isWhoWasPromised();
      if (!this.#isClosed && this.#isVerified) onPacket(packet);
    });
    track.onOpen(() => {
      if (this.#isClosed || this.#isOpen) return;
      this.#isVerified = this.#isWhoWasPromised();
      if (!this.#isVerified) {
        this.#connection.close();
        return;
      }
      this.#isOpen = true;
      onOpen();
    });
  }

  #isWhoWasPromised(): boolean {
    const { algorithm, value } = this.#connection.remoteFingerprint();
    const promised = this.#promised && `${this.#promised.algorithm} ${this.#promised.value}`;
    return `${algorithm} ${value}`.toLowerCase() === promised?.toLowerCase();
  }

  #withAnnounced(line: string): readonly string[] {
    return [line, ...announced(line, this.#options.network.announced)];
  }
}

function invented({ ufrag, pwd, fingerprint, setup }: TransportParameters): string {
  return [
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
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    `a=setup:${setup}`,
    '',
  ].join('\r\n');
}
