import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { parseDescription } from './description.ts';
import { describe } from './testing/fixtures.ts';

const ALL = {
  users: { vimes: { password: 'sybil', permissions: 'op' }, fred: { password: 'x', permissions: ['present'] } },
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'message' },
  displayName: 'The Watch',
  description: 'Night shift',
  contact: 'vimes@example.org',
  comment: 'none',
  public: true,
  redirect: 'https://other.example.org/group/watch/',
  'max-clients': 12,
  'max-history-age': 60,
  'not-before': '2030-01-01T00:00:00Z',
  expires: '2030-02-01T00:00:00+01:00',
  'allow-recording': true,
  'unrestricted-tokens': true,
  'auto-subgroups': true,
  autolock: true,
  autokick: true,
  codecs: ['vp9', 'opus'],
  authKeys: [{ kty: 'oct', alg: 'HS256', kid: 'k', k: Buffer.alloc(32, 7).toString('base64url') }],
  authServer: 'https://auth.example.org/',
  authPortal: 'https://auth.example.org/portal',
};

/** The field that is wrong, and why. */
function problemOf(definition: unknown): string {
  const parsed = parseDescription(JSON.stringify(definition));
  return parsed.kind === 'invalid' ? parsed.problem : 'nothing';
}

function warningsOf(definition: object): readonly string[] {
  const parsed = parseDescription(JSON.stringify(definition));
  return parsed.kind === 'invalid' ? [`invalid: ${parsed.problem}`] : parsed.warnings;
}

group('a definition', () => {
  test('says all that its fields say', () => {
    const { authKeys, ...rest } = describe(ALL);
    expect(rest).toEqual({
      displayName: 'The Watch',
      description: 'Night shift',
      contact: 'vimes@example.org',
      comment: 'none',
      isPublic: true,
      redirect: 'https://other.example.org/group/watch/',
      maxClients: 12,
      maxHistoryMs: 60_000,
      notBefore: Date.UTC(2030, 0, 1),
      expires: Date.UTC(2030, 0, 31, 23),
      allowRecording: true,
      unrestrictedTokens: true,
      autoSubgroups: true,
      autolock: true,
      autokick: true,
      codecs: ['vp9', 'opus'],
      authServer: 'https://auth.example.org/',
      authPortal: 'https://auth.example.org/portal',
      users: [
        { name: 'vimes', password: { type: 'plain', key: 'sybil' }, permissions: 'op' },
        { name: 'fred', password: { type: 'plain', key: 'x' }, permissions: ['present'] },
      ],
      wildcardUser: { password: { type: 'wildcard' }, permissions: 'message' },
    });
    expect(authKeys.map(({ alg, kid }) => [alg, kid])).toEqual([['HS256', 'k']]);
    expect(warningsOf(ALL)).toEqual([]);
  });

  test('that says nothing has the defaults', () => {
    expect(describe({})).toEqual({
      displayName: '',
      description: '',
      contact: '',
      comment: '',
      isPublic: false,
      maxClients: 0,
      maxHistoryMs: 14_400_000,
      allowRecording: false,
      unrestrictedTokens: false,
      autoSubgroups: false,
      autolock: false,
      autokick: false,
      codecs: ['vp8', 'opus'],
      authKeys: [],
      users: [],
    });
  });

  test('of the old form is understood', () => {
    expect(describe({ 'allow-subgroups': true, 'allow-anonymous': true })).toMatchObject({ autoSubgroups: true });
    expect(describe({ op: [{ username: 'vimes' }], public: null })).toMatchObject({ isPublic: false });
  });

  test('leaves out codecs that we do not know, and says so', () => {
    expect(describe({ codecs: ['vp8', 'theora', 'opus', 'vp8'] }).codecs).toEqual(['vp8', 'opus']);
    expect(warningsOf({ codecs: ['vp8', 'theora'] })).toEqual(['codecs: theora is no codec we know']);
  });

  test('may begin with a byte order mark, and name fields in another case', () => {
    const parsed = parseDescription('\uFEFF{"Public": true, "MAX-CLIENTS": 3}');
    expect(parsed).toMatchObject({ kind: 'description', description: { isPublic: true, maxClients: 3 } });
  });
});

