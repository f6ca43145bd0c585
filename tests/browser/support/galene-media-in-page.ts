declare global {
  interface Window {
    galeneMedia: GaleneInPage;
    /** Where a test gives one: another way to the same end. */
    detour?: (candidate: string) => Promise<string | undefined>;
  }
}

/** The latest web client, or the one of the protocol document of 2021 (`spec/galene.md` 1.14). */
export type PageGeneration = 'latest' | 'seed';

export interface GaleneInPageOptions {
  readonly group: string;
  readonly name: string;
  readonly generation: PageGeneration;
  /** As the web client does where its address says `?forceRelay`. */
  readonly forceRelay: boolean;
}

export interface ShareOptions {
  readonly label: 'camera' | 'screenshare';
  /** Both sizes at once, as with more than two people in the group (2.2). */
  readonly simulcast?: boolean;
  readonly replace?: string;
}

interface Frame {
  readonly type: string;
  readonly kind?: string;
  readonly id?: string;
  readonly value?: unknown;
  readonly sdp?: string;
  readonly label?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly source?: string;
  readonly replace?: string;
  readonly candidate?: RTCIceCandidateInit;
  readonly rtcConfiguration?: RTCConfiguration;
}

interface Up {
  readonly connection: RTCPeerConnection;
  readonly label: string;
  readonly early: RTCIceCandidateInit[];
}

interface Down {
  readonly connection: RTCPeerConnection;
  readonly video: HTMLVideoElement;
  readonly label: string;
  readonly source: string;
}

/** What a decoder says. */
export interface Decoded {
  readonly frames: number;
  readonly width: number;
  readonly energy: number;
  /** Of the longest time without a new picture since {@link GaleneInPage.watchForFreezes}, in milliseconds. */
  readonly longestFreeze: number;
}

/** Small pictures: tests have few processors. */
const CAMERA = { width: 640, height: 360, frameRate: 15 } as const;
const LOOK_MS = 40;

/** A small client of Galène's wire, of what its web clients send and no more. */
class GaleneInPage {
  readonly id = newId();
  readonly frames: Frame[] = [];
  readonly up = new Map<string, Up>();
  readonly down = new Map<string, Down>();
  readonly lines: string[] = [];
  readonly #options: GaleneInPageOptions;
  readonly #socket: WebSocket;
  readonly #looks = new Map<string, { frames: number; at: number; longest: number; firstAt: number | undefined }>();
  #requestedAt = 0;

  constructor(options: GaleneInPageOptions) {
    this.#options = options;
    this.#socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
    this.#socket.onmessage = ({ data }) => void this.#receive(JSON.parse(String(data)) as Frame);
    this.#socket.onopen = () => {
      const version = options.generation === 'seed' ? {} : { version: ['2'] };
      this.send({ type: 'handshake', id: this.id, ...version });
      // The seed's client does not wait for the answer.
      if (options.generation === 'seed') this.#join();
    };
    setInterval(() => void this.#look(), LOOK_MS);
  }

  get isIn(): boolean {
    return this.frames.some(({ type, kind }) => type === 'joined' && kind === 'join');
  }

