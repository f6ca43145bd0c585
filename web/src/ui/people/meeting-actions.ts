import { Eraser, MapPin, MessageCircle, MessageCircleOff, MicOff, Video, VideoOff } from 'lucide-react';
import type { WireMember } from '../../../../src/dialects/parlour/wire.ts';
import type { RoomSession } from '../../connection/room-session.ts';
import { t } from '../../i18n/t.ts';
import type { PersonAction } from './person-actions.tsx';

/** What those who run the room may do about somebody who is in it. */
export function meetingActions(
  { server, toasts }: Pick<RoomSession, 'server' | 'toasts'>,
  member: Pick<WireMember, 'id' | 'name' | 'noPresent' | 'noMessage' | 'operator'>,
): readonly PersonAction[] {
  const { id, name, noPresent = false, noMessage = false } = member;
  const grant = (permission: 'present' | 'message', on: boolean) =>
    void server.tell({ type: 'grant', name, permission, on });
  const silence = async () => {
    const done = await server.tell({ type: 'note', to: name, kind: 'mute', value: null });
    if (done) toasts.show(t('person.silenced', { name }), 'good');
  };
  const identify = async () => {
    const answer = await server.ask({ type: 'identify', name }).catch(() => undefined);
    if (answer?.detail) toasts.show(t('person.address', { name, address: answer.detail }));
  };
  return [
    { id: 'silence', text: t('person.silence'), icon: MicOff, run: () => void silence() },
    {
      id: 'present',
      text: t(noPresent ? 'person.allow-present' : 'person.forbid-present'),
      icon: noPresent ? Video : VideoOff,
      run: () => grant('present', noPresent),
    },
    {
      id: 'write',
      text: t(noMessage ? 'person.allow-message' : 'person.forbid-message'),
      icon: noMessage ? MessageCircle : MessageCircleOff,
      run: () => grant('message', noMessage),
    },
    { id: 'identify', text: t('person.identify'), icon: MapPin, run: () => void identify() },
    { id: 'clear', text: t('person.clear'), icon: Eraser, run: () => void server.tell({ type: 'clear', by: id }) },
  ];
}
