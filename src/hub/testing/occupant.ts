import type { Disconnect } from '../../core/errors.ts';
import type { Member } from '../../core/member.ts';
import type { RoomView } from '../../core/view.ts';
import type { Dialect, Frame } from '../../dialects/dialect.ts';
import type { Occupant } from '../occupant.ts';

/** For tests only: somebody in a room who keeps what is sent to them. */
export class FakeOccupant implements Occupant {
  readonly dialect: Dialect;
  readonly state = undefined;
  readonly sent: string[] = [];
  readonly disconnects: Disconnect[] = [];
  readonly failures: unknown[] = [];
  ended = false;
  memberId: string | undefined;
  /** Reads the roster of this one. */
  view: RoomView | undefined;
  onDisconnect: () => void = () => {};

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  get member(): Member | undefined {
    return this.memberId === undefined ? undefined : this.view?.member(this.memberId);
  }

  get room(): RoomView | undefined {
    return this.view;
  }

  send(frame: Frame): void {
    this.sent.push(frame.text);
  }

  sendRoster(make: () => Frame | undefined): void {
    const frame = make();
    if (frame) this.send(frame);
  }

  disconnect(disconnect: Disconnect): void {
    this.disconnects.push(disconnect);
    this.onDisconnect();
  }

  failed(error: unknown): void {
    this.failures.push(error);
  }

  end(): void {
    this.ended = true;
  }

  /** What was sent since the last look. */
  take(): string[] {
    return this.sent.splice(0);
  }
}

/** A wire that says the type of each event, and of a message its text; the parts given differ. */
export function fakeDialect(parts: Partial<Dialect> = {}): Dialect {
  return {
    name: 'fake',
    mounts: [{ path: '/ws', recognises: (frame) => frame.kind === 'text' }],
    limits: {
      frameBytes: 1_000_000,
      frameBytesBeforeEntry: 1_000,
      entryDeadlineMs: 0,
      resumable: false,
      frames: { burst: 1_000_000, perSecond: 1_000_000 },
    },
    open: () => undefined,
    decode: () => ({ requests: [] }),
    encodeKey: () => '',
    encode: (event) => {
      const text = event.type === 'message-posted' && event.message.body.kind === 'text' ? event.message.body.text : '';
      return [{ text: text === '' ? event.type : text }];
    },
    farewell: ({ code }) => ({ frames: [{ text: `bye ${code}` }], code: 4000, reason: code }),
    ...parts,
  };
}
