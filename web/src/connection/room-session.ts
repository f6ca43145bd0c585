import { nameKey } from '../../../src/core/name.ts';
import { type Ask, type ConnectionState, ParlourClient } from '../../../src/dialects/parlour/client.ts';
import type { RoomFrame, ServerFrameOf } from '../../../src/dialects/parlour/wire.ts';
import { t } from '../i18n/t.ts';
import { Cameras } from '../media/cameras.ts';
import type { Meeting } from '../media/meeting/meeting.ts';
import type { Transfers } from '../media/transfers/transfers.ts';
import type { RoomAction } from '../room/room-action.ts';
import { emptyRoom, type RoomModel } from '../room/room-model.ts';
import { roomReducer } from '../room/room-reducer.ts';
import { countParties, hasCameraOff, hasRelation, memberNamed, photosPermitted } from '../room/selectors.ts';
import { type Snapshot, saveSnapshot } from '../room/snapshot.ts';
import { cell, Store } from '../room/store.ts';
import { wireUrl } from './address.ts';
import type { Bootstrap } from './bootstrap.ts';
import { Captions } from './captions.ts';
import { Drafts } from './drafts.ts';
import type { Identities } from './identities.ts';
import { ImageTray } from './image-tray.ts';
import { makeMeeting } from './make-meeting.ts';
import { makeTransfers } from './make-transfers.ts';
import { type Memory, ofThisTab } from './memory.ts';
import { cameraNoticeText, frameNotice, meetingNoticeText } from './notice-texts.ts';
import { OwnAccount } from './own-account.ts';
import { OwnPresence } from './own-presence.ts';
import { Previews } from './previews.ts';
import { recordingsAddress } from './recordings.ts';
import { Server } from './server.ts';
import { Talk } from './talk.ts';
import { Toasts } from './toasts.ts';
import { uploadImage } from './upload.ts';

export interface RoomSessionOptions {
  readonly bootstrap: Bootstrap;
  readonly name: string;
  readonly invitation?: string;
  /** The website's token. */
  readonly jwt?: string;
  /** Of the account that has the name. */
  readonly password?: string;
  /** Of the room, where it asks for one. */
  readonly roomPassword?: string;
  /** Admits to the room. */
  readonly roomToken?: string;
  readonly snapshot?: Snapshot;
  readonly identities: Identities;
  readonly lasting: Memory;
}

const TICK_MS = 2_000;
/** For the page when it is loaded again; gone with the tab. */
const JWT_KEY = 'parlour.jwt';

function rememberedJwt(): string | undefined {
  return ofThisTab.read<string>(JWT_KEY);
}

/** One stay in a room: the connection, what is known of the room, the cameras. It owns them all until `close()`. */
export class RoomSession {
  readonly bootstrap: Bootstrap;
  readonly room: Store<RoomModel, RoomAction>;
  readonly connection = cell<ConnectionState>({ kind: 'connecting', attempt: 0 });
  readonly toasts = new Toasts();
  readonly server: Server;
  readonly talk: Talk;
  readonly account: OwnAccount;
  readonly presence: OwnPresence;
  readonly cameras: Cameras;
  readonly meeting: Meeting;
  readonly transfers: Transfers;
  readonly captions = new Captions();
  readonly drafts: Drafts;
  readonly tray: ImageTray;
  readonly #previews = new Previews(URL);
  readonly #client: ParlourClient;
  readonly #options: RoomSessionOptions;
  readonly #closers: (() => void)[] = [];
  /** Of the latest welcome: proves to the upload endpoint who asks. A secret. */
  #session = '';
  #fresh = true;
  /** What we said that we are called. */
  #name: string;

