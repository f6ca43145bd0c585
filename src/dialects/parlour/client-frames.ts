import type { RoomFrame, ServerFrame, ServerFrameType } from './wire.ts';

/**
 * What to look at before a frame is believed. Only the fields that the client itself runs on are checked: the schemas
 * of `wire.ts` stay out of the browser, and the server is ours.
 */
type Check = (frame: Readonly<Record<string, unknown>>) => boolean;

const isSeq = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const room: Check = (frame) => isSeq(frame.seq);
const anything: Check = () => true;

const CHECKS: Readonly<Record<ServerFrameType, Check>> = {
  welcome: (frame) =>
    [frame.session, frame.token, frame.epoch].every((value) => typeof value === 'string') &&
    typeof frame.recovered === 'boolean' &&
    Number.isFinite(frame.keepAliveMs),
  pong: anything,
  token: (frame) => typeof frame.jwt === 'string',
  ok: anything,
  refused: (frame) => typeof frame.code === 'string',
  bye: (frame) => typeof frame.comeBack === 'boolean',
  room,
  member: room,
  gone: room,
  renamed: room,
  self: room,
  message: room,
  retracted: room,
  reaction: room,
  typing: room,
  ring: room,
  opened: room,
  watching: room,
  signal: room,
  cut: room,
  marked: room,
  nudge: room,
  relation: room,
  channel: room,
  'channel-gone': room,
  notice: room,
  meeting: room,
  cleared: room,
  caption: room,
  note: room,
  'stream-answer': room,
  'stream-ended': room,
  'stream-restart': room,
  'stream-candidate': room,
  'stream-offer': room,
  'stream-closed': room,
};

/** Nothing where it is no frame of ours: broken, or of a later version of the wire, which may say more. */
export function parseServerFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== 'string') return undefined;
  const value = parseObject(data);
  if (!value || typeof value.type !== 'string' || !Object.hasOwn(CHECKS, value.type)) return undefined;
  return CHECKS[value.type as ServerFrameType](value) ? (value as unknown as ServerFrame) : undefined;
}

export function isRoomFrame(frame: ServerFrame): frame is RoomFrame {
  return CHECKS[frame.type] === room;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
