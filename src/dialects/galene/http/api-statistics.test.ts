import { expect, test } from 'vitest';
import { statisticsOf } from './api-statistics.ts';

test('what is not known is not there, and what is of one direction is not in the other', () => {
  const layers = { spatial: 1, maxSpatial: 2, temporal: 0, maxTemporal: 3 };
  const track = { bitrate: 1000.4, maxBitrate: 2000.6, loss: 0.25, jitter: 1.5, rtt: 30.25, layers };
  const rooms = [
    { name: 'zoo', members: [] },
    {
      name: 'ark',
      members: [
        { handle: 'a', up: [{ stream: 's', maxBitrate: 512_000.5, tracks: [track] }], down: [] },
        { handle: 'b', up: [], down: [{ stream: 's', tracks: [track, { bitrate: 0, loss: 0 }] }] },
        { handle: 'c', up: [], down: [] },
      ],
    },
  ];
  const numbers = { bitrate: 1000, maxBitrate: 2001, loss: 0.25, jitter: 1.5 };
  expect(statisticsOf(rooms)).toEqual([
    {
      name: 'ark',
      clients: [
        { id: 'a', up: [{ id: 's', maxBitrate: 512_001, tracks: [numbers] }] },
        {
          id: 'b',
          down: [
            {
              id: 's',
              tracks: [
                { sid: 1, maxSid: 2, tid: 0, maxTid: 3, ...numbers, rtt: 30.25 },
                { bitrate: 0, loss: 0 },
              ],
            },
          ],
        },
        { id: 'c' },
      ],
    },
    { name: 'zoo' },
  ]);
});
