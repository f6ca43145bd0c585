import type { Environment } from './given-settings.ts';

/** What Camus was told by environment variables (`spec/camus.md` 2), as settings of ours; and what is not ours. */
export function camusEnvironment(environment: Environment): {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
} {
  const said = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const warnings: string[] = [];
  const stun = said('STUN_HOST') && `stun:${said('STUN_HOST')}:${said('STUN_PORT') ?? '19302'}`;
  const turnSecret = said('TURN_STATIC_AUTH_SECRET');
  // As Camus has it: all three of them, or none.
  const isTurn = said('TURN_HOST') && said('TURN_PORT') && turnSecret;
  const urls = [...(stun ? [stun] : []), ...(isTurn ? [`turn:${said('TURN_HOST')}:${said('TURN_PORT')}`] : [])];
  const twilio = {
    ...given('account_sid', said('TWILIO_ACCOUNT_SID')),
    ...given('auth_token', said('TWILIO_AUTH_TOKEN')),
    ...given('key_sid', said('TWILIO_KEY_SID')),
  };
  const ice = {
    ...(urls.length > 0 ? { urls } : {}),
    ...(isTurn ? { turn_secret: turnSecret } : {}),
    ...(Object.keys(twilio).length > 0 ? { twilio } : {}),
  };
  const port = said('PORT');
  const secret = said('SECRET_KEY');
  const isLong = secret !== undefined && secret.length >= 16;
  if (secret !== undefined && !isLong) warnings.push('SECRET_KEY is not used: it has fewer than 16 characters');
  if (said('DATABASE_URL')) warnings.push('DATABASE_URL is not used: the database is in the data folder');
  return {
    settings: {
      ...(port !== undefined && /^\d{1,5}$/.test(port) ? { port: Number(port) } : {}),
      ...(Object.keys(ice).length > 0 ? { ice } : {}),
      ...(isLong ? { camus: { secret } } : {}),
    },
    warnings,
  };
}

function given(key: string, value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [key]: value };
}
