import { describe, expect, test } from 'vitest';
import { entryOf, firstErrors, firstFields, firstFocus, missingIn } from './entry-form.ts';

const entry = { name: 'alice', roomPassword: '', hasAccount: false };
const fields = firstFields({ asksRoom: false, entry, refusal: undefined });
const refusedFor = (code: string) => ({ code, message: 'No.' });

describe('the form begins', () => {
  test('with what is known', () => {
    expect(fields).toEqual({ name: 'alice', hasAccount: false, password: '', asksRoom: false, roomPassword: '' });
    const kept = { ...entry, roomPassword: 'hush' };
    const asked = firstFields({ asksRoom: true, entry: kept, refusal: undefined });
    expect(asked).toMatchObject({ asksRoom: true, roomPassword: 'hush' });
  });

  test('with the password that was wrong to be said again', () => {
    const account = { ...entry, hasAccount: true };
    const failed = firstFields({ asksRoom: false, entry: account, refusal: refusedFor('login-failed') });
    expect(failed).toMatchObject({ hasAccount: true, password: '' });
    const closed = firstFields({ asksRoom: false, entry, refusal: refusedFor('room-password') });
    expect(closed).toMatchObject({ hasAccount: false, asksRoom: true });
    const focus = ['login-failed', 'room-password', 'banned'].map((code) => firstFocus({ refusal: refusedFor(code) }));
    expect(focus).toEqual(['password', 'roomPassword', 'name']);
  });

  test('with a word beside the password of the room, where one was said', () => {
    const refusal = refusedFor('room-password');
    expect(firstErrors({ entry, refusal })).toEqual({});
    const said = firstErrors({ entry: { ...entry, roomPassword: 'wrong' }, refusal });
    expect(said).toEqual({ roomPassword: 'That was not it. Ask whoever told you of the room.' });
  });
});

test('what is missing is said beside its field', () => {
  expect(missingIn(fields)).toEqual({});
  expect(Object.keys(missingIn({ ...fields, name: ' ' }))).toEqual(['name']);
  expect(Object.keys(missingIn({ ...fields, hasAccount: true }))).toEqual(['password']);
});

test('what is hidden again is not said', () => {
  const full = { ...fields, name: ' alice ', password: 'secret', roomPassword: 'hush' };
  expect(entryOf(full)).toEqual({ name: 'alice', roomPassword: '' });
  expect(entryOf({ ...full, hasAccount: true, asksRoom: true })).toEqual({
    name: 'alice',
    password: 'secret',
    roomPassword: 'hush',
  });
});
