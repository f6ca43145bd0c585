import type { SessionContext } from '../dialect.ts';

/** What the door says of a connection: whose it is, by the page's cookie. */
export interface Pass {
  /** 32 hexadecimal digits; everybody in the room sees it. */
  readonly id: string;
  /** By which the session is taken up after a lost connection; a secret of the cookie. */
  readonly key: string;
  readonly room: string;
}

export class CamusState implements Pass {
  readonly context: SessionContext;
  readonly id: string;
  readonly key: string;
  readonly room: string;
  /** Until then a client does not know its own id, and would call itself if it was told who is there (1.5). */
  knowsItself = false;
  /** It came by asking who is there, and was not answered yet. */
  awaitsRoster = false;
  /** It said goodbye. */
  gone = false;

  constructor(context: SessionContext, pass: Partial<Pass>) {
    const { id = '0'.repeat(32), key = '', room = context.settings.defaultRoom } = pass;
    this.context = context;
    this.id = id;
    this.key = key;
    this.room = room;
  }
}
