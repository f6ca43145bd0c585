import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { expect, test } from 'vitest';
import { Guest } from '../support/barertc.ts';
import { startProgram, temporaryFolder } from '../support/process.ts';
import { API_KEY, signToken, WEBSITE_SETTINGS } from '../support/website.ts';

interface House {
  readonly folder: string;
  readonly url: string;
  readonly ended: Promise<unknown>;
  enter(name: string, claims?: object): Promise<Guest>;
  configure(settings: object | string): Promise<void>;
}

async function withProgram(use: (house: House) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'parlour.toml');
  const configure = (settings: object | string) =>
    writeFile(file, typeof settings === 'string' ? settings : stringify({ ...WEBSITE_SETTINGS, ...settings }));
  await configure({});
  const program = startProgram(['--port', '0', '--host', '127.0.0.1'], { cwd: folder.path });
  const url = await program.url;
  const guests: Guest[] = [];
  const enter = async (name: string, claims: object = {}): Promise<Guest> => {
    const jwt = await signToken({ sub: name, ...claims });
    const guest = await Guest.connect(`${url.replace('http', 'ws')}/ws`, name, { jwt });
    guests.push(guest);
    await guest.login();
    // What they are greeted with is there by then.
    await guest.fence();
    return guest;
  };
  try {
    await use({ folder: folder.path, url, ended: program.ended, enter, configure });
  } finally {
    for (const guest of guests) await guest.client.drop();
    program.child.kill('SIGTERM');
    await program.ended;
  }
}

test('/reconfigure reads the settings again, for who is there as for who comes; nonsense changes nothing', () =>
  withProgram(async ({ enter, configure }) => {
    const olga = await enter('olga', { op: true });
    const bob = await enter('bob');
    const say = async (message: string): Promise<string> => {
      const answer = olga.next({ action: 'error' });
      olga.send({ action: 'message', message });
      return String((await answer).message);
    };
    await configure({
      moderation: {
        filters: [{ phrases: ['magic'], response: 'Not here.' }],
        rules: [{ username: 'eve', no_image: true }],
      },
      rooms: [{ name: 'lobby', channels: [{ id: 'lobby', welcome: ['New words.'] }, { id: 'new' }] }],
    });
    expect(await say('/reconfigure')).toContain('read again');
    const told = bob.next({ action: 'error' });
    bob.send({ action: 'message', channel: 'lobby', message: 'magic' });
    expect((await told).message).toBe('<p>Not here.</p>');
    bob.send({ action: 'message', channel: 'new', message: 'in the new channel' });
    await olga.next({ action: 'message', channel: 'new', username: 'bob' });
    const eve = await enter('eve');
    expect(eve.of('error').map(({ message }) => message)).toEqual(['<p>New words.</p>']);

    await configure('title = 5');
    expect(await say('/reconfigure')).toContain('title must be text');
    await configure({ moderation: { filters: [{ phrases: ['('] }] } });
    expect(await say('/reconfigure')).toContain('could not be read');
    const still = bob.next({ action: 'error' });
    bob.send({ action: 'message', channel: 'lobby', message: 'magic' });
    expect((await still).message).toBe('<p>Not here.</p>');
  }));

test.each(['/shutdown', '/api/shutdown'])('%s ends the process with status 1, after everybody was told', (way) =>
  withProgram(async ({ url, ended, enter }) => {
    const olga = await enter('olga', { op: true });
    const bob = await enter('bob');
    const told = bob.next({ action: 'error' });
    if (way === '/shutdown') olga.send({ action: 'message', message: way });
    else {
      const response = await fetch(`${url}${way}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ APIKey: API_KEY }),
      });
      expect(response.status).toBe(200);
    }
    expect((await told).message).toContain('being restarted');
    // A code after which clients come back by themselves.
    expect((await bob.closed()).code).toBe(1012);
    expect(await ended).toBe(1);
  }),
);
