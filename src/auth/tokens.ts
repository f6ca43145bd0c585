import { jwtVerify, SignJWT } from 'jose';
import { JOSEError } from 'jose/errors';

const ALGORITHM = 'HS256';
const ISSUER = 'parlour';
const AUDIENCE = 'identity';
const LIFETIME_SECONDS = 400 * 24 * 60 * 60;
const MIN_SECRET_BYTES = 32;
/** As the native wire has it. */
const MAX_TOKEN_LENGTH = 4096;

export interface TokenOptions {
  /** The signing key, hexadecimal; 32 bytes or more. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Who a token says its bearer is. What they may do is not in it: that is looked up, so that it can be taken away. */
export interface TokenBearer {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

/** Signs and checks the tokens by which people keep their identity from one visit to the next; valid for 400 days. */
export class Tokens {
  readonly #key: Uint8Array;
  readonly #now: () => number;

  constructor(options: TokenOptions) {
    // Decoding stops at the first character that is not hexadecimal: a mangled key comes out too short.
    this.#key = Buffer.from(options.secret, 'hex');
    if (this.#key.length < MIN_SECRET_BYTES) {
      throw new TypeError(`The key that signs tokens must be ${MIN_SECRET_BYTES} bytes or more, in hexadecimal.`);
    }
    this.#now = options.now;
  }

  issue(bearer: Pick<TokenBearer, 'id' | 'name'>): Promise<string> {
    // With its fraction: what was issued a moment before a password changed must not hold after it.
    const seconds = this.#now() / 1000;
    return new SignJWT({ name: bearer.name })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(bearer.id)
      .setIssuedAt(seconds)
      .setExpirationTime(Math.floor(seconds) + LIFETIME_SECONDS)
      .sign(this.#key);
  }

  /** Nothing for whatever is not a valid token of ours. */
  async verify(token: string): Promise<TokenBearer | undefined> {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'iat', 'exp'],
        currentDate: new Date(this.#now()),
      });
      const { sub, name, iat = 0 } = payload;
      return sub && typeof name === 'string' ? { id: sub, name, issuedAt: Math.round(iat * 1000) } : undefined;
    } catch (error) {
      if (error instanceof JOSEError) return undefined;
      throw error;
    }
  }
}
