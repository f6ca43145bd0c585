import { describe, expect, test } from 'vitest';
import { ImageError, type ImageProcessor } from '../attachments/image.ts';
import { NO_GUARDS } from '../core/guards.ts';
import { wideRates } from './testing/settings.ts';
import { framesOf, openStage, type Stage, type StageOptions, settled } from './testing/stage.ts';
import { Uploads } from './uploads.ts';

const BYTES = Uint8Array.of(1, 2, 3);
const rates = { ...wideRates(), images: { burst: 2, perSecond: 0.1 }, peoplePerAddress: 2 };

/** Takes everything for an image, but the empty file and the huge. */
const images: Pick<ImageProcessor, 'process'> = {
  process: async (bytes) => {
    if (bytes.byteLength === 0) throw new ImageError('image-invalid');
    if (bytes.byteLength > 10) throw new ImageError('image-too-large');
    return { mediaType: 'image/png', width: 2, height: 1, bytes };
  },
};

async function onStage(
  play: (stage: Stage, uploads: Uploads) => Promise<void>,
  options: StageOptions = {},
): Promise<void> {
  const stage = await openStage({ services: { images }, ...options });
  try {
    await play(stage, new Uploads(stage.hub));
    expect(stage.faults).toEqual([]);
  } finally {
    await stage.hub.close();
  }
}

test('an upload is stored for whoever is in the room by that secret', () =>
  onStage(async (stage, uploads) => {
    const { welcome, connection } = await stage.hello('Alice');
    const stored = await uploads.take({ session: welcome.session, bytes: BYTES });
    expect(stored).toMatchObject({ attachment: { mediaType: 'image/png', width: 2, height: 1, byteLength: 3 } });
    if (!('attachment' in stored)) throw new Error('refused');
    expect((await stage.storage.attachment(stored.attachment.id))?.bytes).toEqual(BYTES);
    connection.receive({ type: 'leave' });
    await settled();
    for (const session of [welcome.session, '', 'nonsense']) {
      expect(await uploads.take({ session, bytes: BYTES })).toEqual({ refusal: { code: 'not-joined' }, status: 401 });
    }
  }));

test.each([
  [0, 'image-invalid', 422],
  [11, 'image-too-large', 413],
])('of %d bytes it is refused: %s', async (size, code, status) =>
  onStage(async (stage, uploads) => {
    const { welcome } = await stage.hello('Alice');
    const bytes = new Uint8Array(size);
    expect(await uploads.take({ session: welcome.session, bytes })).toMatchObject({ refusal: { code }, status });
  }),
);

test('of who may send no images it is refused', () =>
  onStage(
    async (stage, uploads) => {
      const { welcome } = await stage.hello('Alice');
      expect(await uploads.take({ session: welcome.session, bytes: BYTES })).toMatchObject({
        refusal: { code: 'rule-no-image' },
        status: 403,
      });
    },
    {
      services: { images },
      settings: { guards: { ...NO_GUARDS, rules: new Map([['alice', new Set(['no-image'] as const)]]) } },
    },
  ));

describe('W12: the rate of images', () => {
  test('is one for each person, and for their household', () =>
    onStage(
      async (stage, uploads) => {
        const statuses: (number | undefined)[] = [];
        for (const name of ['Alice', 'Bob', 'Carol']) {
          const { welcome } = await stage.hello(name);
          for (let index = 0; index < 3; index++) {
            const result = await uploads.take({ session: welcome.session, bytes: BYTES });
            statuses.push('status' in result ? result.status : undefined);
          }
        }
        const [ok, no] = [undefined, 429];
        expect(statuses).toEqual([ok, ok, no, ok, ok, no, no, no, no]);
      },
      { services: { images }, settings: { rates } },
    ));

  test('is shared by uploads and by images that come on the wire', () =>
    onStage(
      async (stage, uploads) => {
        const { welcome, connection } = await stage.hello('Alice');
        const bare = await stage.login('Bob');
        const file = { action: 'file', channel: 'lobby', message: 'a.png', bytes: [...BYTES] };
        for (let index = 0; index < 3; index++) {
          bare.receive(file);
          await settled();
        }
        expect(stage.tally.of('refused too-fast')).toBe(1);
        expect(framesOf(connection, 'message')).toHaveLength(2);
        const mine = () => uploads.take({ session: welcome.session, bytes: BYTES });
        expect('attachment' in (await mine())).toBe(true);
        expect('attachment' in (await mine())).toBe(true);
        expect(await mine()).toMatchObject({ status: 429, refusal: { code: 'too-fast' } });
        const again = await stage.hello('Dora');
        expect(await uploads.take({ session: again.welcome.session, bytes: BYTES })).toMatchObject({ status: 429 });
      },
      { services: { images }, settings: { rates } },
    ));
});
