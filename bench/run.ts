import { fanout } from './fanout.ts';
import { idle } from './idle.ts';
import { jitter } from './jitter.ts';
import { joinstorm } from './joinstorm.ts';

/** `npm run bench -- NAME`: prints what it measured, and ends with status 1 where a goal was missed. */
const BENCHMARKS: Readonly<Record<string, () => Promise<boolean>>> = { fanout, idle, joinstorm, jitter };

const name = process.argv[2] ?? '';
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (!benchmark) {
  process.stderr.write(`Which one? ${Object.keys(BENCHMARKS).join(', ')}\n`);
  process.exit(2);
}
process.exit((await benchmark()) ? 0 : 1);
