import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { House } from '../conformance/galene-media/support/house.ts';
import { ScriptedViewer } from '../conformance/whip/support/player.ts';
import { publishByWhip } from '../conformance/whip/support/publisher.ts';
import { type Coturn, startCoturn } from '../support/coturn.ts';
import { SlowWay } from '../support/slow-way.ts';

/** Each way. The server's own end needs two answers of the TURN server before it has a candidate. */
const FAR_MS = 150;

let coturn: Coturn;
let way: SlowWay;
beforeAll(async () => {
  coturn = await startCoturn();
  way = await SlowWay.open(coturn, FAR_MS);
});
afterAll(async () => {
  way.close();
  await coturn.close();
});

/** With `fetch`, what was answered. */
function listening() {
  const answers: string[] = [];
  const ask = async (...request: Parameters<typeof fetch>) => {
    const response = await fetch(...request);
    if (response.status === 201) answers.push(await response.clone().text());
    return response;
  };
  return { answers, ask };
}

test('with relay_only, WHIP and WHEP are answered with a TURN server’s candidates, far as it may be', async () => {
  const urls = [`turn:${coturn.address}:${way.port}`];
  const house = await House.open({ ice: { urls, turn_secret: coturn.secret }, galene: { relay_only: true } });
  onTestFinished(() => house.close());
  const group = `${house.server.url}/group/${house.group()}`;
  const connection = { bindAddress: coturn.address };
  const { answers, ask } = listening();
  const { publisher, media } = await publishByWhip(`${group}/.whip`, { connection, fetch: ask });
  const viewer = await ScriptedViewer.begin(`${group}/.whep`, { connection, fetch: ask });
  const types = answers.map((answer) => [...answer.matchAll(/^a=candidate:.* typ (\w+)/gm)].map(([, type]) => type));
  expect(types.map((each) => [...new Set(each)])).toEqual([['relay'], ['relay']]);
  await expect.poll(() => viewer.shown > 10 && viewer.heard > 10, { timeout: 30_000 }).toBe(true);
  await viewer.close();
  media.close();
  await publisher.close();
});
