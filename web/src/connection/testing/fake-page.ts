import { vi } from 'vitest';
import { ScriptedSocket } from '../../../../src/dialects/parlour/client.test-network.ts';
import { FakeStorage } from './fake-memory.ts';

/** For tests: what a session needs of a browser. Its timers are the test's. */
export class FakePage {
  readonly window = new EventTarget();
  readonly document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  readonly sockets: ScriptedSocket[] = [];
  /** Over reloads: of the tab, and of the browser. */
  readonly tab: FakeStorage;

  /** `tab` goes on with that of a page before. */
  constructor(tab = new FakeStorage()) {
    this.tab = tab;
    const page = this;
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const timers = { setTimeout, clearTimeout, setInterval, clearInterval };
    const location = { protocol: 'http:', host: 'chat.test' };
    vi.stubGlobal('window', Object.assign(this.window, timers, { location, sessionStorage: tab }));
    vi.stubGlobal('document', this.document);
    vi.stubGlobal(
      'WebSocket',
      class extends ScriptedSocket {
        constructor() {
          super();
          page.sockets.push(this);
        }
      },
    );
  }

  get socket(): ScriptedSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('Nobody connected.');
    return last;
  }

  hide(): void {
    this.document.visibilityState = 'hidden';
    this.document.dispatchEvent(new Event('visibilitychange'));
  }

  show(): void {
    this.document.visibilityState = 'visible';
    this.document.dispatchEvent(new Event('visibilitychange'));
  }

  /** As when it is reloaded or left. */
  go(): void {
    this.window.dispatchEvent(new Event('pagehide'));
  }
}
