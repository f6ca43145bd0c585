/** For tests: as much of an RTCPeerConnection as streams by way of the server touch. */
export class FakeConnection {
  readonly id: number;
  readonly candidates: string[] = [];
  readonly transceivers: FakeTransceiver[] = [];
  connectionState = 'new';
  signalingState = 'stable';
  closed = false;
  restarts = 0;
  level = 0;
  /** Beside the level, what it counts. */
  counted: Readonly<Record<string, unknown>>[] = [];
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  ontrack: ((event: { streams: unknown[]; track: unknown }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  #descriptions = 0;

  constructor(id: number) {
    this.id = id;
  }

  addTransceiver(track: FakeTrack, init: { sendEncodings: RTCRtpEncodingParameters[] }): void {
    this.transceivers.push(new FakeTransceiver(track, init.sendEncodings));
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  sending(kind: 'audio' | 'video'): FakeTransceiver | undefined {
    return this.transceivers.find(({ receiver }) => receiver.track.kind === kind);
  }

  getReceivers(): unknown[] {
    const getSynchronizationSources = () => [{ audioLevel: this.level }];
    return [{ track: { kind: 'audio' }, getSynchronizationSources }];
  }

  async getStats(): Promise<ReadonlyMap<string, unknown>> {
    const all = [{ type: 'media-source', audioLevel: this.level }, ...this.counted];
    return new Map(all.map((entry, index) => [`${index}`, entry]));
  }

  async createOffer({ iceRestart = false }: RTCOfferOptions = {}): Promise<RTCSessionDescriptionInit> {
    if (iceRestart) this.restarts++;
    return { type: 'offer', sdp: `offer ${++this.#descriptions} of ${this.id}` };
  }

  async createAnswer(): Promise<RTCSessionDescriptionInit> {
    return { type: 'answer', sdp: `answer ${++this.#descriptions} of ${this.id}` };
  }

  /** As browsers do, it finds candidates at once. */
  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    this.onicecandidate?.({ candidate: { candidate: `own ${description.sdp}`, sdpMid: '0', sdpMLineIndex: 0 } });
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (description.sdp === 'nonsense') throw new Error('That is no description.');
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.remoteDescription) throw new Error('There is no remote description.');
    this.candidates.push(candidate.candidate ?? '');
  }

  become(state: 'connected' | 'failed'): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  arrive(stream: unknown): void {
    this.ontrack?.({ streams: [stream], track: {} });
  }

  close(): void {
    this.closed = true;
  }
}

class FakeTransceiver {
  readonly sender: { track: FakeTrack | null; replaceTrack(track: FakeTrack | null): Promise<void> };
  readonly receiver: { readonly track: { readonly kind: string } };
  readonly encodings: readonly RTCRtpEncodingParameters[];

  constructor(track: FakeTrack, encodings: readonly RTCRtpEncodingParameters[]) {
    this.encodings = encodings;
    this.receiver = { track: { kind: track.kind } };
    this.sender = {
      track,
      async replaceTrack(next) {
        this.track = next;
      },
    };
  }
}

export class FakeTrack {
  readonly kind: 'audio' | 'video';
  enabled = true;
  stopped = false;
  contentHint = '';
  onended: (() => void) | null = null;

  constructor(kind: 'audio' | 'video') {
    this.kind = kind;
  }

  stop(): void {
    this.stopped = true;
  }
}

export class FakeStream {
  readonly tracks: readonly FakeTrack[];

  constructor(...tracks: readonly FakeTrack[]) {
    this.tracks = tracks;
  }

  getTracks(): readonly FakeTrack[] {
    return this.tracks;
  }

  getAudioTracks(): readonly FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): readonly FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'video');
  }
}
