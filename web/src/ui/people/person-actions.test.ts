import { expect, test } from 'vitest';
import { frame, member, reduce, roomFrame } from '../../room/fixtures.ts';
import { memberNamed } from '../../room/selectors.ts';
import { personalActions } from './person-actions.tsx';

function messageAction(noDirect: boolean) {
  const bob = member('bob', noDirect ? { noDirect: true } : {});
  const room = reduce([roomFrame(), frame({ type: 'member', member: bob })]);
  const known = memberNamed(room, 'bob');
  if (!known) throw new Error('Bob is not there.');
  const scope = { session: { bootstrap: { reports: false } }, ui: {} };
  const cameras = { own: { kind: 'off' }, tiles: [] };
  const actions = personalActions({ member: known, present: true, room, cameras, scope } as never);
  return actions.find(({ id }) => id === 'message');
}

test('who cannot read direct messages is not written to, and it is said why', () => {
  expect(messageAction(true)?.prevented).toBe('bob uses a client that cannot show direct messages.');
  expect(messageAction(false)).not.toHaveProperty('prevented');
});
