import type { RoomFrame, ServerFrameOf } from '../../../../src/dialects/parlour/wire.ts';
import { cell } from '../../room/store.ts';
import { Sayings } from '../meeting/sayings.ts';
import type { FileSink } from './file-sink.ts';
import {
  advance,
  beginTransfer,
  isOpen,
  OTHER_VERSION,
  type Transfer,
  type TransferEffect,
  type TransferInput,
  transferKey,
} from './transfer.ts';
import { TransferLink } from './transfer-link.ts';
import { readTransferMessage, TRANSFER_KIND, type TransferMessage, writeTransferMessage } from './transfer-message.ts';
import type { RoomMember, TransferPorts } from './transfer-ports.ts';

/** At once, both ways together. */
export const MAX_OPEN = 16;
/** Asked by one of them: nobody shall fill the screen of others with questions. */
export const MAX_ASKED_BY_ONE = 4;
/** Finished ones are shown until they are put away, but no more of them. */
const MAX_FINISHED = 8;

/** Where its bytes come from or go to, and the way. */
interface Means {
  readonly file?: Blob;
  sink?: FileSink;
  link?: TransferLink;
  saveAgain?: () => void;
  /** The person is asked where it shall go. */
  isChoosing?: boolean;
}

/** The files that go between us and others in the room, from browser to browser. Owns their connections. */
export class Transfers {
  /** Oldest first. */
  readonly state = cell<readonly Transfer[]>([]);
  readonly #ports: TransferPorts;
  readonly #sayings: Sayings;
  readonly #means = new Map<string, Means>();

  constructor(ports: TransferPorts) {
    this.#ports = ports;
    this.#sayings = new Sayings((ask) => ports.ask(ask));
  }

  /** Asks somebody whether they want these. How many of them are one too many is returned. */
  send(name: string, files: readonly File[]): number {
    const member = this.#ports.memberNamed(name);
    if (!member) return 0;
    const room = Math.max(0, MAX_OPEN - this.#open().length);
    for (const file of files.slice(0, room)) this.#invite(member, file);
    return Math.max(0, files.length - room);
  }

  /** Our person wants it. */
  async accept(key: string): Promise<void> {
    const means = this.#means.get(key);
    const transfer = this.#find(key);
    if (!transfer || !means || means.isChoosing || transfer.state.kind !== 'asked') return;
    means.isChoosing = true;
    try {
      const sink = await this.#ports.openSink(transfer);
      if (!sink) return;
      // It may have been withdrawn meanwhile.
      if (this.#find(key)?.state.kind !== 'asked') sink.discard();
      else {
        means.sink = sink;
        this.#put(key, { kind: 'accepted' });
      }
    } catch (error) {
      this.#put(key, { kind: 'failed', message: this.#ports.errorText(error) });
    } finally {
      means.isChoosing = false;
    }
  }

  /** Our person does not want it, or not any more. */
  stop(key: string): void {
    this.#put(key, { kind: 'stopped' });
  }

  canSaveAgain(key: string): boolean {
    return this.#means.get(key)?.saveAgain !== undefined;
  }

  saveAgain(key: string): void {
    this.#means.get(key)?.saveAgain?.();
  }

  /** Puts a finished one away. */
  dismiss(key: string): void {
    const transfer = this.#find(key);
    if (!transfer || isOpen(transfer)) return;
    this.#forget([transfer]);
  }

  /** After each frame of the room, once the room's model has it. */
  received(frame: RoomFrame): void {
    if (frame.type === 'note') this.#heard(frame);
    else if (frame.type === 'gone') this.#left(({ memberId }) => memberId === frame.id);
    else if (frame.type === 'room') {
      this.#sayings.forget();
      this.#left(({ memberId }) => !this.#ports.memberOf(memberId));
    }
  }

  /** After a lost connection, the session goes on. */
  recovered(): void {
    this.#sayings.again();
  }

  close(): void {
    for (const { key } of this.#open()) this.#put(key, { kind: 'stopped' });
    this.#forget(this.state.get());
  }

  #invite(member: RoomMember, file: File): void {
    const { name, size, type: mimetype } = file;
    const id = this.#ports.newId();
    const transfer = this.#begin({ id, direction: 'send', member, name, size }, { file });
    const invite = { type: 'invite', id, name: transfer.name, size, mimetype, isKnown: true } as const;
    this.#tell(member.id, invite, (error) => {
      this.#put(transfer.key, { kind: 'failed', message: this.#ports.errorText(error) });
    });
  }

