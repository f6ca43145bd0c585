import type { Ask } from '../../../src/dialects/parlour/client.ts';
import { captureScreen, captureTrack } from '../media/meeting/capture-parts.ts';
import { Meeting } from '../media/meeting/meeting.ts';
import type { MeetingPorts } from '../media/meeting/meeting-ports.ts';
import type { Memory } from './memory.ts';
import { settings } from './settings.ts';

type Rest = Pick<MeetingPorts, 'notify' | 'people' | 'isDark' | 'newId'> & {
  readonly room: string;
  /** Of this tab: who left does not hear the meeting again because the page was reloaded. */
  readonly memory: Memory;
  readonly ask: (ask: Ask) => Promise<unknown>;
  readonly ice: readonly RTCIceServer[];
};

/** The meeting of a room, with this browser's devices and connections. */
export function makeMeeting({ room, memory, ask, notify, people, isDark, newId, ice }: Rest): Meeting {
  const key = `parlour.meeting-left.${room}`;
  const ports: MeetingPorts = {
    ask,
    notify,
    people,
    isDark,
    newId,
    createPeer: () => new RTCPeerConnection({ iceServers: [...ice], bundlePolicy: 'max-bundle' }),
    after: (milliseconds, run) => {
      const timer = window.setTimeout(run, milliseconds);
      return () => window.clearTimeout(timer);
    },
    now: () => performance.now(),
    isSeen: () => document.visibilityState === 'visible',
    captureTrack: (kind) => captureTrack(kind, settings.get().devices),
    captureScreen,
    streamOf: (tracks) => new MediaStream([...tracks]),
  };
  const { receive } = settings.get();
  const meeting = new Meeting(ports, { receive, attending: memory.read<boolean>(key) !== true });
  let { attending } = meeting.state.get();
  meeting.state.subscribe(() => {
    const now = meeting.state.get().attending;
    if (now === attending) return;
    attending = now;
    if (now) memory.remove(key);
    else memory.write(key, true);
  });
  return meeting;
}
