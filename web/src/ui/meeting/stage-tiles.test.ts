import { expect, test } from 'vitest';
import type { MeetingState } from '../../media/meeting/meeting.ts';
import type { MeetingTile } from '../../media/meeting/receiving.ts';
import { member } from '../../room/fixtures.ts';
import { stageTiles } from './stage-tiles.ts';

const stream = {} as MediaStream;
const tile = (name: string, more: Partial<MeetingTile> = {}): MeetingTile => ({
  key: name,
  id: name,
  label: 'camera',
  memberId: `id-${name}`,
  name,
  stream,
  hasAudio: true,
  hasVideo: true,
  isConnected: true,
  ...more,
});
const own = { microphone: 'off', camera: 'on', stream } as const;
const meeting = (more: Partial<MeetingState>): MeetingState => ({
  attending: true,
  own: undefined,
  screen: undefined,
  tiles: [],
  ...more,
});
const me = member('me');
const known = (...others: ReturnType<typeof member>[]) => ({
  self: me,
  members: Object.fromEntries([me, ...others].map((each) => [each.id, each])),
  hands: ['id-bob', 'id-me'],
});

test('our own come last, with what we send of ourselves', () => {
  const shown = stageTiles(meeting({ own, screen: stream, tiles: [tile('ann')] }), known());
  expect(shown.map(({ name, kind, own: isOwn }) => [name, kind, isOwn])).toEqual([
    ['ann', 'camera', false],
    ['me', 'screen', true],
    ['me', 'camera', true],
  ]);
  expect(shown[2]).toMatchObject({ isSilent: true, hasPicture: true, turn: 2 });
});

test('who says that they are silent or dark is shown so, although sound and picture come', () => {
  const bob = member('bob', { data: { microphone: 'off', camera: 'off' } });
  const [shown] = stageTiles(meeting({ tiles: [tile('bob')] }), known(bob));
  expect(shown).toMatchObject({ isSilent: true, hasPicture: false, turn: 1 });
});

test('a screen is neither silent nor dark for what its owner says of their camera', () => {
  const bob = member('bob', { data: { microphone: 'off', camera: 'off' } });
  const [shown] = stageTiles(meeting({ tiles: [tile('bob', { label: 'screenshare', hasAudio: false })] }), known(bob));
  expect(shown).toMatchObject({ kind: 'screen', isSilent: false, hasPicture: true, turn: 0 });
});

test('without a microphone somebody is silent, by whatever client they came', () => {
  const [shown] = stageTiles(meeting({ tiles: [tile('ann', { hasAudio: false })] }), known(member('ann')));
  expect(shown?.isSilent).toBe(true);
});

test('who took another name has it on their tile, too', () => {
  const [shown] = stageTiles(meeting({ tiles: [tile('ann')] }), known({ ...member('ann'), name: 'Anna' }));
  expect(shown?.name).toBe('Anna');
});
