import { expect, test } from 'vitest';
import { Dictation, type RecognizedSpeech, type Recognizer } from './dictation.ts';

function dictate() {
  const heard: string[] = [];
  const world = { starts: 0, aborts: 0, failures: 0 };
  const recognizer: Recognizer = {
    ...{ lang: '', continuous: false, interimResults: true, onresult: null, onerror: null, onend: null },
    start: () => void world.starts++,
    abort: () => void world.aborts++,
  };
  const dictation = new Dictation({
    recognizer,
    heard: (text) => void heard.push(text),
    failed: () => void world.failures++,
  });
  return { dictation, recognizer, heard, world };
}

function speech(...said: readonly (readonly [string, boolean])[]): RecognizedSpeech {
  const results = said.map(([transcript, isFinal]) => Object.assign([{ transcript }], { isFinal }));
  return { resultIndex: 0, results };
}

test('what is settled is written down, and no more', () => {
  const { recognizer, heard } = dictate();
  recognizer.onresult?.(speech([' Good morning. ', true], [' ', true], ['every', false]));
  expect(heard).toEqual(['Good morning.']);
  recognizer.onresult?.({ ...speech(['Good morning.', true], ['everybody', true]), resultIndex: 1 });
  expect(heard).toEqual(['Good morning.', 'everybody']);
});

test('after a pause it goes on', () => {
  const { recognizer, world } = dictate();
  recognizer.onerror?.({ error: 'no-speech' });
  recognizer.onend?.();
  expect(world).toEqual({ starts: 2, aborts: 0, failures: 0 });
});

test('who may not listen is told once', () => {
  const { recognizer, world } = dictate();
  recognizer.onerror?.({ error: 'not-allowed' });
  recognizer.onend?.();
  expect(world).toEqual({ starts: 1, aborts: 1, failures: 1 });
});

test('a browser that ends again and again cannot', () => {
  const { recognizer, world } = dictate();
  for (let count = 0; count < 20; count++) recognizer.onend?.();
  expect(world.failures).toBe(1);
  expect(world.starts).toBeLessThan(10);
});

test('closed, it hears nothing any more', () => {
  const { dictation, recognizer, world } = dictate();
  dictation.close();
  recognizer.onend?.();
  expect(world).toEqual({ starts: 1, aborts: 1, failures: 0 });
});
