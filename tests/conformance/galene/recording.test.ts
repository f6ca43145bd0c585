import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GaleneClient } from '../../../src/dialects/galene/client.ts';
import { part, quiet, refused, rest } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 1.10 and 2.15: who may record, and what everybody sees of it. */

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start();
});
afterAll(() => installation[Symbol.asyncDispose]());

interface Watch {
  readonly group: string;
  readonly vimes: GaleneClient;
  readonly ann: GaleneClient;
}

async function watch(more: { readonly 'allow-recording'?: boolean } = { 'allow-recording': true }): Promise<Watch> {
  const group = await installation.group(more);
  const vimes = await installation.enter(group, 'vimes');
  const ann = await installation.enter(group, 'ann');
  await quiet(vimes, ann);
  return { group, vimes, ann };
}

/** What everybody sees of the recorder. */
const RECORDER = {
  type: 'user',
  kind: 'add',
  id: expect.any(String),
  username: 'RECORDING',
  permissions: ['system'],
};

describe('Galène: the recorder', () => {
  test('53. is among the people while it records', async () => {
    const { vimes, ann } = await watch();
    vimes.groupAction({ kind: 'record' });
    const [seen] = await rest(vimes);
    expect(seen).toEqual(RECORDER);
    expect(await rest(ann)).toEqual([seen]);
    await quiet(vimes, ann);
    vimes.groupAction({ kind: 'unrecord' });
    const gone = { type: 'user', kind: 'delete', id: seen?.id, username: 'RECORDING' };
    expect(await rest(vimes)).toEqual([gone]);
    expect(await rest(ann)).toEqual([gone]);
    await part(vimes, ann);
  });

  test('53. is there once: a second one is refused', async () => {
    const { vimes, ann } = await watch();
    vimes.groupAction({ kind: 'record' });
    await quiet(vimes, ann);
    vimes.groupAction({ kind: 'record' });
    await refused(vimes, 'already recording');
    expect(await rest(ann)).toEqual([]);
    await part(vimes, ann);
  });

  test('53. is told to who comes later', async () => {
    const { group, vimes, ann } = await watch();
    vimes.groupAction({ kind: 'record' });
    const [seen] = await rest(vimes);
    const carrot = await installation.enter(group, 'carrot');
    const users = (await rest(carrot)).filter(({ type, kind }) => type === 'user' && kind === 'add');
    expect(users.at(-1)).toEqual(seen);
    expect(users.map(({ username }) => username)).toEqual(['carrot', 'vimes', 'ann', 'RECORDING']);
    await part(vimes, ann, carrot);
  });

  test('53. is for who has the right, and for operators only where the group allows it', async () => {
    const { vimes, ann } = await watch();
    ann.groupAction({ kind: 'record' });
    await refused(ann, 'not authorised');
    const other = await watch({});
    other.vimes.groupAction({ kind: 'record' });
    await refused(other.vimes, 'not authorised');
    await part(vimes, ann, other.vimes, other.ann);
  });

  test('is sent out as anybody is', async () => {
    const { vimes, ann } = await watch();
    vimes.groupAction({ kind: 'record' });
    const [seen] = await rest(vimes);
    await quiet(vimes, ann);
    vimes.userAction(String(seen?.id), { kind: 'kick', value: 'enough' });
    expect(await rest(ann)).toEqual([{ type: 'user', kind: 'delete', id: seen?.id, username: 'RECORDING' }]);
    vimes.groupAction({ kind: 'record' });
    await part(vimes, ann);
  });

  test('is said in its own words to clients of the document of 2021', async () => {
    const { group, vimes, ann } = await watch();
    const old = await installation.enter(group, 'old', { generation: 'seed' });
    await quiet(old);
    vimes.groupAction({ kind: 'record' });
    expect(await rest(old)).toEqual([{ ...RECORDER, permissions: { system: true } }]);
    await part(vimes, ann, old);
  });

  test('to end what is not begun is nothing', async () => {
    const { vimes, ann } = await watch();
    vimes.groupAction({ kind: 'unrecord' });
    expect(await rest(vimes)).toEqual([]);
    await part(vimes, ann);
  });
});
