import { expect, test } from 'vitest';
import { OpenedCameras } from './opened-cameras.ts';

const alice = { id: 'alice' };
const bob = { id: 'bob' };
const carol = { id: 'carol' };

test('an opened camera is open to its viewer, one way', () => {
  const opened = new OpenedCameras();
  opened.open({ viewer: alice, broadcaster: bob });
  opened.open({ viewer: alice, broadcaster: bob });
  expect(opened.has({ viewer: alice, broadcaster: bob })).toBe(true);
  expect(opened.has({ viewer: bob, broadcaster: alice })).toBe(false);
  expect(opened.size).toBe(1);
  opened.close({ viewer: alice, broadcaster: bob });
  expect(opened.has({ viewer: alice, broadcaster: bob })).toBe(false);
  opened.close({ viewer: alice, broadcaster: bob });
  expect(opened.size).toBe(0);
});

test('nothing stays of somebody who left, and what others opened does', () => {
  const opened = new OpenedCameras();
  opened.open({ viewer: alice, broadcaster: bob });
  opened.open({ viewer: bob, broadcaster: alice });
  opened.open({ viewer: carol, broadcaster: bob });
  opened.forget(alice);
  expect(opened.size).toBe(1);
  expect(opened.has({ viewer: carol, broadcaster: bob })).toBe(true);
});
