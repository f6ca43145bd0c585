import native, { type PeerConnection, type Track } from 'node-datachannel';
import type { Candidate } from '../../core/stream.ts';
import type { IceServer } from './options.ts';
import { type PipeNetwork, rtcConfig } from './pipe-config.ts';
import { announced, sideDoorCandidate, usableCandidate } from './sdp/candidates.ts';
import type { TransportParameters } from './sdp/description.ts';
import { parseDescription } from './sdp/parse.ts';
import { SdpError } from './sdp/sdp-error.ts';
import type { SideDoor } from './side-door/side-door.ts';

export interface PipeOptions {
  readonly network: PipeNetwork;
  readonly iceServers: readonly IceServer[];
  /** Told to whoever may come over a TURN server; to nobody where it is left out. */
  readonly sideDoor?: SideDoor;
  /** They are told of that door alone, and sought nowhere. */
  readonly isBySideDoorOnly?: boolean;
  /** Each packet that arrives, RTP or RTCP. The buffer is the callee's own. */
  onPacket(packet: Buffer): void;
  /** Packets can be sent from now on. */
  onOpen(): void;
  /** Nothing of the other end was heard for long, or it said goodbye. */
  onLost(): void;
  onCandidate(candidate: string): void;
  /** They reach us by the side door alone, and the library has settled on another way, which is none. */
  onSideDoorNeeded?(): void;
}

/** What somebody may say before we listen. */
const MOST_CANDIDATES = 64;
/** An answer is with them and read by then. */
const ANSWER_READ_MS = 200;
const MID = 'x';
/** Who came by the side door, and by any other way as well, is connected by then. Milliseconds. */
const VISIT_PATIENCE = 2_000;

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
  /** Our own, as the library found them. */
  readonly #hosts: string[] = [];
  /** The name under which the side door knows us. */
  #admitted: string | undefined;
  #visited: NodeJS.Timeout | undefined;
  #sideDoor: 'unneeded' | 'opening' | { readonly port: number } = 'unneeded';
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
    if (options.isBySideDoorOnly) this.#tellSideDoor();
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
    return found.flatMap((line) => this.#ways(line));
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
    if (usable.isRelay) this.#tellSideDoor();
    if (this.#options.isBySideDoorOnly) return;
    try {
      this.#connection.addRemoteCandidate(usable.line, MID);
    } catch {
      // The library reads candidates more strictly than we do: this one is of no use.
    }
  }

  /**
   * Those of their description, a moment after it is answered: libraries such as ours turn away who checks before they
   * have read the answer. Browsers check by themselves, and lose nothing.
   */
  addOffered(lines: readonly string[]): void {
    const usable = lines.map((candidate) => usableCandidate({ candidate }));
    if (usable.some((candidate) => candidate?.isRelay)) this.#tellSideDoor();
    setTimeout(() => {
      for (const candidate of lines) this.addCandidate({ candidate });
    }, ANSWER_READ_MS).unref();
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
    clearTimeout(this.#visited);
    if (this.#admitted !== undefined) this.#options.sideDoor?.dismiss(this.#admitted);
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
      const own = line.replace(/^a=/, '');
      if (own.includes(' typ host')) this.#hosts.push(own);
      for (const each of this.#ways(own)) onCandidate(each);
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

  /** They may come over TCP to their TURN server, and Chromium then needs the other door (`side-door`). */
  #tellSideDoor(): void {
    const { sideDoor, onCandidate } = this.#options;
    if (!sideDoor || this.#sideDoor !== 'unneeded') return;
    this.#sideDoor = 'opening';
    sideDoor.whenOpen((port) => {
      if (this.#isClosed) return;
      this.#sideDoor = { port };
      for (const line of this.#hosts.flatMap((own) => this.#besides(own))) {
        for (const each of this.#withAnnounced(line)) onCandidate(each);
      }
    });
  }

  /** The side door, seen beside a way of the library's own. */
  #besides(own: string): readonly string[] {
    const { sideDoor } = this.#options;
    if (!sideDoor || typeof this.#sideDoor === 'string' || !own.includes(' typ host')) return [];
    const { ufrag, pwd } = this.local;
    this.#admitted = ufrag;
    sideDoor.admit(ufrag, { password: pwd, port: Number(own.split(' ')[5]), onVisit: () => this.#onVisit() });
    return [sideDoorCandidate(own, this.#sideDoor.port)];
  }

  /** Whoever was offered something is asked by the library, too, which may settle on a way that is closed to them. */
  #onVisit(): void {
    const { onSideDoorNeeded, isBySideDoorOnly } = this.#options;
    if (!onSideDoorNeeded || isBySideDoorOnly || this.#visited || this.#isOpen) return;
    this.#visited = setTimeout(() => {
      if (!this.#isOpen && !this.#isClosed) onSideDoorNeeded();
    }, VISIT_PATIENCE);
  }

  /** All that is told of one of the library's candidates. */
  #ways(own: string): readonly string[] {
    const direct = this.#options.isBySideDoorOnly ? [] : [own];
    return [...direct, ...this.#besides(own)].flatMap((line) => this.#withAnnounced(line));
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
