import type { Ask } from '../../../src/dialects/parlour/client.ts';
import { t } from '../i18n/t.ts';
import type { TransferPorts } from '../media/transfers/transfer-ports.ts';
import { Transfers } from '../media/transfers/transfers.ts';
import type { RoomModel } from '../room/room-model.ts';
import { memberNamed } from '../room/selectors.ts';
import { openSink } from './open-sink.ts';
import { errorText } from './server.ts';

interface Around {
  readonly room: { readonly get: () => RoomModel };
  readonly ask: (ask: Ask) => Promise<unknown>;
  readonly newId: () => string;
  readonly ice: readonly RTCIceServer[];
}

/** The files between us and others in a room, with this browser's connections and disk. */
export function makeTransfers({ room, ask, newId, ice }: Around): Transfers {
  const ports: TransferPorts = {
    ask,
    newId,
    errorText,
    openSink,
    memberNamed: (name) => memberNamed(room.get(), name),
    memberOf: (id) => room.get().members[id],
    createPeer: () => new RTCPeerConnection({ iceServers: [...ice] }),
    after: (milliseconds, run) => {
      const timer = window.setTimeout(run, milliseconds);
      return () => window.clearTimeout(timer);
    },
    words: (fault) => t(`files.${fault}`),
  };
  return new Transfers(ports);
}
