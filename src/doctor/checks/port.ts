import { type Finding, fail, ok } from '../finding.ts';

/** What is at the port where Parlour is to listen. */
export type PortState =
  | { readonly kind: 'free' }
  | { readonly kind: 'parlour' }
  | { readonly kind: 'other' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'no-address'; readonly reason: string };

export function portFindings(port: number, state: PortState): readonly Finding[] {
  switch (state.kind) {
    case 'free':
      return [ok(port === 0 ? 'port 0: any free TCP port is taken' : `TCP port ${port} is free`)];
    case 'parlour':
      return [ok(`Parlour is running, on TCP port ${port}`)];
    case 'other':
      return [fail(`another program listens on TCP port ${port}`, 'Stop that one, or choose another port.')];
    case 'forbidden': {
      const advice =
        'Choose a port above 1023 behind a proxy, or give the service AmbientCapabilities=CAP_NET_BIND_SERVICE.';
      return [fail(`this user may not use TCP port ${port}`, advice)];
    }
    case 'no-address':
      return [fail(`Parlour cannot listen there: ${state.reason}`, 'Mend host in parlour.toml, or leave it out.')];
  }
}
