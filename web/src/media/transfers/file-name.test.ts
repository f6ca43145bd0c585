import { expect, test } from 'vitest';
import { safeFileName } from './file-name.ts';

test.each([
  ['as it is', 'Übung 1 (final).tar.gz', 'Übung 1 (final).tar.gz'],
  ['of a folder', '../../etc/passwd', '_.._etc_passwd'],
  ['of a drive', 'C:\\autoexec.bat', 'C_autoexec.bat'],
  ['hidden', '.bashrc', 'bashrc'],
  ['turned around', 'cod\u202egpj.exe', 'cod gpj.exe'],
  ['of two lines', 'a\nb.txt', 'a b.txt'],
  ['nothing', ' . ', 'file'],
  ['ending in dots', 'name. .', 'name'],
])('%s', (_, raw, safe) => {
  expect(safeFileName(raw)).toBe(safe);
});

test('a long one keeps what tells its type', () => {
  const safe = safeFileName(`${'x'.repeat(500)}.jpeg`);
  expect([...safe]).toHaveLength(120);
  expect(safe).toMatch(/x…\.jpeg$/);
});