  #heard({ name, kind, value, direct }: ServerFrameOf<'note'>): void {
    if (kind !== TRANSFER_KIND || !direct) return;
    const message = readTransferMessage(value);
    const member = this.#ports.memberNamed(name);
    if (!message || !member) return;
    if (message.type === 'invite') {
      this.#asked(member, message);
      return;
    }
    const meant = this.#about(member, message.id);
    for (const transfer of meant) this.#put(transfer.key, { kind: 'heard', message });
    // Of a page before this one: they would wait for an answer.
    if (meant.length === 0 && message.type === 'offer') this.#tell(member.id, { type: 'cancel', id: message.id });
  }

  /** Both may have chosen one id: it says which of the two is meant who may say it. */
  #about({ id: memberId }: RoomMember, id: string): readonly Transfer[] {
    return this.#open().filter((transfer) => transfer.memberId === memberId && transfer.id === id);
  }

  #asked(member: RoomMember, invite: Extract<TransferMessage, { type: 'invite' }>): void {
    const { id, name, size } = invite;
    if (this.#find(transferKey('receive', { memberId: member.id, id }))) return;
    const message = this.#objection(member, invite);
    if (message === undefined) this.#begin({ id, direction: 'receive', member, name, size }, {});
    else this.#tell(member.id, { type: 'cancel', id, message });
  }

  #objection({ id }: RoomMember, { isKnown }: { readonly isKnown: boolean }): string | undefined {
    if (!isKnown) return OTHER_VERSION;
    const theirs = this.#open().filter(
      ({ direction, memberId, state }) => direction === 'receive' && memberId === id && state.kind === 'asked',
    );
    const tooMany = theirs.length >= MAX_ASKED_BY_ONE || this.#open().length >= MAX_OPEN;
    return tooMany ? this.#ports.words('too-many') : undefined;
  }

  #begin(
    { member, ...what }: Pick<Transfer, 'id' | 'direction' | 'name' | 'size'> & { readonly member: RoomMember },
    means: Means,
  ): Transfer {
    const transfer = beginTransfer({ ...what, memberId: member.id, person: member.name });
    this.#means.set(transfer.key, means);
    this.state.dispatch([...this.state.get(), transfer]);
    return transfer;
  }

  #put(key: string, input: TransferInput): void {
    const before = this.#find(key);
    if (!before) return;
    const { transfer, effects } = advance(before, input);
    if (transfer !== before) {
      this.state.dispatch(this.state.get().map((each) => (each.key === key ? transfer : each)));
    }
    for (const effect of effects) this.#carryOut(transfer, effect);
    if (!isOpen(transfer))
      this.#forget(
        this.state
          .get()
          .filter((each) => !isOpen(each))
          .slice(0, -MAX_FINISHED),
      );
  }

  #carryOut(transfer: Transfer, effect: TransferEffect): void {
    const means = this.#means.get(transfer.key);
    switch (effect.kind) {
      case 'tell':
        this.#tell(transfer.memberId, effect.message);
        break;
      case 'offer':
        if (means?.sink) this.#connect(transfer, means).receive({ size: transfer.size, sink: means.sink });
        break;
      case 'answer':
        if (means?.file) this.#connect(transfer, means).send(means.file, effect.sdp);
        break;
      case 'settle':
        means?.link?.settle(effect.sdp);
        break;
      case 'candidate':
        means?.link?.candidate(effect.candidate);
        break;
      case 'release':
        means?.link?.close();
        break;
      default:
        effect satisfies never;
    }
  }

  #connect({ key, id, memberId }: Transfer, means: Means): TransferLink {
    const link = new TransferLink({
      id,
      pc: this.#ports.createPeer(),
      after: (milliseconds, run) => this.#ports.after(milliseconds, run),
      tell: (message) => this.#tell(memberId, message),
      moved: (bytes) => this.#put(key, { kind: 'moved', bytes }),
      arrived: (saveAgain) => {
        if (saveAgain) means.saveAgain = saveAgain;
        this.#put(key, { kind: 'arrived' });
      },
      failed: (fault) => this.#put(key, { kind: 'failed', message: this.#ports.words(fault) }),
    });
    means.link = link;
    return link;
  }

  #tell(memberId: string, message: TransferMessage, refused?: (error: unknown) => void): void {
    const member = this.#ports.memberOf(memberId);
    if (!member) return;
    const value = writeTransferMessage(message);
    this.#sayings.say({ type: 'note', to: member.name, kind: TRANSFER_KIND, value }, refused);
  }

  #left(isGone: (transfer: Transfer) => boolean): void {
    for (const { key } of this.#open().filter(isGone)) this.#put(key, { kind: 'left' });
  }

  #open(): readonly Transfer[] {
    return this.state.get().filter(isOpen);
  }

  #find(key: string): Transfer | undefined {
    return this.state.get().find((transfer) => transfer.key === key);
  }

  #forget(transfers: readonly Transfer[]): void {
    if (transfers.length === 0) return;
    // The connection of one that arrived closes by itself, once the other end knows.
    for (const { key } of transfers) this.#means.delete(key);
    this.state.dispatch(this.state.get().filter((transfer) => !transfers.includes(transfer)));
  }
}
