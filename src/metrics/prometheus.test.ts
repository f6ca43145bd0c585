import { afterEach, expect, test } from 'vitest';
import { prometheusMetrics } from './prometheus.ts';

const metrics = prometheusMetrics();
afterEach(() => metrics.close());

test('what the hub counts is rendered, labelled by wire and code', async () => {
  metrics.sessionOpened('barertc');
  metrics.sessionOpened('barertc');
  metrics.sessionClosed('barertc');
  metrics.memberEntered('parlour');
  metrics.memberEntered('parlour');
  metrics.memberGone('parlour');
  metrics.messagePosted('barertc');
  metrics.delivered('parlour', 7);
  metrics.refused('parlour', 'too-fast');
  metrics.disconnected('barertc', 'slow');
  metrics.outboxBytes('barertc', 100);
  metrics.outboxBytes('barertc', -40);
  const lines = (await metrics.render()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'parlour_sessions{dialect="barertc"} 1',
      'parlour_members{dialect="parlour"} 1',
      'parlour_messages_total{dialect="barertc"} 1',
      'parlour_deliveries_total{dialect="parlour"} 7',
      'parlour_refusals_total{dialect="parlour",code="too-fast"} 1',
      'parlour_disconnects_total{dialect="barertc",code="slow"} 1',
      'parlour_outbox_bytes{dialect="barertc"} 60',
    ]),
  );
  for (const quantile of ['0.5', '0.99', '1']) {
    expect(lines.some((line) => line.startsWith(`parlour_event_loop_delay_seconds{quantile="${quantile}"} `))).toBe(
      true,
    );
  }
  expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true);
  expect(metrics.contentType).toMatch(/^text\/plain/);
});
