import {
  Ban,
  CameraOff,
  DoorClosed,
  DoorOpen,
  EyeOff,
  FileUp,
  Flag,
  HandHeart,
  type LucideIcon,
  MessageCircle,
  ShieldCheck,
  ShieldOff,
  TriangleAlert,
  Undo2,
  UserCheck,
  UserX,
  Video,
  VideoOff,
  Volume2,
  VolumeX,
} from 'lucide-react';
import { Camera, has, isOn } from '../../../../src/core/camera.ts';
import { nameKey } from '../../../../src/core/name.ts';
import type { WireMember } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import type { CamerasState } from '../../media/cameras.ts';
import type { RoomModel } from '../../room/room-model.ts';
import { hasRelation, maySendFiles } from '../../room/selectors.ts';
import type { SessionScope } from '../session-context.ts';
import { chooseFiles } from '../transfers/choose-files.ts';
import { sendFiles } from '../transfers/send-files.ts';

export interface PersonAction {
  readonly id: string;
  readonly text: string;
  readonly icon: LucideIcon;
  readonly danger?: boolean;
  /** Why it cannot be done. */
  readonly prevented?: string;
  readonly run: () => void;
}

interface About {
  readonly member: Pick<WireMember, 'name' | 'camera' | 'operator' | 'noDirect'>;
  readonly present: boolean;
  readonly room: RoomModel;
  readonly cameras: CamerasState;
  readonly scope: SessionScope;
}

/** What anybody may do about anybody. */
export function personalActions({ member, present, room, cameras, scope }: About): readonly PersonAction[] {
  const { session, ui } = scope;
  const { name, camera, noDirect } = member;
  const relate = (kind: 'mute' | 'block' | 'boot' | 'invite', on: boolean) =>
    session.server.tell({ type: 'relate', kind, names: [name], on });
  const muted = hasRelation(room, 'mute', name);
  const blocked = hasRelation(room, 'block', name);
  const booted = hasRelation(room, 'boot', name);
  const invited = hasRelation(room, 'invite', name);
  const watched = cameras.tiles.some((tile) => tile.key === nameKey(name));
  const onCamera = cameras.own.kind === 'on';
  const actions: (PersonAction | false)[] = [
    {
      id: 'message',
      text: t('person.message'),
      icon: MessageCircle,
      ...(noDirect ? { prevented: t('people.no-direct', { name }) } : {}),
      run: () => ui.openThread(session, { to: name }),
    },
    present &&
      maySendFiles(room) && {
        id: 'send-file',
        text: t('files.send'),
        icon: FileUp,
        run: () => chooseFiles((files) => sendFiles(session, { name, files })),
      },
    isOn(camera) &&
      (watched
        ? { id: 'unwatch', text: t('person.unwatch'), icon: VideoOff, run: () => session.cameras.unwatch(name) }
        : { id: 'watch', text: t('person.watch'), icon: Video, run: () => session.cameras.watch(name) }),
    (onCamera || invited) && {
      id: 'invite',
      text: t(invited ? 'person.uninvite' : 'person.invite'),
      icon: HandHeart,
      run: () => void relate('invite', !invited),
    },
    booted
      ? { id: 'unboot', text: t('person.unboot'), icon: Undo2, run: () => void relate('boot', false) }
      : { id: 'boot', text: t('person.boot'), icon: EyeOff, run: () => void relate('boot', true) },
    muted
      ? { id: 'unmute', text: t('person.unmute'), icon: Volume2, run: () => void relate('mute', false) }
      : { id: 'mute', text: t('person.mute'), icon: VolumeX, run: () => void relate('mute', true) },
    blocked
      ? { id: 'unblock', text: t('person.unblock'), icon: UserCheck, run: () => void relate('block', false) }
      : {
          id: 'block',
          text: t('person.block'),
          icon: UserX,
          danger: true,
          run: () =>
            void relate('block', true).then((done) => {
              if (done) session.toasts.show(t('person.blocked', { name }));
            }),
        },
    session.bootstrap.reports && {
      id: 'report',
      text: t('person.report'),
      icon: Flag,
      run: () => ui.openDialog({ kind: 'report', about: { name } }),
    },
  ];
  return actions.filter((action) => action !== false);
}

/** What operators may do. */
export function operatorActions({ member, present, room, scope }: About): readonly PersonAction[] {
  if (!room.self?.operator) return [];
  const { session, ui } = scope;
  const { name, camera, operator } = member;
  const tell = session.server;
  const kick = () =>
    void tell.tell({ type: 'kick', name }).then((done) => {
      if (done) session.toasts.show(t('person.kicked', { name }), 'good');
    });
  const actions: (PersonAction | false)[] = [
    isOn(camera) &&
      room.permitExplicit &&
      !has(camera, Camera.explicit) && {
        id: 'mark',
        text: t('person.mark'),
        icon: EyeOff,
        run: () => void tell.tell({ type: 'mark-explicit', name }),
      },
    isOn(camera) && {
      id: 'cut',
      text: t('person.cut'),
      icon: CameraOff,
      run: () => void tell.tell({ type: 'cut-camera', name }),
    },
    present && {
      id: 'operator',
      text: t(operator ? 'person.unmake-operator' : 'person.make-operator'),
      icon: operator ? ShieldOff : ShieldCheck,
      run: () => void tell.tell({ type: 'operator', name, on: !operator }),
    },
    present && {
      id: 'warn',
      text: t('word.warn'),
      icon: TriangleAlert,
      run: () => ui.openDialog({ kind: 'word', purpose: 'warn', name }),
    },
    present && { id: 'kick', text: t('person.kick'), icon: DoorOpen, danger: true, run: kick },
    present && {
      id: 'kick-word',
      text: t('word.kick'),
      icon: DoorClosed,
      danger: true,
      run: () => ui.openDialog({ kind: 'word', purpose: 'kick', name }),
    },
    { id: 'ban', text: t('person.ban'), icon: Ban, danger: true, run: () => ui.openDialog({ kind: 'ban', name }) },
  ];
  return actions.filter((action) => action !== false);
}
