import { EVERYTHING_WANTED, type StreamId, type Wanted } from '../../core/stream.ts';
import { CODEC_NAMES, type CodecName, type Media, type MediaRoom } from '../port.ts';
import { RecordingListener } from './recording-listener.ts';
import type { ScriptedPlayer } from './scripted-player.ts';
import { type PublisherScript, ScriptedPublisher } from './scripted-publisher.ts';
import { type ReceiverScript, ScriptedReceiver } from './scripted-receiver.ts';

const WAIT_MS = 30_000;

/** Waits until this is something, looking every few milliseconds. */
export async function until<T>(look: () => T | undefined | false, what: string): Promise<T> {
  const end = performance.now() + WAIT_MS;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A room with scripted publishers and receivers, whose signalling is passed on as a server would. */
export class MediaStage {
  readonly listener = new RecordingListener();
  readonly room: MediaRoom;
  readonly publishers = new Map<StreamId, ScriptedPublisher>();
  readonly receivers = new Map<string, ScriptedReceiver>();
  readonly players = new Map<string, ScriptedPlayer>();
  codecs: readonly CodecName[] = CODEC_NAMES;
  /** Receivers named here do not answer by themselves. */
  readonly silent = new Set<string>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(media: Media) {
    this.room = media.open('lobby', { listener: this.listener, codecs: () => this.codecs });
    this.listener.onEvent = (event) => {
      if (event.type === 'answered') this.#answered(event.stream, event.sdp);
      if (event.type === 'publisherGotCandidate') this.publishers.get(event.stream)?.peer.candidate(event.candidate);
      if (event.type === 'receiverGotCandidate') this.#receiving(event.stream, event.to)?.candidate(event.candidate);
      if (event.type === 'played') this.#played(event.stream, event.to, event.sdp);
      if (event.type === 'offered' && !this.silent.has(event.to)) this.answer(event.stream, event.to, event.offer.sdp);
    };
  }

  publish(
    stream: StreamId,
    script: PublisherScript,
    options: { readonly replaces?: StreamId } = {},
  ): ScriptedPublisher {
    const publisher = new ScriptedPublisher(script);
    this.publishers.set(stream, publisher);
    this.offer(stream, options);
    return publisher;
  }

  /** Offers what the publisher sends now: for the first time, or again. */
  offer(stream: StreamId, options: { readonly replaces?: StreamId } = {}): void {
    const publisher = this.publishers.get(stream);
    if (!publisher) throw new Error(`${stream} is not published`);
    this.room.publish(stream, { sdp: publisher.offer(), ...options });
  }

  forward(stream: StreamId, to: string, options: ReceiverScript & { readonly wanted?: Wanted } = {}): ScriptedReceiver {
    const receiver = new ScriptedReceiver(options);
    this.receivers.set(`${stream}/${to}`, receiver);
    this.room.forward(stream, to, options.wanted ?? EVERYTHING_WANTED);
    return receiver;
  }

  /** Somebody offers to receive: for the first time, or again with what they are now. */
  play(stream: StreamId, to: string, player: ScriptedPlayer, wanted: Wanted = EVERYTHING_WANTED): void {
    this.players.set(`${stream}/${to}`, player);
    this.room.play(stream, to, { sdp: player.offer(), wanted });
  }

  answer(stream: StreamId, to: string, sdp: string): void {
    const receiver = this.#receiver(stream, to);
    if (!receiver) return;
    this.room.answer(stream, to, receiver.answer(sdp));
    for (const candidate of receiver.candidates) this.room.receiverCandidate(stream, to, candidate);
  }

  /** Everybody sends a frame of everything every few milliseconds. */
  roll(milliseconds = 10): void {
    const step = () => {
      for (const publisher of this.publishers.values()) if (publisher.peer.pipe.isOpen) publisher.step();
    };
    this.#timers.push(setInterval(step, milliseconds));
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.room.close();
    for (const publisher of this.publishers.values()) publisher.close();
    for (const receiver of this.receivers.values()) receiver.close();
    for (const player of this.players.values()) player.close();
  }

  /** Only now, as the library lets nobody in before it knows them (`Receiver`). */
  #answered(stream: StreamId, sdp: string): void {
    const publisher = this.publishers.get(stream);
    publisher?.accept(sdp);
    for (const candidate of publisher?.candidates ?? []) this.room.publisherCandidate(stream, candidate);
  }

  #played(stream: StreamId, to: string, sdp: string): void {
    const player = this.players.get(`${stream}/${to}`);
    player?.accept(sdp);
    for (const candidate of player?.candidates ?? []) this.room.receiverCandidate(stream, to, candidate);
  }

  #receiving(stream: StreamId, to: string): ScriptedReceiver | ScriptedPlayer | undefined {
    return this.players.get(`${stream}/${to}`) ?? this.#receiver(stream, to);
  }

  #receiver(stream: StreamId, to: string): ScriptedReceiver | undefined {
    return this.receivers.get(`${stream}/${to}`);
  }
}
