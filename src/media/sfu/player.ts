import { type Candidate, NOTHING_WANTED, type StreamId, type Wanted } from '../../core/stream.ts';
import type { PlayOrder } from '../port.ts';
import type { DownTrack } from './down-track.ts';
import { Pipe } from './pipe.ts';
import { PlayedSection } from './played-section.ts';
import type { Publisher } from './publisher.ts';
import { ReceiverMedia } from './receiver-media.ts';
import { Retirement } from './retirement.ts';
import { parseDescription } from './sdp/parse.ts';
import {
  type PlayerPlan,
  type PlayerSection,
  planPlayer,
  type SentSection,
  type UnsentSection,
} from './sdp/player-plan.ts';
import { SdpError } from './sdp/sdp-error.ts';
import { streamName } from './sdp/write.ts';
import { type AnsweredPlay, writePlayAnswer } from './sdp/write-play-answer.ts';
import type { Site } from './site.ts';
import type { StreamReceiver } from './stream-receiver.ts';

export interface PlayerListener {
  played(answer: { readonly sdp: string }): void;
  candidate(candidate: string): void;
  /** It is closed by then. */
  undeliverable(reason: string): void;
}

export interface PlayerOptions {
  readonly stream: StreamId;
  readonly publisher: Publisher;
  readonly site: Site;
  readonly listener: PlayerListener;
}

/** Who is not connected for so long does not come (back): nothing but another offer could bring them. Milliseconds. */
const PATIENCE = 30_000;

/** The connection over which one member receives one stream that asked for it by an offer. They offer, we answer. */
export class Player implements StreamReceiver {
  readonly #options: PlayerOptions;
  readonly #session: { readonly id: string; version: number };
  readonly #media: ReceiverMedia;
  readonly #retired = new Retirement();
  #wanted: Wanted = NOTHING_WANTED;
  /** By the order of their offer. */
  #sections: readonly (PlayedSection | UnsentSection)[] = [];
  #pipe: Pipe | undefined;
  #lostAt: number | undefined;

  constructor(options: PlayerOptions) {
    this.#options = options;
    const { site } = options;
    this.#session = { id: String(site.random()), version: 0 };
    this.#media = new ReceiverMedia({
      site,
      tracks: () => this.tracks,
      send: (packet) => this.#pipe?.send(packet) ?? false,
    });
  }

  get isIntroduced(): boolean {
    return this.#session.version > 0;
  }

  get tracks(): readonly DownTrack[] {
    return this.#played.map(({ down }) => down);
  }

  /** Answers their offer, the first or another one: that is a new way to them where it has other credentials. */
  play({ sdp, wanted }: PlayOrder): void {
    const { publisher, listener } = this.#options;
    this.#wanted = wanted;
    try {
      const plan = planPlayer(parseDescription(sdp), publisher.tracks);
      const pipe = this.#pipeFor(plan);
      this.#take(plan.sections);
      listener.played({ sdp: this.#answer(pipe) });
      this.update();
    } catch (error) {
      if (!(error instanceof SdpError)) throw error;
      this.#giveUp(error.message);
    }
  }

  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.update();
  }

  update(): void {
    const isOpen = this.#pipe?.isOpen ?? false;
    const { tracks } = this.#options.publisher;
    for (const section of this.#played) section.update(tracks, this.#wanted, { isOpen });
  }

  candidate(candidate: Candidate): void {
    this.#pipe?.addCandidate(candidate);
  }

  report(now: number): void {
    this.#media.report(now);
  }

  retry(now: number): void {
    if (this.#lostAt !== undefined && now - this.#lostAt > PATIENCE) this.#giveUp('the connection to them is lost');
  }

  close(): void {
    this.#media.stop();
    this.#sections = [];
    this.#pipe?.close();
    this.#retired.end();
    this.#pipe = undefined;
    this.#lostAt = undefined;
  }

  /** The one that is there, or a new one: for who begins, and for who restarts ICE, which the library cannot do. */
  #pipeFor({ transport, candidates }: PlayerPlan): Pipe {
    const current = this.#pipe;
    const pipe = current?.remoteUfrag === transport.ufrag ? current : this.#connect(transport);
    pipe.addOffered(candidates);
    return pipe;
  }

  #connect(transport: PlayerPlan['transport']): Pipe {
    const { site, listener } = this.#options;
    const pipe: Pipe = Pipe.answering(transport, {
      network: site.network,
      iceServers: site.iceServers(),
      sideDoor: site.sideDoor,
      onPacket: (packet) => this.#media.take(packet),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(pipe),
      onCandidate: (candidate) => listener.candidate(candidate),
    });
    if (this.#pipe) this.#retired.begin(this.#pipe);
    this.#pipe = pipe;
    this.#lostAt = site.now();
    return pipe;
  }

  #opened(): void {
    const isAgain = this.tracks.some(({ source }) => source !== undefined);
    this.#lostAt = undefined;
    this.update();
    // What they missed in between they would not see for long.
    if (isAgain) for (const track of this.tracks) track.wantKeyframe(this.#options.site.now());
  }

  #lost(pipe: Pipe): void {
    if (pipe === this.#pipe) this.#lostAt ??= this.#options.site.now();
  }

  get #played(): readonly PlayedSection[] {
    return this.#sections.filter((section) => section instanceof PlayedSection);
  }

  #take(planned: readonly PlayerSection[]): void {
    const before = this.#played;
    const kept = (section: SentSection) => before.find((old) => old.continuesAs(section));
    this.#sections = planned.map((section) =>
      section.state === 'sent' ? (kept(section) ?? this.#begin(section)) : section,
    );
    for (const old of before) if (!this.#sections.includes(old)) old.down.stop();
  }

  #begin(planned: SentSection): PlayedSection {
    return new PlayedSection(planned, this.#options.publisher.tracks, this.#media);
  }

  #answer({ local: transport, candidates }: Pipe): string {
    this.#session.version += 1;
    const stream = streamName(this.#options.stream);
    const sections = this.#sections.map((section): AnsweredPlay => {
      if (!(section instanceof PlayedSection)) return { planned: section };
      return { planned: section.planned, track: section.sent(stream, this.#media.cname) };
    });
    return writePlayAnswer(sections, { transport, candidates, session: this.#session });
  }

  #giveUp(reason: string): void {
    this.close();
    this.#options.listener.undeliverable(reason);
  }
}