  get rtcConfiguration(): RTCConfiguration {
    const told = this.frames.findLast(({ type, kind }) => type === 'joined' && kind === 'join')?.rtcConfiguration;
    return { ...told, ...(this.#options.forceRelay ? { iceTransportPolicy: 'relay' as const } : {}) };
  }

  /** How the packets of each connection go. */
  async ways(): Promise<readonly string[]> {
    const connections = [...this.up.values(), ...this.down.values()].map(({ connection }) => connection);
    return Promise.all(connections.map(wayOf));
  }

  /** A word through a loop of two connections within the page, as on the web client's page of that name. */
  async relayTest(): Promise<string> {
    const configuration = { ...this.rtcConfiguration, iceTransportPolicy: 'relay' as const };
    const [one, other] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
    one.onicecandidate = ({ candidate }) => candidate && void other.addIceCandidate(candidate);
    other.onicecandidate = ({ candidate }) => candidate && void one.addIceCandidate(candidate);
    const channel = one.createDataChannel('loop');
    channel.onopen = () => channel.send('around');
    const heard = new Promise<string>((resolve) => {
      other.ondatachannel = ({ channel: end }) => {
        end.onmessage = ({ data }) => resolve(String(data));
      };
    });
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
    await other.setLocalDescription();
    await one.setRemoteDescription(other.localDescription as RTCSessionDescription);
    const word = await heard;
    const way = await wayOf(one);
    for (const connection of [one, other]) connection.close();
    return `${word} ${way}`;
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  say(value: string): void {
    this.send({ type: 'chat', ...this.#self(), dest: '', kind: '', value });
  }

  request(request: object): void {
    this.#requestedAt = performance.now();
    this.send({ type: 'request', request });
  }

  /** Says the new stream's id. */
  async share({ label, simulcast = false, replace }: ShareOptions): Promise<string> {
    const stream = label === 'camera' ? await camera() : drawing();
    const id = newId();
    const connection = this.#newConnection(id);
    for (const track of stream.getTracks()) this.#add(connection, track, { stream, simulcast });
    this.up.set(id, { connection, label, early: [] });
    if (replace !== undefined) this.#end(this.up, replace);
    await this.#offer(id, replace ?? null);
    return id;
  }

  unshare(id: string): void {
    this.#end(this.up, id);
    this.send({ type: 'close', id });
  }

  /** As the web client does by the menu's "Restart media". */
  restart(): void {
    for (const [id, { connection }] of this.up) {
      connection.restartIce();
      void this.#offer(id, null);
    }
    for (const id of this.down.keys()) this.send({ type: 'renegotiate', id });
  }

  /** Milliseconds from when it was asked for until the first picture; undefined before that. */
  firstPicture(id: string): number | undefined {
    const at = this.#looks.get(id)?.firstAt;
    return at === undefined ? undefined : at - this.#requestedAt;
  }

  async decoded(id: string): Promise<Decoded> {
    const stats = [...((await this.down.get(id)?.connection.getStats())?.values() ?? [])];
    const of = (kind: string) => stats.findLast((each) => each.type === 'inbound-rtp' && each.kind === kind) ?? {};
    const video = of('video');
    return {
      frames: video.framesDecoded ?? 0,
      width: video.frameWidth ?? 0,
      energy: of('audio').totalAudioEnergy ?? 0,
      longestFreeze: this.#looks.get(id)?.longest ?? 0,
    };
  }

  watchForFreezes(): void {
    for (const look of this.#looks.values()) look.longest = 0;
  }

  #self(): object {
    return { source: this.id, username: this.#options.name };
  }

  #join(): void {
    const { group, name: username } = this.#options;
    this.send({ type: 'join', kind: 'join', group, username, password: '' });
  }

  #newConnection(id: string): RTCPeerConnection {
    const connection = new RTCPeerConnection(this.rtcConfiguration);
    connection.onicecandidate = ({ candidate }) => {
      // By its own address it would be found past the detour.
      if (candidate && !window.detour) this.send({ type: 'ice', id, candidate });
    };
    return connection;
  }

  #add(connection: RTCPeerConnection, track: MediaStreamTrack, how: { stream: MediaStream; simulcast: boolean }): void {
    if (this.#options.generation === 'seed') {
      connection.addTrack(track, how.stream);
      return;
    }
    const sizes = [
      { rid: 'h', maxBitrate: 700_000 },
      { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 100_000 },
    ];
    const plain = track.kind === 'video' ? [{ maxBitrate: 700_000 }] : [];
    const sendEncodings = how.simulcast && track.kind === 'video' ? sizes : plain;
    connection.addTransceiver(track, { direction: 'sendonly', streams: [how.stream], sendEncodings });
  }

  async #offer(id: string, replace: string | null): Promise<void> {
    const stream = this.up.get(id);
    if (!stream) return;
    const { connection, label } = stream;
    const isFirst = connection.remoteDescription === null;
    await connection.setLocalDescription();
    const about = this.#options.generation === 'seed' ? { labels: labelsOf(connection, label) } : { label, replace };
    const kind = isFirst ? '' : 'renegotiate';
    this.send({ type: 'offer', ...this.#self(), kind, id, ...about, sdp: connection.localDescription?.sdp });
  }

  async #receive(frame: Frame): Promise<void> {
    this.frames.push(frame);
    const { type, id = '' } = frame;
    if (type === 'handshake' && this.#options.generation !== 'seed') this.#join();
    if (type === 'ping') this.send({ type: 'pong' });
    if (type === 'chat') this.lines.push(String(frame.value));
    if (type === 'offer') await this.#answer(id, frame);
    if (type === 'answer') await this.#answered(id, frame);
    if (type === 'ice' && frame.candidate) await this.#found(id, frame.candidate);
    if (type === 'close') this.#end(this.down, id);
    if (type === 'abort') this.unshare(id);
    if (type === 'renegotiate') {
      this.up.get(id)?.connection.restartIce();
      await this.#offer(id, null);
    }
  }

  async #answer(id: string, frame: Frame): Promise<void> {
    const { connection } = this.down.get(id) ?? this.#begin(id, frame);
    await connection.setRemoteDescription({ type: 'offer', sdp: frame.sdp ?? '' });
    await connection.setLocalDescription();
    this.send({ type: 'answer', id, sdp: connection.localDescription?.sdp });
  }

  #begin(id: string, { label, labels = {}, source = '', replace }: Frame): Down {
    const connection = this.#newConnection(id);
    const old = replace === undefined ? undefined : this.down.get(replace);
    // The tile is not made anew for what takes a place.
    const video = old?.video ?? document.createElement('video');
    video.autoplay = true;
    connection.ontrack = ({ streams: [stream] }) => {
      video.srcObject = stream ?? null;
    };
    document.body.append(video);
    const called = label ?? (Object.values(labels).includes('screenshare') ? 'screenshare' : 'camera');
    const down = { connection, video, label: called, source };
    this.down.set(id, down);
    this.#looks.set(id, { frames: 0, at: performance.now(), longest: 0, firstAt: undefined });
    if (old && replace !== undefined) {
      old.connection.close();
      this.down.delete(replace);
    }
    return down;
  }

  async #answered(id: string, { sdp = '' }: Frame): Promise<void> {
    const stream = this.up.get(id);
    if (!stream) return;
    // Those that it says itself are found by the detour, too.
    const own = window.detour ? sdp.replace(/^a=candidate:.*\r?\n/gm, '') : sdp;
    await stream.connection.setRemoteDescription({ type: 'answer', sdp: own });
    const said = [...sdp.matchAll(/^a=(candidate:.*?)\r?$/gm)].map(([, candidate = '']) => ({ candidate }));
    for (const candidate of [...(window.detour ? said : []), ...stream.early.splice(0)])
      await this.#found(id, candidate);
  }

  async #found(id: string, init: RTCIceCandidateInit): Promise<void> {
    const up = this.up.get(id);
    if (up && !up.connection.remoteDescription) {
      up.early.push(init);
      return;
    }
    const candidate = window.detour ? await window.detour(init.candidate ?? '') : init.candidate;
    if (candidate === undefined) return;
    const connection = (up ?? this.down.get(id))?.connection;
    await connection?.addIceCandidate({ candidate, sdpMLineIndex: 0 });
  }

