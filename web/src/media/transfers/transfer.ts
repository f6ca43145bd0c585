import { safeFileName } from './file-name.ts';
import type { TransferMessage } from './transfer-message.ts';

/** A file between us and somebody in the room. */
export interface Transfer {
  readonly key: string;
  /** On the wire; its sender's choice. */
  readonly id: string;
  readonly direction: 'send' | 'receive';
  /** Of the other one, as the room's roster has it. */
  readonly memberId: string;
  readonly person: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly state: TransferState;
}

export type TransferState =
  /** Whoever is to receive it was asked. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'moving'; readonly bytes: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'over'; readonly why: Ending; readonly by: 'us' | 'them'; readonly message?: string };

export type Ending = 'declined' | 'cancelled' | 'gone' | 'failed';

export type TransferInput =
  /** Our person wants to have it. */
  | { readonly kind: 'accepted' }
  /** Our person does not, or not any more. */
  | { readonly kind: 'stopped'; readonly message?: string }
  | { readonly kind: 'heard'; readonly message: Exclude<TransferMessage, { type: 'invite' }> }
  | { readonly kind: 'moved'; readonly bytes: number }
  /** It is all here, or they say that it is all there. */
  | { readonly kind: 'arrived' }
  | { readonly kind: 'left' }
  | { readonly kind: 'failed'; readonly message: string };

/** What is to be done about it, in this order. */
export type TransferEffect =
  | { readonly kind: 'tell'; readonly message: TransferMessage }
  /** Whoever receives makes the connection, and the offer. */
  | { readonly kind: 'offer' }
  | { readonly kind: 'answer'; readonly sdp: string }
  | { readonly kind: 'settle'; readonly sdp: string }
  | { readonly kind: 'candidate'; readonly candidate: RTCIceCandidateInit }
  /** The connection is not needed any more; what was received of a file that is not complete, neither. */
  | { readonly kind: 'release' };

export interface Step {
  readonly transfer: Transfer;
  readonly effects: readonly TransferEffect[];
}

type Beginning = Pick<Transfer, 'id' | 'direction' | 'memberId' | 'person' | 'name' | 'size'>;

export function beginTransfer(beginning: Beginning): Transfer {
  const { direction, memberId, id, name } = beginning;
  return {
    ...beginning,
    key: transferKey(direction, { memberId, id }),
    name: safeFileName(name),
    state: { kind: 'asked' },
  };
}

/** Ids are chosen by senders: two of them may choose the same. */
export function transferKey(direction: Transfer['direction'], of: Pick<Transfer, 'memberId' | 'id'>): string {
  return `${direction} ${of.memberId} ${of.id}`;
}

export function isOpen({ state }: Transfer): boolean {
  return state.kind !== 'done' && state.kind !== 'over';
}

/** What becomes of a transfer (`spec/galene.md` 5.2). What is finished stays so. */
export function advance(transfer: Transfer, input: TransferInput): Step {
  if (!isOpen(transfer)) return { transfer, effects: [] };
  const { id, direction, state } = transfer;
  switch (input.kind) {
    case 'accepted':
      if (direction === 'send' || state.kind !== 'asked') return { transfer, effects: [] };
      return { transfer: { ...transfer, state: { kind: 'connecting' } }, effects: [{ kind: 'offer' }] };
    case 'heard':
      return heard(transfer, input.message);
    case 'moved':
      if (state.kind === 'asked') return { transfer, effects: [] };
      return { transfer: { ...transfer, state: { kind: 'moving', bytes: input.bytes } }, effects: [] };
    case 'arrived':
      // Whoever received it says so on the connection, which is closed by the other one.
      return { transfer: { ...transfer, state: { kind: 'done' } }, effects: direction === 'send' ? [RELEASE] : [] };
    case 'stopped':
      return end(transfer, { why: endingOf(transfer, 'us'), by: 'us' }, tellCancel(id, input.message));
    case 'left':
      return end(transfer, { why: 'gone', by: 'them' });
    case 'failed':
      return fail(transfer, input.message);
    default:
      return input satisfies never;
  }
}

const RELEASE: TransferEffect = { kind: 'release' };

function heard(transfer: Transfer, message: Exclude<TransferMessage, { type: 'invite' }>): Step {
  const { direction, state } = transfer;
  const nothing: Step = { transfer, effects: [] };
  switch (message.type) {
    case 'offer':
      if (direction === 'receive' || state.kind !== 'asked') return nothing;
      if (!message.isKnown) return fail(transfer, OTHER_VERSION);
      return {
        transfer: { ...transfer, state: { kind: 'connecting' } },
        effects: [{ kind: 'answer', sdp: message.sdp }],
      };
    case 'answer':
      if (direction === 'send' || state.kind !== 'connecting') return nothing;
      return { transfer, effects: [{ kind: 'settle', sdp: message.sdp }] };
    case 'ice':
      if (state.kind === 'asked' || !message.candidate) return nothing;
      return { transfer, effects: [{ kind: 'candidate', candidate: message.candidate }] };
    case 'cancel': {
      const why = message.message === undefined ? {} : { message: message.message };
      return end(transfer, { why: endingOf(transfer, 'them'), by: 'them', ...why });
    }
    default:
      return message satisfies never;
  }
}

export const OTHER_VERSION = 'Another version of file transfer is spoken here.';

/** Who never said yes to it declines it; the rest is given up. */
function endingOf({ direction, state }: Transfer, by: 'us' | 'them'): Ending {
  const isReceiver = (direction === 'receive') === (by === 'us');
  return isReceiver && state.kind === 'asked' ? 'declined' : 'cancelled';
}

function fail(transfer: Transfer, message: string): Step {
  return end(transfer, { why: 'failed', by: 'us', message }, tellCancel(transfer.id, message));
}

function end(
  transfer: Transfer,
  how: Omit<Extract<TransferState, { kind: 'over' }>, 'kind'>,
  ...tell: readonly TransferEffect[]
): Step {
  return { transfer: { ...transfer, state: { kind: 'over', ...how } }, effects: [...tell, RELEASE] };
}

function tellCancel(id: string, message: string | undefined): TransferEffect {
  return { kind: 'tell', message: { type: 'cancel', id, ...(message === undefined ? {} : { message }) } };
}
