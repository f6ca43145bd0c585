import type { RoomFrame } from '../../../src/dialects/parlour/wire.ts';
import { t } from '../i18n/t.ts';
import { CaptureError } from '../media/capture.ts';
import type { MediaNotice } from '../media/media-ports.ts';
import type { MeetingNotice } from '../media/meeting/meeting-ports.ts';
import { errorText } from './server.ts';

export function cameraNoticeText(notice: MediaNotice): string {
  switch (notice.kind) {
    case 'cut':
      return t('camera.cut');
    case 'device-lost':
      return t('camera.device-lost');
    case 'no-answer':
      return t('camera.no-answer', notice);
    case 'unreachable':
      return t('camera.unreachable', notice);
    case 'camera-off':
      return t('camera.went-off', notice);
    case 'explicit-unwanted':
      return t('camera.explicit-unwanted', notice);
  }
}

export function meetingNoticeText(notice: MeetingNotice): string {
  switch (notice.kind) {
    case 'ended':
      return t('meeting.ended', notice);
    case 'refused':
      return t('meeting.refused', { message: errorText(notice.error) });
    case 'camera-lost':
      return t('meeting.camera-lost');
    case 'microphone-lost':
      return t('meeting.microphone-lost');
    case 'device-failed':
      return t(`setup.${notice.error instanceof CaptureError ? notice.error.failure : 'busy'}`);
    case 'undeliverable':
      return t('meeting.undeliverable', notice);
    case 'muted-by':
      return t('meeting.muted-by', notice);
  }
}

/** What a frame tells people beside the conversation; nothing where it tells them nothing. */
export function frameNotice(frame: RoomFrame): string | undefined {
  switch (frame.type) {
    case 'notice':
      return frame.text;
    case 'meeting':
      return meetingNotice(frame);
    case 'room':
      return recordedNow(frame.meeting);
    case 'cleared':
      return frame.all ? t('meeting.cleared', { name: frame.by }) : undefined;
    case 'note':
      return warning(frame);
    default:
      return undefined;
  }
}

function meetingNotice({ lockedBy, recordingBy, meeting }: Extract<RoomFrame, { type: 'meeting' }>) {
  if (lockedBy !== undefined) return lockNotice(lockedBy, meeting);
  if (recordingBy === undefined) return undefined;
  return t(meeting.recordingSince === undefined ? 'record.ended' : 'record.began', { name: recordingBy });
}

/** Whoever comes in learns of it at once. */
function recordedNow({ recordingSince }: Extract<RoomFrame, { type: 'room' }>['meeting']): string | undefined {
  return recordingSince === undefined ? undefined : t('record.now');
}

function lockNotice(name: string, meeting: Extract<RoomFrame, { type: 'meeting' }>['meeting']): string {
  if (!meeting.locked) return t('meeting.unlocked-by', { name });
  const { lockMessage = '' } = meeting;
  return lockMessage === '' ? t('meeting.locked-by', { name }) : t('meeting.locked-why', { name, why: lockMessage });
}

/** Of operators alone: anybody may send a note of any kind. */
function warning({ kind, privileged, value, name }: Extract<RoomFrame, { type: 'note' }>): string | undefined {
  if (kind !== 'warning' || !privileged || typeof value !== 'string' || value === '') return undefined;
  return t('meeting.warning', { name, text: value });
}
