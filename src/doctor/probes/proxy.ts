import WebSocket from 'ws';
import type { ProxyFacts } from '../checks/proxy.ts';

const WAIT_MS = 5_000;

export interface ProxyProbeOptions {
  /** As people type it. */
  readonly publicUrl: string;
  /** What a proxy says in the place of the name, where it passes Parlour's own address on. */
  readonly innerHosts: readonly string[];
}

/** Asks for pages and a WebSocket by the public address. Never rejects. */
export async function probeProxy({ publicUrl, innerHosts }: ProxyProbeOptions): Promise<ProxyFacts> {
  const url = publicUrl.replace(/\/+$/, '');
  const pages = await pagesOf(url);
  if (pages !== 'parlour') {
    return { kind: 'asked', url, pages, socket: { problem: 'not tried' }, areMetricsOpen: false };
  }
  const { host, origin } = new URL(url);
  const socket = await socketOf(url, origin);
  return { kind: 'asked', url, pages, socket, areMetricsOpen: await isOpen(`${url}/metrics`), ...(await foreign()) };

  /** Pages of the host that it was asked for are let in, so whose are let in says which that was. */
  async function foreign(): Promise<{ readonly foreignHost?: string }> {
    for (const inner of innerHosts.filter((each) => each !== host)) {
      if ((await socketOf(url, `http://${inner}`)) === 'open') return { foreignHost: inner };
    }
    return {};
  }
}

async function pagesOf(url: string): Promise<'parlour' | { readonly problem: string }> {
  try {
    const answer = await fetch(`${url}/healthz`, { redirect: 'manual', signal: AbortSignal.timeout(WAIT_MS) });
    if (answer.ok && (await answer.text()).trim() === '{"status":"ok"}') return 'parlour';
    return { problem: `something else answers, with status ${answer.status}` };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function isOpen(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(WAIT_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

function socketOf(url: string, origin: string): Promise<Extract<ProxyFacts, { kind: 'asked' }>['socket']> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { origin, handshakeTimeout: WAIT_MS });
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('unexpected-response', (_request, { statusCode }) => {
      socket.terminate();
      const problem = `the answer is ${statusCode}`;
      resolve(statusCode === undefined ? { problem } : { problem, status: statusCode });
    });
    socket.on('error', (error) => resolve({ problem: error.message }));
  });
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { readonly message?: string; readonly cause?: { readonly message?: string } };
  return cause?.message ?? message ?? String(error);
}
