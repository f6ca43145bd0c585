import { describe, expect, test } from 'vitest';
import { camusEnvironment } from './camus-environment.ts';

const settingsOf = (environment: Record<string, string | undefined>) => camusEnvironment(environment).settings;

const TURN = { TURN_HOST: 'turn.example', TURN_PORT: '3478', TURN_STATIC_AUTH_SECRET: 'shared' };

describe('what Camus was told', () => {
  test.each([
    ['nothing', {}, {}],
    ['what is not ours', { PATH: '/bin', HOME: '/root', STUN_PORT: '3478' }, {}],
    ['blanks', { PORT: ' ', STUN_HOST: '', SECRET_KEY: '  ' }, {}],
    ['where it listens', { PORT: ' 5000 ' }, { port: 5000 }],
    ['a STUN server', { STUN_HOST: 'stun.example' }, { ice: { urls: ['stun:stun.example:19302'] } }],
    [
      'a STUN server and its port',
      { STUN_HOST: ' stun.example ', STUN_PORT: '3478' },
      { ice: { urls: ['stun:stun.example:3478'] } },
    ],
    ['a TURN server', TURN, { ice: { urls: ['turn:turn.example:3478'], turn_secret: 'shared' } }],
    [
      'both',
      { ...TURN, STUN_HOST: 'stun.example' },
      { ice: { urls: ['stun:stun.example:19302', 'turn:turn.example:3478'], turn_secret: 'shared' } },
    ],
    ['an account at Twilio', { TWILIO_ACCOUNT_SID: 'AC' }, { ice: { twilio: { account_sid: 'AC' } } }],
    [
      'a key at Twilio',
      { TWILIO_ACCOUNT_SID: 'AC', TWILIO_AUTH_TOKEN: 'token', TWILIO_KEY_SID: 'SK' },
      { ice: { twilio: { account_sid: 'AC', auth_token: 'token', key_sid: 'SK' } } },
    ],
    ['a secret', { SECRET_KEY: '0123456789abcdef' }, { camus: { secret: '0123456789abcdef' } }],
  ])('%s', (_, environment, settings) => {
    expect(camusEnvironment(environment)).toEqual({ settings, warnings: [] });
  });

  test.each(Object.keys(TURN))('a TURN server without %s is none', (missing) => {
    expect(settingsOf({ ...TURN, [missing]: undefined })).toEqual({});
    expect(settingsOf({ ...TURN, [missing]: ' ' })).toEqual({});
  });

  test.each(['http', '-1', '80a', '8080.5', '1e3', '123456', '0x50'])('PORT=%s is none of ours', (PORT) => {
    expect(settingsOf({ PORT })).toEqual({});
  });
});

describe('what cannot be used is said, and no secret with it', () => {
  test.each([
    [{ SECRET_KEY: 'too short' }, ['SECRET_KEY is not used: it has fewer than 16 characters']],
    [
      { DATABASE_URL: 'postgres://user:password@db/camus' },
      ['DATABASE_URL is not used: the database is in the data folder'],
    ],
  ])('%j', (environment, warnings) => {
    expect(camusEnvironment(environment)).toEqual({ settings: {}, warnings });
  });
});
