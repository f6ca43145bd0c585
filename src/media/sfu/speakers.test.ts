import { describe, expect, it } from 'vitest';
import { Speakers } from './speakers.ts';

function room() {
  const speakers = new Speakers();
  let now = 0;
  return {
    speakers,
    /** So loud is each for so long. */
    talk: (activities: Readonly<Record<string, number>>, milliseconds: number) => {
      for (const end = now + milliseconds; now < end; now += 200)
        speakers.look(new Map(Object.entries(activities)), now);
    },
  };
}

describe('whose turn it is', () => {
  it('is nobody’s while nobody says anything', () => {
    const { speakers, talk } = room();
    talk({ ann: 0.2, bob: 0.4 }, 5_000);
    expect(speakers.order).toEqual([]);
  });

  it('is whose voice is heard for a moment, and stays so in silence', () => {
    const { speakers, talk } = room();
    talk({ ann: 0.9, bob: 0 }, 400);
    expect(speakers.order).toEqual([]);
    talk({ ann: 0.9, bob: 0 }, 400);
    expect(speakers.order).toEqual(['ann']);
    talk({ ann: 0, bob: 0.1 }, 60_000);
    expect(speakers.order).toEqual(['ann']);
  });

  it('goes to who answers, and not to who coughs', () => {
    const { speakers, talk } = room();
    talk({ ann: 0.9, bob: 0 }, 1_000);
    talk({ ann: 0.1, bob: 0.9 }, 300);
    talk({ ann: 0.1, bob: 0 }, 1_000);
    expect(speakers.order).toEqual(['ann']);
    talk({ ann: 0.1, bob: 0.9 }, 1_000);
    expect(speakers.order).toEqual(['bob', 'ann']);
  });

  it('does not go to and fro between two who talk at once', () => {
    const { speakers, talk } = room();
    talk({ ann: 0.8, bob: 0.1 }, 1_000);
    let changes = 0;
    for (let time = 0; time < 50; time += 1) {
      const [before] = speakers.order;
      talk(time % 2 ? { ann: 0.8, bob: 0.9 } : { ann: 0.9, bob: 0.8 }, 200);
      if (speakers.order[0] !== before) changes += 1;
    }
    expect(changes).toBe(0);
  });

  it('forgets who is gone', () => {
    const { speakers, talk } = room();
    talk({ ann: 0.9 }, 1_000);
    talk({ bob: 0.9 }, 1_000);
    expect(speakers.order).toEqual(['bob']);
  });
});
