import { GaleneClient, type GaleneClientOptions, type GaleneFrame } from '../../../../src/dialects/galene/client.ts';
import {
  DatachannelPeer,
  type DatachannelPeerOptions,
} from '../../../../src/dialects/galene/client-datachannel-peer.ts';
import { EVERYTHING, type RequestMap } from '../../../../src/dialects/galene/client-frames.ts';
import type { PublishOptions } from '../../../../src/dialects/galene/client-streams.ts';
import {
  type PublishSyntheticOptions,
  syntheticTracks,
} from '../../../../src/dialects/galene/client-synthetic-media.ts';
import { Published } from './published.ts';
import { Received, type ReceiveOptions } from './received.ts';
import { until } from './until.ts';

export interface PersonOptions extends Pick<GaleneClientOptions, 'generation' | 'connect'> {
  /** Nothing is needed but by the one who has a password of their own. */
  readonly password?: string;
  /** Of every connection of theirs. */
  readonly peer?: DatachannelPeerOptions;
  /** Makes their connections, where they are to be special. */
  readonly newPeer?: (options: DatachannelPeerOptions) => DatachannelPeer;
  readonly receive?: ReceiveOptions;
}

export type CameraOptions = Partial<Omit<PublishOptions, 'tracks'>> & {
  /** Sound and pictures unless said. */
  readonly tracks?: Parameters<typeof syntheticTracks>[0];
  readonly media?: PublishSyntheticOptions;
};

const CAMERA = { audio: true, video: true } as const;

/** Somebody with our client library, who sends and receives real packets. */
export class Person {
  readonly client: GaleneClient;
  /** What they sent and were sent, in order. */
  readonly talk: { readonly from: 'server' | 'them'; readonly frame: GaleneFrame; readonly at: number }[] = [];
  readonly #receive: ReceiveOptions;
  /** By the streams' ids, the latest of each. */
  readonly #received = new Map<string, Received>();
  readonly #media = new Set<{ close(): void }>();

  static async enter(url: string, group: string, options: PersonOptions & { readonly name: string }): Promise<Person> {
    const { name: username, password = '', peer = {}, newPeer, receive = {}, ...rest } = options;
    const make = newPeer ?? ((each: DatachannelPeerOptions) => new DatachannelPeer(each));
    const client = await GaleneClient.enter({
      ...{ url, group, username, password, ...rest },
      peerConnection: (configuration) => make({ bindAddress: '127.0.0.1', ...peer, configuration }),
    });
    return new Person(client, receive);
  }

  private constructor(client: GaleneClient, receive: ReceiveOptions) {
    this.client = client;
    this.#receive = receive;
    client.on('frame', (frame) => this.talk.push({ from: 'server', frame, at: performance.now() }));
    const send = client.send.bind(client);
    client.send = (frame) => {
      this.talk.push({ from: 'them', frame, at: performance.now() });
      send(frame);
    };
    client.on('down', ({ stream }) => this.#begin(new Received(stream, this.#receive)));
    client.on('down-ended', ({ stream }) => this.#end(stream.id, stream));
  }

  /** Resolves when the server has answered; packets flow from when the way is open. */
  async publish({ tracks = CAMERA, media = {}, ...options }: CameraOptions = {}): Promise<Published> {
    const stream = this.client.publish({ ...options, tracks: syntheticTracks(tracks) });
    await stream.answered;
    const published = new Published(stream, media);
    this.#media.add(published.media);
    this.client.on('up-ended', (ended) => ended.stream === stream && this.#stop(published.media));
    return published;
  }

  /** Everything unless said. */
  watch(request: RequestMap = EVERYTHING): void {
    this.client.request(request);
  }

  /** What came, or comes, of a stream. */
  stream(id: string): Promise<Received> {
    return until(() => this.#received.get(id), `the stream ${id}`);
  }

  /** The same, once it can be seen and heard. */
  async playing(id: string): Promise<Received> {
    await until(() => {
      const received = this.#received.get(id);
      return received && received.shown > 5 && received.heard > 5;
    }, `pictures and sound of ${id}`);
    return this.stream(id);
  }

  /** Frames of the server's about a stream, oldest first. */
  told(type: string, id: string): readonly GaleneFrame[] {
    return this.talk.flatMap(({ from, frame }) =>
      from === 'server' && frame.type === type && frame.id === id ? [frame] : [],
    );
  }

  /** Types of all frames of the server's about a stream, but for the candidates. */
  story(id: string): readonly string[] {
    const about = this.talk.filter(({ from, frame }) => from === 'server' && frame.id === id && frame.type !== 'ice');
    return about.map(({ frame }) => frame.type);
  }

  async close(): Promise<void> {
    for (const media of this.#media) media.close();
    await this.client.close();
  }

  #begin(received: Received): void {
    this.#received.set(received.stream.id, received);
    this.#media.add(received.media);
  }

  #end(id: string, stream: unknown): void {
    const received = this.#received.get(id);
    if (!received || received.stream !== stream) return;
    this.#stop(received.media);
    this.#received.delete(id);
  }

  #stop(media: { close(): void }): void {
    media.close();
    this.#media.delete(media);
  }
}
