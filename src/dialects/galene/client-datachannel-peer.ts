import { type CodecLists, DEFAULT_CODECS } from './client-codecs.ts';
import { Demux } from './client-datachannel-demux.ts';
import { DatachannelPipe, type TransportParameters } from './client-datachannel-pipe.ts';
import { DatachannelTransceiver } from './client-datachannel-transceiver.ts';
import type { CandidateInit, IceServer, RtcConfiguration } from './client-frames.ts';
import { LossyLink, type PacketFilter } from './client-lossy-link.ts';
import type { Description, PeerConnectionLike, TrackLike, TransceiverInit } from './client-peer.ts';
import { isRtcp } from './client-rtp.ts';
import { type MediaSection, parseSdp, type SdpDescription, writeSdp } from './client-sdp.ts';

export { stopDatachannels } from './client-datachannel-pipe.ts';

export interface DatachannelPeerOptions {
  readonly configuration?: RtcConfiguration;
  /** The one address to be reached at; all unless said. */
  readonly bindAddress?: string;
  /** What is offered and taken; Opus and VP8 unless said. */
  readonly codecs?: CodecLists;
  /** Whether a packet passes, RTCP included; all do unless said. For tests of losses; then over IPv4 alone. */
  readonly passes?: PacketFilter;
  /** 0 to 1. */
  readonly random?: () => number;
}

type RtpListener = (packet: Buffer, transceiver: DatachannelTransceiver | undefined) => void;

interface Transport {
  readonly pipe: DatachannelPipe;
  readonly local: Promise<TransportParameters>;
  remote: TransportParameters | undefined;
}

/**
 * A connection over libdatachannel, for Node: descriptions are written here, packets are handed over as they are, RTP
 * and RTCP. ICE is restarted by a new transport with a new certificate, as the library knows no restart; until it is
 * connected the old one goes on. Owns its transports.
 */
export class DatachannelPeer implements PeerConnectionLike {
  onicecandidate: PeerConnectionLike['onicecandidate'] = null;
  oniceconnectionstatechange: PeerConnectionLike['oniceconnectionstatechange'] = null;
  onconnectionstatechange: PeerConnectionLike['onconnectionstatechange'] = null;
  ontrack: PeerConnectionLike['ontrack'] = null;
  readonly #options: DatachannelPeerOptions;
  readonly #random: () => number;
  readonly #sessionId: number;
  readonly #cname: string;
  readonly #stream: string;
  readonly #link: LossyLink | undefined;
  readonly #demux = new Demux();
  readonly #transceivers: DatachannelTransceiver[] = [];
  readonly #rtpListeners = new Set<RtpListener>();
  readonly #rtcpListeners = new Set<(packet: Buffer) => void>();
  #transport: Transport | undefined;
  /** Of before a restart, until the new one is connected. */
  #previous: Transport | undefined;
  /** Sections of the answer to a remote offer. */
  #answer: readonly MediaSection[] = [];
  #signalingState: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed' = 'stable';
  #localDescription: Description | null = null;
  #version = 1;
  #isRestarting = false;
  /** One description, or candidate, after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: DatachannelPeerOptions = {}) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#link = options.passes && new LossyLink(options.passes);
    this.#sessionId = this.#word();
    this.#cname = this.#word().toString(36);
    this.#stream = `stream-${this.#word().toString(36)}`;
  }

  get signalingState(): string {
    return this.#signalingState;
  }

  get connectionState(): string {
    if (this.#signalingState === 'closed') return 'closed';
    return this.#transport?.pipe.state ?? 'new';
  }

  get iceConnectionState(): string {
    const state = this.connectionState;
    return state === 'connecting' ? 'checking' : state;
  }

  get localDescription(): Description | null {
    return this.#localDescription;
  }

  /** In the order of the description. */
  get transceivers(): readonly DatachannelTransceiver[] {
    return this.#transceivers;
  }

  /** The name that the packets' sender goes by in reports. */
  get cname(): string {
    return this.#cname;
  }

