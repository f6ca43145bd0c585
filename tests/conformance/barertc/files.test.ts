import sharp from 'sharp';
import { expect, test } from 'vitest';
import { type Guest, settled, TestRoom } from '../../support/barertc.ts';
import { animation, photo, samplePng } from '../../support/images.ts';

interface Picture {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** As the page shows it. */
  readonly width: number;
  readonly height: number;
  readonly html: string;
}

function pictureIn(message: unknown): Picture {
  const html = String(message);
  const [, mediaType = '', data = ''] = /^<img src="data:([^;]+);base64,([A-Za-z0-9+/=]+)"/.exec(html) ?? [];
  const [, width, height] = / width="(\d+)" height="(\d+)"/.exec(html) ?? [];
  return { mediaType, bytes: Buffer.from(data, 'base64'), width: Number(width), height: Number(height), html };
}

async function shared(sender: Guest, name: string, bytes: Uint8Array): Promise<Picture> {
  const own = sender.next((frame) => frame.action === 'message' || frame.action === 'error');
  sender.client.file('lobby', name, bytes);
  return pictureIn((await own).message);
}

async function pixel(picture: Picture, at: { readonly left: number; readonly top: number }): Promise<number[]> {
  const { data } = await sharp(picture.bytes)
    .removeAlpha()
    .extract({ ...at, width: 1, height: 1 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [...data];
}

test.each([
  ['30. JSON array bytes', 'array'],
  ['31. base64 bytes', 'base64'],
] as const)('%s: a PNG of 2000x1000 is 1280x640 inside the message, shown as 360x180', async (_, as) => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const [alices, bobs] = [alice.tape(), bob.tape()];
  const png = await samplePng({ width: 2000, height: 1000 });
  alice.client.file('lobby', 'x.PNG', png, { as });
  await settled(alice, bob);
  expect(alices.frames).toEqual([
    { action: 'message', channel: 'lobby', username: 'alice', message: expect.any(String), msgID: expect.any(Number) },
  ]);
  expect(bobs.frames).toEqual(alices.frames);
  const picture = pictureIn(bobs.frames[0]?.message);
  expect(picture).toMatchObject({ mediaType: 'image/png', width: 360, height: 180 });
  expect(picture.html).toMatch(/onclick="setModalImage\(this\.src\)"/);
  expect(await sharp(picture.bytes).metadata()).toMatchObject({ format: 'png', width: 1280, height: 640 });
});

test('31. base64 bytes: the very same picture as from a list of numbers', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const alices = alice.tape();
  const png = await samplePng({ width: 40, height: 30 });
  alice.client.file('lobby', 'x.png', png, { as: 'array' });
  alice.client.file('lobby', 'x.png', png, { as: 'base64' });
  await alice.fence();
  const [first, second] = alices.of('message').map((frame) => frame.message);
  expect(first).toMatch(/^<img src="data:image\/png;base64,/);
  expect(second).toBe(first);
  // Small pictures keep their size and shape.
  expect(pictureIn(first)).toMatchObject({ width: 40, height: 30 });
});

test('32. JPEG with orientation and place: upright, and without anything but its pixels', async () => {
  const original = await photo();
  expect((await sharp(original).metadata()).exif).toBeInstanceOf(Buffer);
  await using room = await TestRoom.open();
  const picture = await shared(await room.enter('alice'), 'photo.jpeg', original);
  const metadata = await sharp(picture.bytes).metadata();
  expect(metadata).toMatchObject({ format: 'jpeg', width: 32, height: 64 });
  expect(metadata.orientation ?? 1).toBe(1);
  expect(metadata).not.toHaveProperty('exif');
  expect(picture.bytes.includes('Camera of somebody')).toBe(false);
  const [above, below] = [await pixel(picture, { left: 16, top: 8 }), await pixel(picture, { left: 16, top: 56 })];
  expect(above[0]).toBeGreaterThan(200);
  expect(above[2]).toBeLessThan(60);
  expect(below[0]).toBeLessThan(60);
  expect(below[2]).toBeGreaterThan(200);
});

test('33. Animated GIF: still animated', async () => {
  await using room = await TestRoom.open();
  const picture = await shared(await room.enter('alice'), 'dance.gif', await animation());
  expect(picture).toMatchObject({ mediaType: 'image/gif', width: 24, height: 16 });
  const { format, pages, delay } = await sharp(picture.bytes, { animated: true }).metadata();
  expect({ format, pages, delay }).toEqual({ format: 'gif', pages: 3, delay: [100, 100, 100] });
});

test.each(['x.webp', 'x.exe', 'x', 'png', 'x.png.svg'])(
  '34. A file named %s: an error, whatever is in it',
  async (name) => {
    await using room = await TestRoom.open();
    const alice = await room.enter('alice');
    const bob = await room.enter('bob');
    const [alices, bobs] = [alice.tape(), bob.tape()];
    alice.client.file('lobby', name, await samplePng({ width: 4, height: 4 }));
    await settled(alice, bob);
    expect(alices.frames).toEqual([{ action: 'error', username: 'ChatServer', message: expect.any(String) }]);
    expect(bobs.frames).toEqual([]);
  },
);

const NO_PICTURES: readonly (readonly [string, string | Uint8Array])[] = [
  ['text', 'I am not a picture at all'],
  ['HTML', '<html><script>alert(1)</script></html>'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'],
  ['the beginning of a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)],
  ['nothing', ''],
];

test.each(NO_PICTURES)('35. %s renamed to .png: refused', async (_, content) => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const [alices, bobs] = [alice.tape(), bob.tape()];
  alice.client.file('lobby', 'x.png', typeof content === 'string' ? new TextEncoder().encode(content) : content);
  await settled(alice, bob);
  expect(alices.frames).toEqual([{ action: 'error', username: 'ChatServer', message: expect.any(String) }]);
  expect(bobs.frames).toEqual([]);
});

test('35. A picture of more bytes or pixels than are allowed: refused', async () => {
  await using room = await TestRoom.open({ limits: { image_pixels: 10_000, image_bytes: 4096 } });
  const alice = await room.enter('alice');
  const alices = alice.tape();
  alice.client.file('lobby', 'large.png', await samplePng({ width: 101, height: 100 }));
  alice.client.file('lobby', 'heavy.png', new Uint8Array(5000).fill(7));
  await alice.fence();
  expect(alices.of('error')).toHaveLength(2);
  expect(alices.of('message')).toEqual([]);
  expect(await shared(alice, 'small.png', await samplePng({ width: 100, height: 100 }))).toMatchObject({ width: 100 });
});

test('36. A file to somebody offline: own copy, then an error; the server is alive', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const [alices, bobs] = [alice.tape(), bob.tape()];
  const png = await samplePng({ width: 4, height: 4 });
  alice.client.file('@offline', 'x.png', png);
  await settled(alice, bob);
  expect(alices.frames).toEqual([
    expect.objectContaining({ action: 'message', channel: '@offline', message: expect.stringMatching(/^<img /) }),
    { action: 'error', username: 'ChatServer', message: 'offline is not in the room.' },
  ]);
  expect(bobs.frames).toEqual([]);
  alice.client.file('@bob', 'x.png', png);
  await settled(alice, bob);
  expect(bobs.frames).toEqual([
    expect.objectContaining({ action: 'message', channel: '@alice', message: expect.stringMatching(/^<img /) }),
  ]);
});

test.each([
  ['no channel', {}],
  ['an unknown channel', { channel: 'nowhere' }],
  ['a channel without photos', { channel: 'texts' }],
])('36. A file to %s: an error', async (_, channel) => {
  await using room = await TestRoom.open({
    rooms: [{ name: 'lobby', channels: [{ id: 'lobby' }, { id: 'texts', photos: false }] }],
  });
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const [alices, bobs] = [alice.tape(), bob.tape()];
  alice.send({ action: 'file', message: 'x.png', bytes: [...(await samplePng({ width: 4, height: 4 }))], ...channel });
  await settled(alice, bob);
  expect(alices.frames).toEqual([{ action: 'error', username: 'ChatServer', message: expect.any(String) }]);
  expect(bobs.frames).toEqual([]);
});

test('36. A file to somebody who muted its sender: only the own copy', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  bob.client.mute('alice');
  await settled(bob, alice);
  const [alices, bobs] = [alice.tape(), bob.tape()];
  const png = await samplePng({ width: 4, height: 4 });
  alice.client.file('@bob', 'x.png', png);
  alice.client.file('lobby', 'x.png', png);
  await settled(alice, bob);
  expect(alices.frames.map((frame) => frame.channel)).toEqual(['@bob', 'lobby']);
  expect(bobs.frames).toEqual([]);
});
