import { jwtVerify, SignJWT } from 'jose';
import { JOSEError } from 'jose/errors';

const ALGORITHM = 'HS256';
const MAX_LENGTH = 4096;

/** Texts that only this server can make: what its pages give out and want to have back as it was. */
export class Seals {
  readonly #key: Uint8Array;
  readonly #now: () => number;

  /** `now` in milliseconds since 1970. */
  constructor(options: { readonly secret: string; now(): number }) {
    this.#key = new TextEncoder().encode(options.secret.padEnd(32, '.'));
    this.#now = () => options.now();
  }

  seal(purpose: string, content: object, seconds: number): Promise<string> {
    const now = Math.floor(this.#now() / 1000);
    return new SignJWT({ content })
      .setProtectedHeader({ alg: ALGORITHM })
      .setAudience(`parlour:${purpose}`)
      .setExpirationTime(now + seconds)
      .sign(this.#key);
  }

  async unseal(purpose: string, sealed: string): Promise<object | undefined> {
    if (sealed.length > MAX_LENGTH) return undefined;
    try {
      const { payload } = await jwtVerify(sealed, this.#key, {
        algorithms: [ALGORITHM],
        audience: `parlour:${purpose}`,
        requiredClaims: ['exp'],
        currentDate: new Date(this.#now()),
      });
      const { content } = payload;
      return typeof content === 'object' && content !== null ? content : undefined;
    } catch (error) {
      if (error instanceof JOSEError) return undefined;
      throw error;
    }
  }
}
