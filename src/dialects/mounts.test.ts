import { describe, expect, test } from 'vitest';
import type { Dialect, InboundFrame, Mount } from './dialect.ts';
import { Mounts } from './mounts.ts';

const anything = () => true;
const nothing = () => false;
const admit: Mount['admit'] = async () => ({ pass: {} });

function wire(name: string, ...mounts: readonly (Partial<Mount> & { readonly path: string })[]): Dialect {
  return { name, mounts: mounts.map((mount) => ({ recognises: anything, ...mount })) } as unknown as Dialect;
}

const text = (words: string): InboundFrame => ({ kind: 'text', text: words });
const starting =
  (head: string): Mount['recognises'] =>
  (frame) =>
    frame.kind === 'text' && frame.text.startsWith(head);

/** Two that share a path, one with doors of its own, and one that takes what is left. */
const mounts = new Mounts([
  wire('one', { path: '/ws', recognises: starting('1') }),
  wire('two', { path: '/ws', recognises: starting('2') }, { path: '/two', recognises: nothing }),
  wire('doors', { path: '/room/:name/ws', admit }, { path: '/a.b/:x/:y', admit }),
  wire('rest', { path: '*', recognises: starting('r') }),
]);

const namesAt = (path: string) => mounts.at(path).map(({ dialect }) => dialect.name);

describe('at a path are', () => {
  test.each([
    ['/ws', ['one', 'two']],
    ['/two', ['two']],
    ['/room/den/ws', ['doors']],
    ['/room/%2e%2e/ws', ['doors']],
    ['/a.b/1/2', ['doors']],
    ['/', ['rest']],
    ['/ws/', ['rest']],
    ['/WS', ['rest']],
    ['/room/ws', ['rest']],
    ['/room//ws', ['rest']],
    ['/room/a/b/ws', ['rest']],
    ['/room/den/ws/more', ['rest']],
    ['x/room/den/ws', ['rest']],
    ['/aXb/1/2', ['rest']],
    ['*', ['rest']],
    ['', ['rest']],
  ])('%j: %j', (path, names) => {
    expect(namesAt(path)).toEqual(names);
  });

  test('those who say so, with what stands in the place of the parameters', () => {
    expect(mounts.at('/room/my-room/ws').map(({ parameters }) => parameters)).toEqual([{ name: 'my-room' }]);
    expect(mounts.at('/a.b/left/right')[0]?.parameters).toEqual({ x: 'left', y: 'right' });
    expect(mounts.at('/ws')[0]?.parameters).toEqual({});
    expect(mounts.at('/elsewhere')[0]?.parameters).toEqual({});
  });

  test('none where no wire takes the rest', () => {
    expect(new Mounts([wire('one', { path: '/ws' })]).at('/elsewhere')).toEqual([]);
    expect(new Mounts([]).at('/')).toEqual([]);
  });

  test('an exact path before a pattern that would fit, in whatever order they come', () => {
    const [pattern, exact] = [wire('pattern', { path: '/room/:name' }), wire('exact', { path: '/room/new' })];
    for (const dialects of [
      [pattern, exact],
      [exact, pattern],
    ]) {
      expect(new Mounts(dialects).at('/room/new').map(({ dialect }) => dialect.name)).toEqual(['exact']);
    }
  });
});

describe('a first frame is of', () => {
  test.each([
    ['/ws', '1', 'one'],
    ['/ws', '2', 'two'],
    ['/ws', '3', undefined],
    ['/ws', 'r', undefined],
    ['/two', '2', undefined],
    ['/elsewhere', 'r', 'rest'],
    ['/elsewhere', '1', undefined],
  ])('%j, %j: %s', (path, words, name) => {
    expect(mounts.speakerOf(path, text(words))?.name).toBe(name);
  });

  test('the first wire that says yes', () => {
    const both = new Mounts([wire('one', { path: '/ws' }), wire('two', { path: '/ws' })]);
    expect(both.speakerOf('/ws', text('anything'))?.name).toBe('one');
    expect(both.speakerOf('/ws', { kind: 'binary', bytes: new Uint8Array() })?.name).toBe('one');
  });
});

test.each([
  ['/room/den/ws', 'doors'],
  ['/ws', undefined],
  ['/two', undefined],
  ['/elsewhere', undefined],
])('%j is the own path of %s', (path, name) => {
  expect(mounts.ownerOf(path)?.name).toBe(name);
});
