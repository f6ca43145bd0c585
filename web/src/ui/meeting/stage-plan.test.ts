import { expect, test } from 'vitest';
import { planStage, type Shown } from './stage-plan.ts';

const camera = (key: string, own = false): Shown => ({ key, kind: 'camera', own });
const screen = (key: string, own = false): Shown => ({ key, kind: 'screen', own });
const everybody = [camera('me', true), camera('ann'), camera('bob')];
const grid = { view: 'grid', pinned: undefined, speaker: 'bob' } as const;
const speaker = { ...grid, view: 'speaker' } as const;

test.each([
  ['all are alike in the grid', everybody, grid, undefined],
  ['who speaks is large where that is wanted', everybody, speaker, 'bob'],
  ['somebody else is, before anybody spoke', everybody, { ...speaker, speaker: undefined }, 'ann'],
  ['not we, when we speak', everybody, { ...speaker, speaker: 'me' }, 'ann'],
  ['a screen is, in either view', [...everybody, screen('slides')], grid, 'slides'],
  ['not our own screen', [...everybody, screen('own-screen', true)], grid, undefined],
  ['who is kept large goes before all', [...everybody, screen('slides')], { ...speaker, pinned: 'ann' }, 'ann'],
  ['who is kept large and left does not', everybody, { ...grid, pinned: 'zoe' }, undefined],
  ['one alone needs no second place', [camera('ann')], speaker, undefined],
])('%s', (_, shown, choice, large) => {
  const plan = planStage(shown, choice);
  expect(plan.large).toBe(large);
  expect(plan.others).toEqual(shown.map(({ key }) => key).filter((key) => key !== large));
});
