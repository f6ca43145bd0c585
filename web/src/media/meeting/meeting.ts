import type { RoomFrame } from '../../../../src/dialects/parlour/wire.ts';
import { cell, type Store } from '../../room/store.ts';
import { Listening } from './listening.ts';
import { Looks } from './looks.ts';
import { Measuring, type Samples } from './measuring/measuring.ts';
import type { Expected } from './measuring/stats-sample.ts';
import { type MeetingPorts, SCREEN_LABEL } from './meeting-ports.ts';
import { OwnPart, type OwnPartState } from './own-part.ts';
import { type MeetingTile, Receiving } from './receiving.ts';
import { Sayings } from './sayings.ts';
import { ScreenShare } from './screen-share.ts';
import { hasPictures, type Receive, type SizeWanted, wantOf } from './wanting.ts';

/** Of our own tiles, among the keys of those who speak and who are measured. */
export const OWN_KEY = 'own';
export const OWN_SCREEN_KEY = 'own screen';

export interface MeetingState {
  /** Others' streams are received. `false` after leaving; the chat goes on. */
  readonly attending: boolean;
  /** What we publish; absent while we only look on. */
  readonly own: OwnPartState | undefined;
  readonly screen: MediaStream | undefined;
  readonly tiles: readonly MeetingTile[];
}

interface Begin {
  readonly receive: Receive;
  /** Whether somebody looks on until they join or leave. */
  readonly attending: boolean;
}

interface JoinOptions {
  readonly camera: boolean;
  readonly microphone: boolean;
}

/** The meeting of a room: what we publish by way of the server, and what it sends us of others. It owns it all. */
export class Meeting {
  readonly state: Store<MeetingState, MeetingState>;
  readonly listening: Listening;
  readonly measuring: Measuring;
  readonly #ports: MeetingPorts;
  readonly #sayings: Sayings;
  readonly #receiving: Receiving;
  #receive: Receive;
  #attending: boolean;
  #own: OwnPart | undefined;
  #screen: ScreenShare | undefined;
  #choosingScreen = false;
  readonly #looks: Looks;

  constructor(ports: MeetingPorts, begin: Begin) {
    this.#ports = ports;
    this.#receive = begin.receive;
    this.#attending = begin.attending;
    this.state = cell<MeetingState>({ attending: begin.attending, own: undefined, screen: undefined, tiles: [] });
    this.#sayings = new Sayings((ask) => ports.ask(ask));
    this.#looks = new Looks(this.#sayings);
    this.#receiving = new Receiving({ ports, sayings: this.#sayings, changed: () => this.#publish() });
    this.listening = new Listening({
      levels: () => this.#levels(),
      after: (milliseconds, run) => ports.after(milliseconds, run),
      now: () => ports.now(),
    });
    this.measuring = new Measuring({
      samples: () => this.#samples(),
      after: (milliseconds, run) => ports.after(milliseconds, run),
      isSeen: () => ports.isSeen(),
    });
  }

