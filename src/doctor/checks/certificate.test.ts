import { generate } from 'selfsigned';
import { describe, expect, test } from 'vitest';
import { certificateFindings } from './certificate.ts';

const NOW = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;
type Made = Awaited<ReturnType<typeof generate>>;

async function certificate(days: number, by?: Made): Promise<Made> {
  return generate([{ name: 'commonName', value: by ? 'chat.example.org' : 'An authority' }], {
    keySize: 2048,
    notBeforeDate: new Date(NOW - 10 * DAY),
    notAfterDate: new Date(NOW + days * DAY),
    extensions: [
      { name: 'basicConstraints', cA: !by },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'chat.example.org' }] },
    ],
    ...(by ? { ca: { key: by.private, cert: by.cert } } : {}),
  });
}

const authority = await certificate(100);
const own = await certificate(30, authority);
const FACTS = {
  ...{ cert: own.cert, key: own.private, host: 'chat.example.org', now: NOW },
  authorities: [authority.cert],
};
const levels = (facts: Partial<Parameters<typeof certificateFindings>[0]>) =>
  certificateFindings({ ...FACTS, ...facts }).flatMap(({ level, what }) => (level === 'ok' ? [] : `${level} ${what}`));

describe('a certificate', () => {
  test('that is good, for the name, of a known authority is well', () => {
    expect(levels({})).toEqual([]);
    expect(levels({ cert: own.cert + authority.cert })).toEqual([]);
  });

  test('that expires is told in time', () => {
    expect(levels({ now: NOW + 20 * DAY })).toEqual([expect.stringMatching(/^warn .*expires in \d+ days/)]);
    expect(levels({ now: NOW + 31 * DAY })).toEqual([expect.stringMatching(/^fail .*expired/)]);
    expect(levels({ now: NOW - 20 * DAY })).toEqual([expect.stringMatching(/^fail .*not valid yet/)]);
  });

  test('is for the name that people use', () => {
    expect(levels({ host: 'other.example.org' })).toEqual([expect.stringMatching(/^fail .*not for other/)]);
  });

  test('has its key', () => {
    expect(levels({ key: authority.private })).toEqual([expect.stringMatching(/^fail .*not the key/)]);
    expect(levels({ key: 'nonsense' })).toEqual([expect.stringMatching(/^fail .*not the key/)]);
  });

  test('leads to an authority, with all that is between', async () => {
    expect(levels({ authorities: [] })).toEqual([expect.stringMatching(/^warn .*no authority/)]);
    expect(levels({ cert: authority.cert, key: authority.private, host: 'chat.example.org' })).toEqual([
      expect.stringMatching(/^warn .*signed by itself/),
    ]);
  });

  test('that is none is told', () => {
    expect(levels({ cert: 'nonsense' })).toEqual([expect.stringMatching(/^fail .*no certificate/)]);
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(levels({ cert: broken })).toEqual([expect.stringMatching(/^fail .*no certificate/)]);
  });
});
