import { type Finding, fail, ok } from '../finding.ts';

export interface UdpPort {
  readonly port: number;
  readonly state: 'free' | 'taken' | 'forbidden';
}

export function udpPortFindings(
  ports: readonly UdpPort[],
  { isRunning }: { readonly isRunning: boolean },
): readonly Finding[] {
  return ports.map(({ port, state }) => {
    if (state === 'free') return ok(`UDP port ${port} is free for streams`);
    if (state === 'taken' && isRunning) return ok(`UDP port ${port} is in use, as Parlour is running`);
    if (state === 'taken') {
      return fail(`another program has UDP port ${port}`, 'Choose another [media] port, or stop that program.');
    }
    return fail(`this user may not use UDP port ${port}`, 'Choose a [media] port above 1023.');
  });
}
