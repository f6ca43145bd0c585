import type { WireMember } from '../../../../src/dialects/parlour/wire.ts';
import { type MeetingState, OWN_KEY, OWN_SCREEN_KEY } from '../../media/meeting/meeting.ts';
import { SCREEN_LABEL } from '../../media/meeting/meeting-ports.ts';
import type { MeetingTile } from '../../media/meeting/receiving.ts';
import { hasCameraOff } from '../../room/selectors.ts';
import type { Shown } from './stage-plan.ts';

/** One tile, with all that it shows. */
export interface StageTile extends Shown {
  readonly name: string;
  readonly stream: MediaStream | undefined;
  readonly hasPicture: boolean;
  readonly isSilent: boolean;
  readonly isConnecting: boolean;
  /** Which turn they have who raise a hand; 0 where they do not. */
  readonly turn: number;
  /** Of others: what the server knows it by. */
  readonly received?: MeetingTile;
}

interface Known {
  readonly self: Pick<WireMember, 'id' | 'name'> | undefined;
  readonly members: Readonly<Record<string, WireMember>>;
  readonly hands: readonly string[];
}

/** Our own tile comes last: others are whom one looks at. */
export function stageTiles({ own, screen, tiles }: MeetingState, known: Known): readonly StageTile[] {
  const { self, hands } = known;
  const shown = tiles.map((tile) => othersTile(tile, known));
  if (screen) shown.push({ ...OWN_TILE, key: OWN_SCREEN_KEY, kind: 'screen', name: self?.name ?? '', stream: screen });
  if (own) {
    shown.push({
      ...OWN_TILE,
      name: self?.name ?? '',
      stream: own.stream,
      hasPicture: own.camera === 'on',
      isSilent: own.microphone !== 'on',
      turn: self ? hands.indexOf(self.id) + 1 : 0,
    });
  }
  return shown;
}

const OWN_TILE = {
  key: OWN_KEY,
  kind: 'camera',
  own: true,
  hasPicture: true,
  isSilent: false,
  isConnecting: false,
  turn: 0,
} as const;

function othersTile(tile: MeetingTile, { members, hands }: Known): StageTile {
  const { key, label, name, memberId, stream, hasAudio, hasVideo, isConnected } = tile;
  const isScreen = label === SCREEN_LABEL;
  // What their client says of itself: silence sounds like any other to us.
  const member = isScreen ? undefined : members[memberId];
  return {
    key,
    kind: isScreen ? 'screen' : 'camera',
    own: false,
    name: members[memberId]?.name ?? name,
    stream,
    hasPicture: hasVideo && !hasCameraOff(member),
    isSilent: !isScreen && (!hasAudio || member?.data?.microphone === 'off'),
    isConnecting: !isConnected,
    turn: isScreen ? 0 : hands.indexOf(memberId) + 1,
    received: tile,
  };
}
