import { fanout } from './fanout.ts';
import { forward } from './forward.ts';
import { idle } from './idle.ts';
import { jitter } from './jitter.ts';
import { joinToFrame } from './join-to-frame.ts';
import { joinstorm } from './joinstorm.ts';

/** `npm run bench -- NAME [WIRE]`: prints what it measured, and ends with status 1 where a goal was missed. */
const BENCHMARKS: Readonly<
  Record<string, { readonly run: (wire?: string) => Promise<boolean>; readonly about: string }>
> = {
  fanout: { run: fanout, about: '1,000 members of one room, 50 messages a second: CPU per delivery, latency' },
  idle: { run: idle, about: '10,000 members who do nothing: memory of each' },
  joinstorm: { run: joinstorm, about: '1,000 members join one room within 5 s: CPU, delay of the event loop' },
  forward: {
    run: forward,
    about: 'streams to 100 receivers, and among 10 people: CPU per packet that is forwarded, latency, memory',
  },
  'join-to-frame': {
    run: joinToFrame,
    about: 'people who come to watch a camera, to 1 and to 20: the time until they see a picture',
  },
  jitter: {
    run: jitter,
    about: '1,000 members whose connections are cut every 15 s: what is lost, doubled, disordered',
  },
};

const [name = '', wire] = process.argv.slice(2);
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (!benchmark) {
  const rows = Object.entries(BENCHMARKS).map(([each, { about }]) => `  ${each.padEnd(14)} ${about}\n`);
  process.stderr.write(`Usage: npm run bench -- NAME [WIRE]\n\n${rows.join('')}`);
  process.exit(2);
}
process.exit((await benchmark.run(wire)) ? 0 : 1);
