import type { Ask } from '../../../src/dialects/parlour/client.ts';
import { captureScreen, captureTrack } from '../media/meeting/capture-parts.ts';
import { Meeting } from '../media/meeting/meeting.ts';
import type { MeetingPorts } from '../media/meeting/meeting-ports.ts';
import { settings } from './settings.ts';

type Rest = Pick<MeetingPorts, 'notify' | 'people' | 'newId'> & {
  readonly ask: (ask: Ask) => Promise<unknown>;
  readonly ice: readonly RTCIceServer[];
};

/** The meeting of a room, with this browser's devices and connections. */
export function makeMeeting({ ask, notify, people, newId, ice }: Rest): Meeting {
  const ports: MeetingPorts = {
    ask,
    notify,
    people,
    newId,
    createPeer: () => new RTCPeerConnection({ iceServers: [...ice], bundlePolicy: 'max-bundle' }),
    after: (milliseconds, run) => {
      const timer = window.setTimeout(run, milliseconds);
      return () => window.clearTimeout(timer);
    },
    now: () => performance.now(),
    captureTrack: (kind) => captureTrack(kind, settings.get().devices),
    captureScreen,
    streamOf: (tracks) => new MediaStream([...tracks]),
  };
  return new Meeting(ports, settings.get().receive);
}
