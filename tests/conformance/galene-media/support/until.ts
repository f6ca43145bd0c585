const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 5;

/** What this gives as soon as it is something; rejects after a time in which anything would have happened. */
export async function until<Found>(
  look: () => Found | undefined | false,
  what: string,
  withinMs = WAIT_MS,
): Promise<Found> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
