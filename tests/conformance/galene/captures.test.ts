import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GaleneClient, GaleneFrame, Generation } from '../../../src/dialects/galene/client.ts';
import { type CaptureName, capture } from './support/captures.ts';
import { part, quiet, settled } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** What the original's clients sent, sent again; and whether the answers are those that they took. */

let installation: Installation;

const ANYBODY = { password: { type: 'wildcard' }, permissions: 'present' };

beforeEach(async () => {
  installation = await Installation.start({
    groups: { test: { users: { alice: { ...ANYBODY, permissions: 'op' } }, 'wildcard-user': ANYBODY } },
  });
});
afterEach(() => installation[Symbol.asyncDispose]());

function enterOther(id: string): Promise<GaleneClient> {
  return installation.enter('test', id.replace('other', 'o'), { id });
}

interface Replay {
  /** Whose frames were recorded. */
  readonly alice: GaleneClient;
  readonly o1: GaleneClient;
  readonly o2: GaleneClient;
  /** What the server said that the recording has not. */
  readonly more: readonly GaleneFrame[];
}

/** Each answer that was recorded is waited for, with what in it does not depend on the day. */
async function replay(name: CaptureName, generation: Generation): Promise<Replay> {
  let o1 = await enterOther('other1');
  const o2 = await enterOther('other2');
  o2.request({ '': ['audio', 'video'] });
  await quiet(o1, o2);
  const [first] = capture(name);
  const alice = await installation.connect({
    ...{ generation, id: first?.frame.id ?? '', handshake: 'by-hand', liveness: 'none' },
  });
  for (const { from, frame } of capture(name)) {
    if (from === 'client') {
      alice.send(frame);
      // Whom they kicked, they went on talking to.
      if (frame.kind === 'kick') {
        await o1.waitForClose();
        o1 = await enterOther('other1');
      }
      if (alice.membership) await settled(alice);
    } else if (isOurs(frame)) await alice.next((answer) => isAlike(frame, answer));
    // Media takes its time, so that it comes in between anything.
    if (frame.type === 'answer' && from === 'server') await expect.poll(() => isOffered(o2, frame.id)).toBe(true);
  }
  await settled(alice, o1, o2);
  return { alice, o1, o2, more: withoutCandidates(alice) };
}

function isOffered({ frames }: GaleneClient, stream: string | undefined): boolean {
  return frames.some(({ type, id }) => type === 'offer' && id === stream);
}

/** Which addresses the server has is another matter. */
function withoutCandidates({ untaken }: GaleneClient): readonly GaleneFrame[] {
  return untaken.filter(({ type }) => type !== 'ice');
}

/** The stub also said what no server says, what others' streams were, and a private message to its author. */
function isOurs({ type, id, dest, source, kind }: GaleneFrame): boolean {
  if (type === 'chat') return source !== undefined && !source.startsWith('other') && !dest;
  if (type === 'user') return kind !== 'delete' || id !== 'ghost';
  return ['handshake', 'joined', 'answer'].includes(type);
}

function isAlike(recorded: GaleneFrame, frame: GaleneFrame): boolean {
  return JSON.stringify(summary(recorded)) === JSON.stringify(summary(frame));
}

function summary(frame: GaleneFrame): unknown {
  const { type, kind = '', id, group, username, source, value, privileged, version, sdp } = frame;
  switch (type) {
    case 'handshake':
      return { type, version };
    case 'joined':
      return { type, kind, group, username, rights: rightsOf(frame), status: typeof frame.status };
    case 'user':
      return { type, kind, id, username, ...(kind === 'add' ? rightsOf(frame) : {}) };
    case 'chat':
      return { type, kind, source, username, value, privileged };
    case 'answer':
      return { type, id, media: sdp?.match(/^m=\w+/gm), mids: sdp?.match(/^a=mid:.*$/gm)?.map((line) => line.trim()) };
    default:
      return frame;
  }
}

/** What clients of all times look at; the stub said it to those of 2021 in both ways. */
function rightsOf({ permissions }: GaleneFrame): { readonly op: boolean; readonly present: boolean } {
  const words = Array.isArray(permissions) ? permissions : Object.keys(permissions ?? {});
  return { op: words.includes('op'), present: words.includes('present') };
}

function kindsOf(frames: readonly GaleneFrame[]): readonly string[] {
  return frames.map(({ type, kind }) => (kind ? `${type} ${kind}` : type));
}

