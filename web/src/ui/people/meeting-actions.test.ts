import { expect, test, vi } from 'vitest';
import type { Ask } from '../../../../src/dialects/parlour/client.ts';
import { member } from '../../room/fixtures.ts';
import { meetingActions } from './meeting-actions.ts';

function about(more: Parameters<typeof member>[1] = {}) {
  const asked: Ask[] = [];
  const shown: string[] = [];
  const server = {
    tell: async (ask: Ask) => asked.push(ask) > 0,
    ask: async (ask: Ask) => {
      asked.push(ask);
      return { type: 'ok', detail: '192.0.2.7' };
    },
  };
  const toasts = { show: (text: string) => shown.push(text) };
  const actions = meetingActions({ server, toasts } as never, member('bob', more));
  const run = (id: string) => actions.find((action) => action.id === id)?.run();
  return { actions, asked, shown, run };
}

test('somebody is silenced, forbidden to show or write, and what they said taken back', () => {
  const { asked, run } = about();
  for (const id of ['silence', 'present', 'write', 'clear']) run(id);
  expect(asked).toEqual([
    { type: 'note', to: 'bob', kind: 'mute', value: null },
    { type: 'grant', name: 'bob', permission: 'present', on: false },
    { type: 'grant', name: 'bob', permission: 'message', on: false },
    { type: 'clear', by: 'id-bob' },
  ]);
});

test('what was forbidden is allowed again', () => {
  const { asked, run, actions } = about({ noPresent: true, noMessage: true });
  expect(actions.map(({ text }) => text)).toContain('Allow writing');
  run('present');
  run('write');
  expect(asked).toMatchObject([{ on: true }, { on: true }]);
});

test('the address is shown to who asks for it', async () => {
  const { shown, run } = about();
  run('identify');
  await vi.waitFor(() => expect(shown).toEqual(['bob comes from 192.0.2.7.']));
});