  constructor(options: RoomSessionOptions) {
    const { bootstrap, snapshot } = options;
    this.#options = options;
    this.bootstrap = bootstrap;
    this.#name = options.name;
    const lastRead = options.lasting.read<Record<string, number>>(this.#readKey) ?? {};
    this.room = new Store(roomReducer, snapshot?.room ?? emptyRoom(lastRead));
    this.#client = new ParlourClient(this.#clientOptions());
    this.server = new Server(this.#client, this.toasts);
    this.talk = new Talk({ room: this.room, server: this.server, toasts: this.toasts, newId, now: Date.now });
    this.account = new OwnAccount({ client: this.#client, room: this.room, identities: options.identities });
    this.presence = new OwnPresence(this.server);
    this.drafts = new Drafts(ofThisTab, bootstrap.room);
    this.tray = this.#makeTray();
    this.cameras = this.#makeCameras();
    this.meeting = this.#makeMeeting();
    const ask = (asked: Ask) => this.#client.ask(asked);
    this.transfers = makeTransfers({ room: this.room, ask, newId, ice: bootstrap.ice });
  }

  start(): void {
    this.#client.on((event) => {
      if (event.type === 'state') this.connection.dispatch(event.state);
      else if (event.type === 'welcome') this.#welcomed(event.welcome);
      else this.#received(event.frame);
    });
    const ticker = window.setInterval(() => this.room.dispatch({ type: 'tick', at: Date.now() }), TICK_MS);
    const hidden = () => {
      this.meeting.pageGoes();
      this.transfers.close();
      this.#save();
    };
    window.addEventListener('pagehide', hidden);
    this.#closers.push(
      () => window.clearInterval(ticker),
      () => window.removeEventListener('pagehide', hidden),
      this.room.subscribe(() => this.#previews.sweep(this.room.get())),
      this.#rememberRead(),
      this.#watchAttention(),
    );
    this.#client.start();
  }

  /** The client waits for the browser to be online again; the person may be quicker to know. */
  retryNow(): void {
    this.#client.retryNow();
  }

  /** Where the recordings of this room are; a word in it lets us in once. Rejects where we may not see them. */
  recordings(): Promise<string> {
    return recordingsAddress({ room: this.bootstrap.room, session: this.#session });
  }

  /** Leaves the room. */
  close(): void {
    this.cameras.close();
    this.meeting.close();
    this.transfers.close();
    this.captions.close();
    this.presence.close();
    this.tray.close();
    this.#previews.close();
    this.toasts.close();
    for (const close of this.#closers.splice(0)) close();
    this.#client.close();
  }

  get #readKey(): string {
    return `parlour.read.${this.bootstrap.room}`;
  }

  #clientOptions() {
    const { bootstrap, name, invitation, jwt = rememberedJwt(), snapshot, identities } = this.#options;
    const { password, roomPassword = '', roomToken } = this.#options;
    const token = identities.tokenFor(name);
    return {
      url: wireUrl(window.location),
      room: bootstrap.room,
      name,
      ...(token === undefined ? {} : { token }),
      ...(invitation === undefined ? {} : { invitation }),
      ...(jwt === undefined ? {} : { jwt }),
      ...(password === undefined ? {} : { password }),
      ...(roomPassword === '' ? {} : { roomPassword }),
      ...(roomToken === undefined ? {} : { roomToken }),
      ...(snapshot ? { resume: snapshot.resume } : {}),
    };
  }

  #makeTray(): ImageTray {
    return new ImageTray({
      maxImageBytes: this.bootstrap.maxImageBytes,
      permits: (target) => photosPermitted(this.room.get(), target),
      previews: this.#previews,
      upload: (file, onProgress) => uploadImage({ file, session: this.#session, onProgress }),
      post: (target, image) => this.talk.postImage(target, image),
      complain: (text) => this.toasts.show(text, 'bad'),
    });
  }

  #makeCameras(): Cameras {
    return new Cameras({
      ask: (ask) => this.server.ask(ask),
      notify: (notice) => this.toasts.show(cameraNoticeText(notice), notice.kind === 'camera-off' ? 'info' : 'bad'),
      createPeer: () => new RTCPeerConnection({ iceServers: [...this.bootstrap.ice] }),
      cameraOf: (name) => memberNamed(this.room.get(), name)?.camera,
      holds: (kind, name) => hasRelation(this.room.get(), kind, name),
      after: (milliseconds, run) => {
        const timer = window.setTimeout(run, milliseconds);
        return () => window.clearTimeout(timer);
      },
    });
  }

  #makeMeeting(): Meeting {
    return makeMeeting({
      room: this.bootstrap.room,
      memory: ofThisTab,
      ask: (ask) => this.#client.ask(ask),
      notify: (notice) => this.toasts.show(meetingNoticeText(notice), notice.kind === 'muted-by' ? 'info' : 'bad'),
      people: () => countParties(this.room.get()),
      isDark: (memberId) => hasCameraOff(this.room.get().members[memberId]),
      newId,
      ice: this.bootstrap.ice,
    });
  }

  #welcomed(welcome: ServerFrameOf<'welcome'>): void {
    this.#session = welcome.session;
    if (!welcome.recovered) return;
    const { self } = this.room.get();
    this.meeting.recovered({ fresh: this.#fresh });
    this.transfers.recovered();
    if (self) this.#entered(self);
    void this.talk.loadThreads();
  }

  #received(frame: RoomFrame): void {
    const gone = frame.type === 'gone' ? (frame.name ?? this.room.get().members[frame.id]?.name) : undefined;
    this.room.dispatch({ type: 'frame', frame, at: Date.now() });
    this.cameras.received(frame.type === 'gone' && gone !== undefined ? { ...frame, name: gone } : frame);
    this.meeting.received(frame);
    this.transfers.received(frame);
    if (frame.type === 'room') {
      this.#entered(frame.self);
      void this.talk.loadThreads();
    } else if (frame.type === 'self' && frame.self.name !== this.#name) this.#isCalled(frame.self.name);
    else if (frame.type === 'marked') this.toasts.show(t('camera.marked'), 'bad');
    else if (frame.type === 'caption') this.captions.show(frame);
    this.toasts.show(frameNotice(frame) ?? '');
  }

  #entered(self: NonNullable<RoomModel['self']>): void {
    // Who came by a token may have said none.
    if (this.#name !== '' && nameKey(self.name) !== nameKey(this.#name))
      this.toasts.show(t('signin.renamed', { name: self.name }));
    this.#isCalled(self.name);
    this.presence.resync(self, { fresh: this.#fresh });
    this.cameras.resync(self.camera);
    if (this.#fresh) this.talk.resendPending();
    this.#fresh = false;
  }

  #isCalled(name: string): void {
    this.#name = name;
    this.account.remember();
  }

  #rememberRead(): () => void {
    let known = this.room.get().lastRead;
    return this.room.subscribe(() => {
      const { lastRead } = this.room.get();
      if (lastRead === known) return;
      known = lastRead;
      this.#options.lasting.write(this.#readKey, lastRead);
    });
  }

  /** Who does not look at the page does not read. */
  #watchAttention(): () => void {
    const look = () => this.room.dispatch({ type: 'attend', on: document.visibilityState === 'visible' });
    document.addEventListener('visibilitychange', look);
    look();
    return () => document.removeEventListener('visibilitychange', look);
  }

  #save(): void {
    const resume = this.#client.resumePoint;
    const room = this.room.get();
    if (!resume || !room.self) return;
    if (this.#client.jwt !== undefined) ofThisTab.write(JWT_KEY, this.#client.jwt);
    saveSnapshot(ofThisTab, { savedAt: Date.now(), name: room.self.name, resume, room });
  }
}

/** Not `randomUUID`, which browsers offer on HTTPS pages only. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