  /** Publishes this stream, which it takes over. */
  join(stream: MediaStream, { camera, microphone }: JoinOptions): void {
    this.#own?.close();
    this.#own = new OwnPart({
      stream,
      camera,
      microphone,
      ports: this.#ports,
      sayings: this.#sayings,
      changed: () => this.#publish(),
      ended: () => {
        this.#own = undefined;
        this.#publish();
      },
    });
    this.attend();
    this.#publish();
  }

  /** Looks on, without being seen. */
  attend(): void {
    if (this.#attending) return;
    this.#attending = true;
    this.#want();
    this.#publish();
  }

  /** Neither publishes nor receives any more. */
  leave(): void {
    this.stopScreen();
    this.#own?.close();
    this.#own = undefined;
    this.#attending = false;
    this.#want();
    this.#withdrawLooks(() => false);
    this.#receiving.closeAll();
    this.#publish();
  }

  async setMicrophone(choice: { readonly on: boolean }): Promise<void> {
    await this.#own?.setMicrophone(choice);
  }

  async setCamera(choice: { readonly on: boolean }): Promise<void> {
    await this.#own?.setCamera(choice);
  }

  async switchDevice(kind: 'audio' | 'video'): Promise<void> {
    await this.#own?.switchDevice(kind);
  }

  async shareScreen(): Promise<void> {
    if (this.#screen || this.#choosingScreen) return;
    this.#choosingScreen = true;
    try {
      const stream = await this.#ports.captureScreen();
      if (!stream) return;
      const ended = () => {
        this.#screen = undefined;
        this.#publish();
      };
      this.#screen = new ScreenShare({ stream, ports: this.#ports, sayings: this.#sayings, ended });
      this.attend();
      this.#publish();
    } catch (error) {
      this.#ports.notify({ kind: 'device-failed', error });
    } finally {
      this.#choosingScreen = false;
    }
  }

  stopScreen(): void {
    this.#screen?.close();
    this.#screen = undefined;
    this.#publish();
  }

  setHand({ raised }: { readonly raised: boolean }): void {
    this.#sayings.say({ type: 'own-data', changes: { raisehand: raised ? true : null } });
  }

  setReceive(receive: Receive): void {
    if (receive === this.#receive) return;
    this.#receive = receive;
    if (!this.#attending) return;
    this.#want();
    this.#withdrawLooks(({ label }) => hasPictures(receive, label));
    this.#publish();
  }

  /** Of a picture: the size in which somebody looks at it. */
  look(tile: Pick<MeetingTile, 'id'>, size: SizeWanted): void {
    if (!this.#receiving.tiles.some(({ id }) => id === tile.id)) return;
    if (this.#looks.ask(tile.id, size)) this.#publish();
  }

  /** Somebody who may do so asks us to be silent. */
  mutedBy(name: string): void {
    if (this.#own?.state.microphone !== 'on') return;
    void this.#own.setMicrophone({ on: false });
    this.#ports.notify({ kind: 'muted-by', name });
  }

  /** After each frame of the room, once the room's model has it. */
  received(frame: RoomFrame): void {
    switch (frame.type) {
      case 'room':
        this.#anew();
        break;
      case 'member':
      case 'gone':
      // Recording began or ended.
      case 'meeting':
        this.#own?.peopleChanged();
        this.#screen?.peopleChanged();
        break;
      case 'note':
        if (frame.kind === 'mute' && frame.privileged) this.mutedBy(frame.name);
        break;
      default:
        if (this.#own?.received(frame) || this.#screen?.received(frame)) return;
        // Of a page before this one, whose word of the end did not arrive.
        if (frame.type === 'stream-restart') this.#sayings.say({ type: 'unpublish', stream: frame.stream });
        if (frame.type === 'stream-closed') this.#looks.forget(frame.stream);
        if (frame.type === 'stream-offer') this.#looks.inherit(frame);
        if (this.#attending) this.#receiving.received(frame);
    }
  }

  /** After a lost connection, the session goes on: so do its streams, unless the page is another one. */
  recovered(page: { readonly fresh: boolean } = { fresh: false }): void {
    this.#sayings.again();
    if (!page.fresh) return;
    // A page that was reloaded has none of the connections that the server knows of.
    this.#sayings.say({ type: 'want', ...wantOf('nothing') });
    this.#want();
    this.#sayings.say({ type: 'own-data', changes: { microphone: null, camera: null } });
  }

  /** As when it is reloaded: the session may go on, but nothing of what we publish. */
  pageGoes(): void {
    this.#own?.close();
    this.#own = undefined;
    this.stopScreen();
  }

  close(): void {
    this.#own?.close();
    this.#screen?.close();
    this.#receiving.closeAll();
    this.listening.close();
    this.measuring.close();
  }

  /** The session is a new one, which knows of no stream of ours, and of nothing that we want. */
  #anew(): void {
    this.#sayings.forget();
    this.#receiving.closeAll();
    this.#looks.forgetAll();
    if (this.#attending) this.#want();
    this.#own?.anew();
    this.#screen?.anew();
  }

  /** What was asked of one stream holds whatever is wanted of all. After that is said: else it comes for a moment. */
  #withdrawLooks(stays: (tile: MeetingTile) => boolean): void {
    for (const tile of this.#receiving.tiles) if (!stays(tile)) this.#looks.withdraw(tile.id);
  }

  #want(): void {
    this.#sayings.say({ type: 'want', ...wantOf(this.#attending ? this.#receive : 'nothing') });
  }

  async #levels(): Promise<ReadonlyMap<string, number>> {
    const [others, own] = await Promise.all([this.#receiving.levels(), this.#own?.level()]);
    return own === undefined ? others : new Map([...others, [OWN_KEY, own]]);
  }

  /** A picture that was asked away does not come, nor does that of a camera that is off. */
  #expected({ id, label, memberId, hasVideo }: MeetingTile): Expected | undefined {
    if (!hasVideo || this.#looks.of(id) === 'none') return undefined;
    if (label === SCREEN_LABEL) return 'screen';
    return this.#ports.isDark(memberId) ? undefined : 'camera';
  }

  async #samples(): Promise<Samples> {
    const at = this.#ports.now();
    const [others, own, screen] = await Promise.all([
      this.#receiving.samples(at, (tile) => this.#expected(tile)),
      this.#own?.sample(at),
      this.#screen?.sample(at),
    ]);
    return new Map([
      ...others,
      ...(own ? [[OWN_KEY, own] as const] : []),
      ...(screen ? [[OWN_SCREEN_KEY, screen] as const] : []),
    ]);
  }

  #publish(): void {
    const tiles = this.#receiving.tiles.map((tile) => {
      const asked = this.#looks.of(tile.id);
      return asked ? { ...tile, asked } : tile;
    });
    const own = this.#own?.state;
    this.state.dispatch({ attending: this.#attending, own, screen: this.#screen?.stream, tiles });
    const on = tiles.length > 0 || own !== undefined || this.#screen !== undefined;
    this.listening.set({ on });
    this.measuring.set({ on });
  }
}