  addTransceiver(trackOrKind: TrackLike | string, init: TransceiverInit): DatachannelTransceiver {
    const { direction, sendEncodings = [] } = init;
    const id = `track-${this.#transceivers.length}`;
    const track = typeof trackOrKind === 'string' ? { kind: trackOrKind, id } : trackOrKind;
    const { kind } = track;
    if (kind !== 'audio' && kind !== 'video') throw new TypeError(`No such kind of track: ${kind}`);
    const ssrcs = Array.from({ length: Math.max(1, sendEncodings.length) }, () => this.#word());
    const transceiver = new DatachannelTransceiver({ kind, track, direction, encodings: sendEncodings, ssrcs });
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  /** An answer where there is an offer to answer, else an offer. */
  setLocalDescription(): Promise<void> {
    return this.#next(() =>
      this.#signalingState === 'have-remote-offer' ? this.#describeAnswer() : this.#describeOffer(),
    );
  }

  /** Rejects what is no description, or none that is due. What was agreed before holds on. */
  setRemoteDescription({ type, sdp }: Description): Promise<void> {
    return this.#next(async () => {
      if (type === 'offer' && this.#signalingState === 'stable') this.#takeOffer(parseSdp(sdp));
      else if (type === 'answer' && this.#signalingState === 'have-local-offer') this.#takeAnswer(parseSdp(sdp));
      else throw new Error(`No ${type} is due while ${this.#signalingState}.`);
    });
  }

  /** Rejects before there is a remote description; what is of no use is passed over. */
  addIceCandidate({ candidate, usernameFragment }: CandidateInit): Promise<void> {
    return this.#next(async () => {
      const { pipe, remote } = this.#transport ?? {};
      if (!pipe || !remote) throw new Error('There is no remote description yet.');
      if (!usernameFragment || usernameFragment === remote.ufrag) pipe.addCandidate(candidate);
    });
  }

  /** The next offer is for a new way. */
  restartIce(): void {
    this.#isRestarting = true;
  }

  /** Returns what takes the listener off again. The transceiver is the one that the packet is of, where that is known. */
  onRtp(listener: RtpListener): () => void {
    this.#rtpListeners.add(listener);
    return () => this.#rtpListeners.delete(listener);
  }

  onRtcp(listener: (packet: Buffer) => void): () => void {
    this.#rtcpListeners.add(listener);
    return () => this.#rtcpListeners.delete(listener);
  }

  /** Sends a packet, RTP or RTCP, as it is; whether it went out. */
  send(packet: Buffer): boolean {
    const isReady = this.#transport?.pipe.state === 'connected';
    return ((isReady ? undefined : this.#previous) ?? this.#transport)?.pipe.send(packet) ?? false;
  }

  close(): void {
    if (this.#signalingState === 'closed') return;
    this.#signalingState = 'closed';
    this.#previous?.pipe.close();
    this.#transport?.pipe.close();
    this.#link?.close();
  }

  async #describeOffer(): Promise<void> {
    if (!this.#transport || this.#isRestarting) this.#begin((pipe) => pipe.offer());
    this.#isRestarting = false;
    const transport = await this.#localParameters();
    const { codecs = DEFAULT_CODECS } = this.#options;
    const sections = this.#transceivers.map((transceiver, index) =>
      transceiver.offered({ mid: String(index), codecs, cname: this.#cname, stream: this.#stream }),
    );
    // Who offers leaves open who begins (`spec/galene.md` 2.2).
    this.#describe('offer', { transport: { ...transport, setup: 'actpass' }, sections });
    this.#signalingState = 'have-local-offer';
  }

  async #describeAnswer(): Promise<void> {
    this.#describe('answer', { transport: await this.#localParameters(), sections: this.#answer });
    this.#signalingState = 'stable';
    this.#demux.use(this.#transceivers);
  }

  #describe(type: 'offer' | 'answer', { transport, sections }: Omit<SdpDescription, 'candidates'>): void {
    this.#version += 1;
    const head = { sessionId: this.#sessionId, version: this.#version, transport };
    this.#localDescription = { type, sdp: writeSdp(head, sections) };
  }

  async #localParameters(): Promise<TransportParameters> {
    const transport = this.#transport;
    if (!transport) throw new Error('There is no transport.');
    const local = await transport.local;
    if (this.#signalingState === 'closed') throw new Error('The connection is closed.');
    return local;
  }

  #takeAnswer({ transport: remote, sections, candidates }: SdpDescription): void {
    const { pipe, remote: before } = this.#transport ?? {};
    if (!this.#transport || !pipe) throw new Error('There is no transport.');
    if (before && before.ufrag !== remote.ufrag) throw new Error('The answer restarts what was not to be restarted.');
    if (!before) pipe.accept(remote);
    this.#transport.remote = remote;
    for (const section of sections) {
      this.#transceivers.find(({ mid }) => mid === section.mid)?.answered(section);
    }
    this.#signalingState = 'stable';
    this.#demux.use(this.#transceivers);
    for (const candidate of candidates) pipe.addCandidate(candidate);
  }

  #takeOffer({ transport: remote, sections, candidates }: SdpDescription): void {
    const isNew = this.#transport?.remote?.ufrag !== remote.ufrag;
    const transport = isNew || !this.#transport ? this.#begin((pipe) => pipe.answer(remote)) : this.#transport;
    transport.remote = remote;
    const silent = new Set(this.#transceivers.filter(({ isReceiving }) => !isReceiving));
    const { codecs = DEFAULT_CODECS } = this.#options;
    const before = this.#transceivers.length;
    this.#answer = sections.map((section) => this.#transceiverFor(section).accepted(section, codecs));
    this.#signalingState = 'have-remote-offer';
    for (const candidate of candidates) transport.pipe.addCandidate(candidate);
    for (const [index, transceiver] of this.#transceivers.entries()) {
      const isHeard = index >= before || silent.has(transceiver);
      if (isHeard && transceiver.isReceiving) this.ontrack?.({ track: transceiver.track, transceiver });
    }
  }

  #transceiverFor({ mid, kind, msid }: MediaSection): DatachannelTransceiver {
    const known = this.#transceivers.find((each) => each.mid === mid);
    if (known) return known;
    const track = { kind, id: msid?.[1] || `track-${mid}` };
    const made = new DatachannelTransceiver({ kind, track, direction: 'recvonly', encodings: [], ssrcs: [] });
    this.#transceivers.push(made);
    return made;
  }

  #begin(start: (pipe: DatachannelPipe) => Promise<TransportParameters>): Transport {
    const { bindAddress, configuration } = this.#options;
    const pipe: DatachannelPipe = new DatachannelPipe({
      iceServers: (configuration?.iceServers ?? []).flatMap(serversOf),
      ...(bindAddress === undefined ? {} : { bindAddress }),
      ...(this.#link ? { link: this.#link } : {}),
      candidate: (candidate) => void this.#found(transport, candidate),
      stateChanged: () => this.#changed(transport),
      packet: (packet) => this.#receive(packet),
    });
    const transport: Transport = { pipe, local: start(pipe), remote: undefined };
    transport.local.catch(() => {});
    // A restart that is restarted: what is connected, if anything is, goes on.
    if (this.#previous && this.#transport?.pipe.state !== 'connected') this.#transport?.pipe.close();
    else {
      this.#previous?.pipe.close();
      this.#previous = this.#transport;
    }
    this.#transport = transport;
    return transport;
  }

  async #found(transport: Transport, candidate: string): Promise<void> {
    const { ufrag } = await transport.local;
    if (transport !== this.#transport) return;
    const mid = this.#transceivers[0]?.mid ?? '0';
    const init = { candidate, sdpMid: mid, sdpMLineIndex: 0, usernameFragment: ufrag };
    this.onicecandidate?.({ candidate: { candidate, toJSON: () => init } });
  }

  #changed(transport: Transport): void {
    if (transport !== this.#transport) return;
    if (transport.pipe.state === 'connected') {
      this.#previous?.pipe.close();
      this.#previous = undefined;
    }
    this.oniceconnectionstatechange?.({});
    this.onconnectionstatechange?.({});
  }

  #receive(packet: Buffer): void {
    if (isRtcp(packet)) {
      for (const listener of this.#rtcpListeners) listener(packet);
      return;
    }
    const transceiver = this.#demux.find(packet);
    for (const listener of this.#rtpListeners) listener(packet, transceiver);
  }

  #next<Result>(step: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(() => {
      if (this.#signalingState === 'closed') throw new Error('The connection is closed.');
      return step();
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  #word(): number {
    return 1 + Math.floor(this.#random() * 0xffff_fffe);
  }
}

/** As libdatachannel writes them, with what is needed to be let in. */
function serversOf({ urls, username, credential }: IceServer): readonly string[] {
  return (typeof urls === 'string' ? [urls] : urls).map((url) => {
    if (!url.startsWith('turn') || username === undefined) return url;
    const user = `${encodeURIComponent(username)}:${encodeURIComponent(credential ?? '')}`;
    return url.replace(':', `:${user}@`);
  });
}