  #end(streams: Map<string, Up> | Map<string, Down>, id: string): void {
    streams.get(id)?.connection.close();
    streams.delete(id);
  }

  async #look(): Promise<void> {
    for (const [id, look] of this.#looks) {
      const { frames } = await this.decoded(id);
      const now = performance.now();
      if (frames > 0) look.firstAt ??= now;
      if (look.frames > 0) look.longest = Math.max(look.longest, now - look.at);
      if (frames !== look.frames) look.at = now;
      look.frames = frames;
    }
  }
}

/** In the seed's dialect each track has a label, by its mid. */
function labelsOf(connection: RTCPeerConnection, label: string): Record<string, string> {
  const video = label === 'screenshare' ? 'screenshare' : 'video';
  const labels = connection
    .getTransceivers()
    .map(({ mid, sender }) => [mid ?? '', sender.track?.kind === 'audio' ? 'audio' : video] as const);
  return Object.fromEntries(labels);
}

function camera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ video: CAMERA, audio: true });
}

/** In place of a screen, for which people would have to be asked: something that moves. */
function drawing(): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 270 });
  const context = canvas.getContext('2d');
  let step = 0;
  setInterval(() => {
    step += 1;
    if (context) context.fillStyle = `hsl(${step * 7} 80% 50%)`;
    context?.fillRect((step * 11) % 480, (step * 5) % 270, 60, 60);
  }, 60);
  return canvas.captureStream(15);
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function install(options: GaleneInPageOptions): void {
  window.galeneMedia = new GaleneInPage(options);
}

/** `relay tcp`: of the pair in use, our candidate, and how we speak to its server. */
async function wayOf(connection: RTCPeerConnection): Promise<string> {
  const stats = await connection.getStats();
  const all = [...stats.values()];
  const pair = stats.get(all.find(({ type }) => type === 'transport')?.selectedCandidatePairId);
  const { candidateType, relayProtocol } = stats.get(pair?.localCandidateId) ?? {};
  return [candidateType, relayProtocol].filter((part) => part !== undefined).join(' ');
}