group('an invalid definition names the field', () => {
  test.each<[unknown, string]>([
    [{ pubic: true }, 'pubic: is not a known field'],
    [{ public: 'yes' }, 'public: must be true or false'],
    [{ displayName: 7 }, 'displayName: must be a text'],
    [{ 'max-clients': '7' }, 'max-clients: must be a whole number'],
    [{ 'max-clients': 1.5 }, 'max-clients: must be a whole number'],
    [{ expires: 'soon' }, 'expires: must be a time'],
    [{ redirect: 'javascript:alert(1)' }, 'redirect: must be an http or https URL'],
    [{ authServer: 'https://a b/' }, 'authServer: must be an http or https URL'],
    [{ codecs: 'vp8' }, 'codecs: must be a list'],
    [{ codecs: [7] }, 'codecs[0]: must be a text'],
    [{ authKeys: ['x'] }, 'authKeys[0]: must be an object'],
    [{ users: [] }, 'users: must be an object'],
    [{ users: { vimes: 'sybil' } }, 'users.vimes: must be an object'],
    [{ users: { vimes: { pasword: 'x' } } }, 'users.vimes.pasword: is not a known field'],
    [{ users: { vimes: { password: 7 } } }, 'users.vimes.password: must be a text or an object'],
    [{ users: { vimes: { permissions: 'emperor' } } }, 'users.vimes.permissions: emperor is no known set'],
    [{ users: { vimes: { permissions: [1] } } }, 'users.vimes.permissions[0]: must be a text'],
    [{ op: [{ user: 'x' }] }, 'op[0].user: is not a known field'],
    [[], 'the file: must be an object'],
    [null, 'the file: must be an object'],
    [{ comment: 'x'.repeat(17_000) }, 'comment: must have 16384 characters at most'],
    [{ 'not-before': '2030-02-30T00:00:00Z' }, 'not-before: must be a time'],
  ])('%j', (definition, problem) => {
    expect(problemOf(definition)).toContain(problem);
  });

  test('or says that it is no JSON, or too large', () => {
    expect(parseDescription('{')).toEqual({ kind: 'invalid', problem: 'the file: is not JSON' });
    const large = `{"comment":"${'x'.repeat(1024 * 1024)}"}`;
    expect(parseDescription(large)).toEqual({ kind: 'invalid', problem: 'the file: is larger than 1 MiB' });
  });

  test('in one line of moderate length, whatever the field is called', () => {
    const problem = problemOf({ [`a\n${'b'.repeat(500)}`]: 1 });
    expect(problem).not.toContain('\n');
    expect(problem.length).toBeLessThan(120);
  });
});

group('whatever is in the file, the parser does not throw', () => {
  const field = fc.constantFrom(...Object.keys(ALL), 'op', 'presenter', 'other', '__proto__', 'constructor', 'x');
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(...Object.values(ALL)),
    fc.dictionary(fc.string(), fc.record({ password: fc.jsonValue(), permissions: fc.jsonValue() })),
    fc.array(fc.record({ username: fc.jsonValue(), password: fc.jsonValue() }), { maxLength: 3 }),
    fc.array(fc.record({ kty: fc.constantFrom('oct', 'EC', 'RSA', 7), alg: fc.jsonValue(), k: fc.string() })),
  );
  const kinds = (text: string) => ['description', 'invalid'].includes(parseDescription(text).kind);

  test('be it any text', () => {
    fc.assert(fc.property(fc.string(), kinds));
  });

  test('be it any JSON', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), kinds));
  });

  test('be it nearly a definition', () => {
    const nearly = fc.array(fc.tuple(field, value), { maxLength: 6 }).map((fields) => {
      const parts = fields.map(([name, content]) => `${JSON.stringify(name)}:${JSON.stringify(content)}`);
      return `{${parts.join(',')}}`;
    });
    fc.assert(fc.property(nearly, kinds), { numRuns: 500 });
  });
});
