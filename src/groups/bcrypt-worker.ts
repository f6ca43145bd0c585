import { parentPort } from 'node:worker_threads';
import { compare } from 'bcryptjs';

/** The other end of `bcrypt.ts`. */
parentPort?.on('message', async ({ id, password, hash }: { id: number; password: string; hash: string }) => {
  const isRight = await compare(password, hash).catch(() => false);
  parentPort?.postMessage({ id, isRight });
});