describe('Galène: the latest web client, as it was recorded', () => {
  test('everything that its user does', async () => {
    const { alice, o1, o2, more } = await replay('latest-plain', 'latest');
    expect(kindsOf(more)).toEqual([
      // The one who was kicked, and came again.
      ...['user delete', 'user add'],
      ...['joined change', 'joined change', 'usermessage warning'],
      // What they made has another name than in the recording, so that to edit it is an error.
      ...['usermessage token', 'usermessage token', 'usermessage token', 'usermessage tokenlist'],
      ...['user change', 'user change', 'usermessage userinfo', 'usermessage clearchat', 'chat'],
    ]);
    expect([...(alice.membership?.permissions ?? [])].sort()).toEqual(['caption', 'message', 'op', 'present', 'token']);
    const tokens = more.filter(({ kind }) => kind === 'token');
    expect(tokens.map(({ error }) => error)).toEqual([undefined, 'error', 'error']);
    expect(tokens[0]?.value).toMatchObject({ group: 'test', username: 'bob', permissions: ['present', 'message'] });
    expect(more.find(({ kind }) => kind === 'tokenlist')?.value).toEqual([tokens[0]?.value]);

    const heard = withoutCandidates(o2).map(({ type, kind, value, id, replace }) => {
      if (type === 'offer') return [type, id, replace];
      return type === 'user' || type === 'joined' ? [type, kind] : [type, kind, value];
    });
    const [camera, replaced] = ['9d434e1aace9bd63633258b42160cbe9', '56e0c842f16efb07bba69bf49b136be2'];
    expect(heard).toEqual([
      ['user', 'add'],
      ['offer', camera, undefined],
      ['chat', undefined, 'hello'],
      ['chat', 'me', 'waves'],
      ['user', 'change'],
      ['user', 'change'],
      ['user', 'delete'],
      ['user', 'add'],
      ['joined', 'change'],
      ['joined', 'change'],
      ['usermessage', 'mute', undefined],
      ['usermessage', 'warning', 'hi all'],
      ['user', 'change'],
      ['user', 'change'],
      ['usermessage', 'clearchat', undefined],
      ['offer', replaced, camera],
      ['close', undefined, undefined],
    ]);
    expect(o1.frames.filter(({ type }) => type === 'usermessage').map(({ kind, value }) => [kind, value])).toEqual([
      ['mute', undefined],
      ['mute', ''],
      ['warning', 'hi all'],
      ['warning', 'careful'],
      ['warning', expect.stringMatching(/alice/)],
      ['clearchat', undefined],
    ]);
    expect(o1.membership?.permissions).toEqual(['present', 'op']);
    await part(alice, o1, o2);
  });

  test('a screen, others’ streams that are gone, and negotiation anew', async () => {
    const { alice, o1, o2, more } = await replay('latest-downstream', 'latest');
    // Of the stream that it answered, there is none.
    expect(more).toEqual([{ type: 'close', id: 'down1' }]);
    const offers = withoutCandidates(o2).filter(({ type }) => type === 'offer');
    expect(offers[0]).toMatchObject({ label: 'screenshare', source: alice.id, username: 'alice' });
    await part(alice, o1, o2);
  });

  test('a camera of several sizes', async () => {
    const { alice, o1, o2, more } = await replay('latest-simulcast', 'latest');
    expect(more).toEqual([]);
    expect(kindsOf(withoutCandidates(o2))).toEqual(['user add', 'offer', 'close']);
    await part(alice, o1, o2);
  });

  test('after words that it does not know', async () => {
    const { alice, o1, o2, more } = await replay('latest-robustness', 'latest');
    expect(more).toEqual([]);
    await part(alice, o1, o2);
  });
});

describe('Galène: the web client of April 2021, as it was recorded', () => {
  test('everything that its user does', async () => {
    const { alice, o1, o2, more } = await replay('seed', 'seed');
    expect(more).toEqual([
      { type: 'close', id: 'down1' },
      expect.objectContaining({ type: 'user', kind: 'change', id: alice.id, status: { raisehand: true } }),
    ]);
    expect(
      withoutCandidates(o2).map(({ type, kind, label, value, data }) => [type, kind, label ?? value ?? data]),
    ).toEqual([
      ['user', 'add', undefined],
      ['offer', undefined, 'camera'],
      ['user', 'change', { raisehand: true }],
      ['chat', undefined, 'hello legacy'],
      ['offer', undefined, 'screenshare'],
    ]);
    await part(alice, o1, o2);
  });
});
