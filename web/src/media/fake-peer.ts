/** For tests: as much of an RTCPeerConnection as our signalling touches. */
export class FakePeer {
  readonly log: string[] = [];
  readonly candidates: string[] = [];
  readonly added: unknown[] = [];
  connectionState = 'new';
  signalingState = 'stable';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  onicecandidate: unknown = null;
  ontrack: ((event: { streams: unknown[]; track: unknown }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  readonly #ufrag: string;

  constructor(ufrag: string) {
    this.#ufrag = ufrag;
  }

  addTrack(track: unknown): void {
    this.added.push(track);
  }

  addTransceiver(kind: string): void {
    this.log.push(`transceiver ${kind}`);
  }

  getSenders(): unknown[] {
    return this.added.map((track) => ({ track }));
  }

  getTransceivers(): unknown[] {
    return [];
  }

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    return { type: 'offer', sdp: sdpOf(this.#ufrag) };
  }

  async createAnswer(): Promise<RTCSessionDescriptionInit> {
    return { type: 'answer', sdp: sdpOf(this.#ufrag) };
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.remoteDescription) throw new Error('There is no remote description.');
    this.candidates.push(candidate.candidate ?? '');
  }

  arrive(stream: unknown): void {
    this.ontrack?.({ streams: [stream], track: {} });
  }

  fail(): void {
    this.connectionState = 'failed';
    this.onconnectionstatechange?.();
  }

  close(): void {
    this.log.push('closed');
  }
}

export function sdpOf(ufrag: string): string {
  return `v=0\r\na=fingerprint:sha-256 ${ufrag}\r\na=ice-ufrag:${ufrag}\r\n`;
}
