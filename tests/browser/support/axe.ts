import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Fails where axe finds something on what is shown now, once what fades or slides in has arrived. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        (animation) => animation.effect?.getComputedTiming().endTime === Infinity || animation.playState !== 'running',
      ),
  );
  const results = await new AxeBuilder({ page: page as never }).analyze();
  const found = results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
  );
  expect(found).toEqual([]);
}
