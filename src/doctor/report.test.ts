import { describe, expect, test } from 'vitest';
import { fail, ok, skip, warn } from './finding.ts';
import { conclusion, linesOf } from './report.ts';

describe('the report', () => {
  test('has a line for each finding, and one for what to do', () => {
    expect([ok('a'), skip('b'), warn('c', 'do d'), fail('e', 'do f')].flatMap(linesOf)).toEqual([
      'ok   a',
      '--   b',
      'warn c',
      '     do d',
      'FAIL e',
      '     do f',
    ]);
  });

  test('keeps to its lines, whatever others said', () => {
    expect(linesOf(ok('a\r\nFAIL \u001b[31mb\u2028c'))).toEqual(['ok   a FAIL  [31mb c']);
  });

  test('ends with what it comes to', () => {
    expect(conclusion([ok('a'), skip('b')])).toEqual({ line: 'All is well.', status: 0 });
    expect(conclusion([warn('a', 'b')])).toEqual({ line: 'It works; one thing could be better.', status: 0 });
    expect(conclusion([warn('a', 'b'), fail('c', 'd')])).toEqual({
      line: 'One thing must be mended, 1 more could.',
      status: 1,
    });
  });
});
