import { describe, expect, test } from 'vitest';
import type { Finding } from '../finding.ts';
import { folderFindings } from './folder.ts';
import { groupsFindings } from './groups.ts';
import { openFilesFindings } from './open-files.ts';
import { portFindings } from './port.ts';
import { type ProxyFacts, proxyFindings } from './proxy.ts';
import { udpPortFindings } from './udp-ports.ts';

const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);
const advised = (findings: readonly Finding[]) => {
  for (const { level, advice } of findings) expect(advice !== undefined).toBe(level === 'warn' || level === 'fail');
  return levels(findings);
};

describe('what a machine has', () => {
  test('folders', () => {
    const of = (facts: Parameters<typeof folderFindings>[1]) =>
      advised(folderFindings({ path: '/data', title: 'the data folder' }, facts));
    expect(of({ kind: 'writable', freeBytes: 1e10 })).toEqual(['ok']);
    expect(of({ kind: 'writable', freeBytes: 1e8 })).toEqual(['warn']);
    expect(of({ kind: 'absent' })).toEqual(['ok']);
    expect(of({ kind: 'unusable', reason: 'EACCES' })).toEqual(['fail']);
  });

  test('ports', () => {
    const of = (state: Parameters<typeof portFindings>[1]) => advised(portFindings(80, state));
    expect([of({ kind: 'free' }), of({ kind: 'parlour' })]).toEqual([['ok'], ['ok']]);
    expect([of({ kind: 'other' }), of({ kind: 'forbidden' })]).toEqual([['fail'], ['fail']]);
    expect(of({ kind: 'no-address', reason: 'ENOTFOUND' })).toEqual(['fail']);
    const udp = (state: 'free' | 'taken' | 'forbidden', isRunning: boolean) =>
      advised(udpPortFindings([{ port: 9, state }], { isRunning }));
    expect([udp('free', false), udp('taken', true)]).toEqual([['ok'], ['ok']]);
    expect([udp('taken', false), udp('forbidden', false)]).toEqual([['fail'], ['fail']]);
  });

  test('open files', () => {
    expect(advised(openFilesFindings(20_000, 65_536))).toEqual(['ok']);
    expect(advised(openFilesFindings(20_000, Number.POSITIVE_INFINITY))).toEqual(['ok']);
    expect(advised(openFilesFindings(20_000, 1_024))).toEqual(['warn']);
    expect(advised(openFilesFindings(20_000, undefined))).toEqual(['skip']);
  });

  test('groups', () => {
    expect(advised(groupsFindings({ valid: 3, problems: [] }))).toEqual(['ok']);
    const problem = { file: 'a.json', problem: 'op: must be a list' };
    expect(advised(groupsFindings({ valid: 0, problems: [problem, { ...problem, isPartial: true }] }))).toEqual([
      'fail',
      'warn',
    ]);
  });
});

describe('the way by the public address', () => {
  const ASKED: ProxyFacts = {
    ...{ kind: 'asked', url: 'https://chat.example.org', pages: 'parlour', socket: 'open', areMetricsOpen: false },
  };
  const of = (facts: Partial<ProxyFacts>) => advised(proxyFindings({ ...ASKED, ...facts } as ProxyFacts));

  test('works, or what is wrong is told', () => {
    expect(of({})).toEqual(['ok', 'ok', 'ok']);
    expect(of({ pages: { problem: 'status 502' } })).toEqual(['fail']);
    expect(of({ socket: { problem: 'status 400', status: 400 } })).toEqual(['ok', 'fail', 'ok']);
    expect(of({ foreignHost: 'localhost:8080' })).toEqual(['ok', 'ok', 'warn']);
    expect(of({ areMetricsOpen: true })).toEqual(['ok', 'ok', 'ok', 'warn']);
  });

  test('is not tried where Parlour does not run', () => {
    expect(of({ kind: 'not-running' })).toEqual(['skip']);
    expect(of({ kind: 'no-url' })).toEqual([]);
  });
});
