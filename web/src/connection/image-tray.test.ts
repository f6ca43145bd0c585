import { describe, expect, test } from 'vitest';
import type { WireTarget } from '../../../src/dialects/parlour/wire.ts';
import { emptyRoom } from '../room/room-model.ts';
import type { PendingImage } from '../room/thread.ts';
import { ImageTray, MAX_IMAGES } from './image-tray.ts';
import { Previews } from './previews.ts';
import { FakeUrls } from './testing/fake-urls.ts';

const LOBBY = { channel: 'lobby' };
const QUIET = { channel: 'no-photos' };

interface Upload {
  readonly name: string;
  readonly progress: (part: number) => void;
  readonly succeed: (attachment: string) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

function setUp() {
  const urls = new FakeUrls();
  const previews = new Previews(urls);
  const uploads: Upload[] = [];
  const posts: { target: WireTarget; image: PendingImage }[] = [];
  const complaints: string[] = [];
  const tray = new ImageTray({
    maxImageBytes: 2 * 1_048_576,
    permits: (target) => target !== QUIET,
    previews,
    upload: (file, progress) =>
      new Promise((resolve, reject) => {
        const settled = async (settle: () => void) => {
          settle();
          await new Promise((done) => setImmediate(done));
        };
        uploads.push({
          name: file.name,
          progress,
          succeed: (attachment) => settled(() => resolve(attachment)),
          fail: (error) => settled(() => reject(error)),
        });
      }),
    post: (target, image) => posts.push({ target, image }),
    complain: (text) => complaints.push(text),
  });
  const names = () => tray.state.get().images.map((image) => image.file.name);
  const upload = () => {
    const last = uploads.at(-1);
    if (!last) throw new Error('Nothing is uploaded.');
    return last;
  };
  return { tray, urls, previews, uploads, upload, posts, complaints, names };
}

function image(name: string, bytes = 3): File {
  return new File([new Uint8Array(bytes)], name, { type: 'image/png' });
}

describe('what is added', () => {
  test('is shown by a preview, and removing it gives the preview back', () => {
    const { tray, urls, names } = setUp();
    tray.add([image('a.png'), image('b.png')], LOBBY);
    expect(tray.state.get().images.map((each) => each.previewUrl)).toEqual(urls.open);
    tray.remove(tray.state.get().images[0]?.id ?? 0);
    expect(names()).toEqual(['b.png']);
    expect(urls.open).toHaveLength(1);
    tray.remove(999);
    expect(names()).toEqual(['b.png']);
  });

  test.each([
    ['no image', new File(['x'], 'notes.txt', { type: 'text/plain' }), LOBBY, 'notes.txt is not an image.'],
    ['too large', image('huge.png', 2 * 1_048_576 + 1), LOBBY, 'huge.png is too large: 2 MB at most.'],
    ['not permitted', image('a.png'), QUIET, 'Photos are not permitted in this channel.'],
  ])('is refused where it is %s, and what is sound beside it is not', (_, file, target, complaint) => {
    const { tray, urls, complaints } = setUp();
    tray.add([file], target);
    expect(complaints).toEqual([complaint]);
    expect(tray.state.get().images).toEqual([]);
    tray.add([file, image('good.png')], LOBBY);
    expect(tray.state.get().images.at(-1)?.file.name).toBe('good.png');
    expect(urls.open).toHaveLength(tray.state.get().images.length);
  });

  test('ends at so many', () => {
    const { tray, complaints, names, urls } = setUp();
    tray.add(
      Array.from({ length: MAX_IMAGES - 1 }, (_, index) => image(`${index}.png`)),
      LOBBY,
    );
    tray.add([image('last.png'), image('over.png')], LOBBY);
    expect(names()).toHaveLength(MAX_IMAGES);
    expect(names().at(-1)).toBe('last.png');
    expect(complaints).toEqual([`At most ${MAX_IMAGES} images at once.`]);
    expect(urls.open).toHaveLength(MAX_IMAGES);
  });
});

describe('sending', () => {
  test('goes in order, tells how far it is, and hands the previews to the messages', async () => {
    const { tray, urls, previews, upload, uploads, posts, names } = setUp();
    tray.add([image('a.png'), image('b.png')], LOBBY);
    const sent = tray.send(LOBBY);
    expect(tray.state.get().sending).toBe(true);
    upload().progress(0.5);
    expect(tray.state.get().images.map((each) => each.progress)).toEqual([0.5, undefined]);
    await upload().succeed('id-a');
    expect(names()).toEqual(['b.png']);
    await upload().succeed('id-b');
    await sent;
    expect(uploads.map((each) => each.name)).toEqual(['a.png', 'b.png']);
    expect(posts.map(({ target, image: { attachment, fileName } }) => [target, attachment, fileName])).toEqual([
      [LOBBY, 'id-a', 'a.png'],
      [LOBBY, 'id-b', 'b.png'],
    ]);
    expect(tray.state.get()).toEqual({ images: [], sending: false });
    expect(urls.open, 'the messages show them').toHaveLength(2);
    previews.sweep(emptyRoom());
    expect(urls.open).toEqual([]);
  });

  test('from the first that fails on they stay, and can be sent again', async () => {
    const { tray, upload, uploads, posts, complaints, names } = setUp();
    tray.add([image('a.png'), image('b.png')], LOBBY);
    const sent = tray.send(LOBBY);
    await upload().fail(new Error(''));
    await sent;
    expect(complaints).toEqual(['a.png could not be sent.']);
    expect(names()).toEqual(['a.png', 'b.png']);
    expect(tray.state.get().images.every((each) => each.progress === undefined)).toBe(true);

    const again = tray.send(LOBBY);
    await upload().fail(new Error('The image is broken.'));
    await again;
    expect(complaints.at(-1)).toBe('The image is broken.');
    expect(uploads).toHaveLength(2);
    expect(posts).toEqual([]);
  });

  test('sends nothing twice, and not what was taken out meanwhile', async () => {
    const { tray, upload, uploads, posts } = setUp();
    tray.add([image('a.png'), image('b.png')], LOBBY);
    const sent = tray.send(LOBBY);
    await tray.send(LOBBY);
    expect(uploads).toHaveLength(1);
    tray.remove(tray.state.get().images[1]?.id ?? 0);
    await upload().succeed('id-a');
    await sent;
    expect(uploads).toHaveLength(1);
    expect(posts).toHaveLength(1);
  });

  test('does not go to a channel without photos', async () => {
    const { tray, uploads, complaints, names } = setUp();
    tray.add([image('a.png')], LOBBY);
    await tray.send(QUIET);
    expect(uploads).toEqual([]);
    expect(names()).toEqual(['a.png']);
    expect(complaints).toEqual(['Photos are not permitted in this channel.']);
  });

  test('that outlasts the stay posts nothing and leaves no preview', async () => {
    const { tray, urls, upload, posts, complaints } = setUp();
    tray.add([image('a.png'), image('b.png')], LOBBY);
    const sent = tray.send(LOBBY);
    tray.close();
    expect(urls.open).toEqual([]);
    await upload().succeed('id-a');
    await sent;
    expect(posts).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
