import { Camera } from '../src/core/camera.ts';
import type { WireTarget } from '../src/dialects/parlour/wire.ts';
import { enterNative, type NativeGuest } from '../tests/support/native.ts';
import type { TestServer } from '../tests/support/server.ts';
import { sunset } from './screenshot-pictures.ts';

/** The people of the screenshots who are in no browser, and what they say. Ana is the one who looks. */
export interface Cast {
  say(): Promise<void>;
  /** Is forgotten after some seconds. */
  type(): Promise<void>;
  leave(): void;
}

const LOBBY: WireTarget = { channel: 'lobby' };
const PRESENCES = {
  'Maya Lindqvist': {},
  Ingrid: { status: 'busy', camera: Camera.on },
  'Jonas Weber': { status: 'gaming', dnd: true },
  Lia: { status: 'away' },
  noodle_cat: {},
  Oluwaseun: {},
  'Priya K': { camera: Camera.on | Camera.mutualRequired },
  samir: { status: 'lunch' },
  Theo: {},
} as const;
type Name = keyof typeof PRESENCES;

export async function enterCast(server: TestServer): Promise<Cast> {
  const guests = new Map<Name, NativeGuest>();
  for (const name of Object.keys(PRESENCES) as Name[]) {
    const invitation = name === 'Maya Lindqvist' ? { invitation: server.invitationToken } : {};
    const guest = await enterNative(server.wsUrl, { name, ...invitation });
    await guest.client.ask({ type: 'presence', ...PRESENCES[name] });
    guests.set(name, guest);
  }
  const as = (name: Name): NativeGuest => {
    const guest = guests.get(name);
    if (!guest) throw new Error(`${name} is not here.`);
    return guest;
  };
  return {
    say: () => converse(server, as),
    type: async () => {
      await as('Oluwaseun').client.ask({ type: 'typing', target: LOBBY, on: true });
    },
    leave: () => {
      for (const guest of guests.values()) guest.close();
    },
  };
}

async function converse(server: TestServer, as: (name: Name) => NativeGuest): Promise<void> {
  const post = (name: Name, text: string, target = LOBBY) => as(name).client.post({ target, text });
  await post('Oluwaseun', 'Choir practice is at **seven** tonight, and the tuning page is\nhttps://example.org/tuner');
  await post('noodle_cat', 'I will be there. Do we start with the *slow* one again?');
  const attachment = await upload(server, as('Ingrid'), await sunset());
  const picture = await as('Ingrid').client.post({ target: LOBBY, attachment, fileName: 'balcony.png' });
  for (const [emoji, names] of [
    ['😍', ['Lia', 'Theo', 'Priya K']],
    ['🔥', ['samir', 'noodle_cat']],
  ] as const) {
    for (const name of names) {
      await as(name).client.ask({ type: 'react', messageId: picture.messageId, emoji, on: true });
    }
  }
  await post('Ingrid', 'View from the balcony just now');
  await post('Maya Lindqvist', '@Ana will you host the first half? You were great last time.');
  await post('samir', 'Off to lunch. @Ana, the soup was good advice.', { channel: 'offtopic' });
  await post('Theo', 'Do you still have my *blue* notebook?', { to: 'Ana' });
  await post('Theo', 'No hurry!', { to: 'Ana' });
}

async function upload(server: TestServer, guest: NativeGuest, image: Buffer): Promise<string> {
  const response = await fetch(`${server.url}/api/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${guest.welcomes.at(-1)?.session}`, 'content-type': 'image/png' },
    body: new Uint8Array(image),
  });
  const { attachment } = (await response.json()) as { readonly attachment?: { readonly id: string } };
  if (!attachment) throw new Error(`The image was not taken: ${response.status}`);
  return attachment.id;
}
