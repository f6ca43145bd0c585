import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Meters } from './meters.ts';

export interface Metrics extends Meters {
  readonly contentType: string;
  render(): Promise<string>;
  close(): void;
}

/** What the hub counts, for Prometheus. */
export function prometheusMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['dialect'] as const, registers });
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['dialect'] as const, registers });
  const byCode = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['dialect', 'code'] as const, registers });

  const sessions = gauge('parlour_sessions', 'Sessions, waiting to be resumed or connected.');
  const members = gauge('parlour_members', 'Members present in rooms.');
  const messages = counter('parlour_messages_total', 'Messages posted, by the wire of their author.');
  const deliveries = counter(
    'parlour_deliveries_total',
    'Room events handed to sessions, by the wire of the receiver.',
  );
  const refusals = byCode('parlour_refusals_total', 'Requests that were refused.');
  const disconnects = byCode('parlour_disconnects_total', 'Sessions that the server ended.');
  const outbox = gauge('parlour_outbox_bytes', 'Bytes that wait for slow connections.');
  const stopWatching = watchEventLoop(registry);
  collectDefaultMetrics({ register: registry });

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    close: () => {
      stopWatching();
      registry.clear();
    },
    sessionOpened: (dialect) => sessions.inc({ dialect }),
    sessionClosed: (dialect) => sessions.dec({ dialect }),
    memberEntered: (dialect) => members.inc({ dialect }),
    memberGone: (dialect) => members.dec({ dialect }),
    messagePosted: (dialect) => messages.inc({ dialect }),
    delivered: (dialect, count) => deliveries.inc({ dialect }, count),
    refused: (dialect, code) => refusals.inc({ dialect, code }),
    disconnected: (dialect, code) => disconnects.inc({ dialect, code }),
    outboxBytes: (dialect, change) => outbox.inc({ dialect }, change),
  };
}

const NANOSECONDS = 1e-9;

/** Since the last look: how late timers were. */
function watchEventLoop(registry: Registry): () => void {
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  new Gauge({
    name: 'parlour_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last scrape.',
    labelNames: ['quantile'] as const,
    registers: [registry],
    collect() {
      this.set({ quantile: '0.5' }, histogram.percentile(50) * NANOSECONDS);
      this.set({ quantile: '0.99' }, histogram.percentile(99) * NANOSECONDS);
      this.set({ quantile: '1' }, histogram.max * NANOSECONDS);
      histogram.reset();
    },
  });
  return () => histogram.disable();
}
