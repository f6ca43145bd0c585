import { expect, test } from 'vitest';
import { type Hearing, hear, SILENCE } from './voices.ts';

const levels = (levels: Record<string, number>) => new Map(Object.entries(levels));

/** Looks five times a second for so many seconds. */
function listen(from: Hearing, heard: Record<string, number>, { start, seconds }: { start: number; seconds: number }) {
  let hearing = from;
  for (let at = start; at <= start + seconds * 1000; at += 200) hearing = hear(hearing, levels(heard), at);
  return hearing;
}

test('breathing is not speaking, and a pause between words is', () => {
  expect(hear(SILENCE, levels({ ann: 0.005 }), 0).speaking).toEqual([]);
  const speaking = hear(SILENCE, levels({ ann: 0.2 }), 0);
  expect(hear(speaking, levels({ ann: 0 }), 600).speaking).toEqual(['ann']);
  expect(hear(speaking, levels({ ann: 0 }), 800).speaking).toEqual([]);
});

test('the large picture stays with the speaker when somebody coughs, and goes to who talks over them', () => {
  const ann = listen(SILENCE, { ann: 0.2, bob: 0 }, { start: 0, seconds: 1 });
  const cough = listen(ann, { ann: 0.2, bob: 0.9 }, { start: 1200, seconds: 0.4 });
  expect(cough.speaker).toBe('ann');
  expect(listen(cough, { ann: 0.2, bob: 0 }, { start: 1800, seconds: 2 }).speaker).toBe('ann');
  expect(listen(ann, { ann: 0.2, bob: 0.9 }, { start: 1200, seconds: 1 }).speaker).toBe('bob');
});

test('it stays with who spoke last, and leaves with them', () => {
  const ann = listen(SILENCE, { ann: 0.2, bob: 0 }, { start: 0, seconds: 1 });
  expect(listen(ann, { ann: 0, bob: 0 }, { start: 1200, seconds: 60 }).speaker).toBe('ann');
  expect(hear(ann, levels({ bob: 0 }), 2000).speaker).toBeUndefined();
});
