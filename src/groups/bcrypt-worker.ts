import { parentPort } from 'node:worker_threads';
import { compare, hash } from 'bcryptjs';
import type { Answer, Question } from './bcrypt.ts';

/** What the original keeps new passwords with (`spec/galene.md` 3.5). */
const COST = 8;

/** The other end of `bcrypt.ts`. */
parentPort?.on('message', async ({ id, password, kept }: Question) => {
  const answer: Answer =
    kept === undefined
      ? { id, hash: await hash(password, COST) }
      : { id, isRight: await compare(password, kept).catch(() => false) };
  parentPort?.postMessage(answer);
});
