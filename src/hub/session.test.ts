import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Request } from '../core/command.ts';
import { type Disconnect, WireError } from '../core/errors.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { MemoryConnection } from '../transport/memory.ts';
import { type Place, Session, type SessionEnd, type SessionHost } from './session.ts';
import { fakeDialect } from './testing/occupant.ts';

const LEAVE: Request = { command: { type: 'leave' } };

/** Each text frame is a request, with itself as its reference. */
const echoing = (parts: Partial<Dialect> = {}) =>
  fakeDialect({
    decode: (_state, frame) => ({ requests: [{ ...LEAVE, ref: frame.kind === 'text' ? frame.text : 'binary' }] }),
    ...parts,
  });

class Host implements SessionHost {
  readonly outboxBytes = 100;
  readonly performed: (string | undefined)[] = [];
  readonly ends: SessionEnd[] = [];
  readonly disconnects: Disconnect[] = [];
  readonly faults: unknown[] = [];
  outbox = 0;
  /** What the next request waits for. */
  pending: Promise<void> | undefined;

  now(): number {
    return Date.now();
  }

  perform(_session: Session, request: Request): Promise<void> | void {
    this.performed.push(request.ref);
    return this.pending;
  }

  lost(session: Session, end: SessionEnd): void {
    this.ends.push(end);
    session.end();
  }

  outboxChanged(_session: Session, bytes: number): void {
    this.outbox += bytes;
  }

  disconnected(_session: Session, disconnect: Disconnect): void {
    this.disconnects.push(disconnect);
  }

  fault(_session: Session, error: unknown): void {
    this.faults.push(error);
  }
}

class CountingConnection extends MemoryConnection {
  paused = false;
  override pause(): void {
    this.paused = true;
  }
  override resume(): void {
    this.paused = false;
  }
}

function begin(dialect: Dialect = echoing()) {
  const host = new Host();
  const connection = new CountingConnection();
  const session = new Session({ dialect, state: undefined, connection, household: connection.address, host });
  connection.listener = session;
  return { host, connection, session };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what arrives', () => {
  test('is carried out in order, one after the other: the next waits for the one before', async () => {
    const { host, connection } = begin();
    let finish = () => {};
    host.pending = new Promise((done) => {
      finish = done;
    });
    for (const text of ['a', 'b', 'c']) connection.receive(text);
    expect(host.performed).toEqual(['a']);
    host.pending = undefined;
    finish();
    await vi.waitFor(() => expect(host.performed).toEqual(['a', 'b', 'c']));
  });

  test('faster than its rate waits, and none of it is lost', () => {
    const limits = { ...fakeDialect().limits, frames: { burst: 20, perSecond: 100 } };
    const { host, connection } = begin(echoing({ limits }));
    const texts = Array.from({ length: 300 }, (_, index) => `${index}`);
    for (const text of texts) connection.receive(text);
    expect(host.performed).toEqual(texts.slice(0, 20));
    expect(connection.paused).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(host.performed.length).toBeLessThanOrEqual(120);
    vi.advanceTimersByTime(3_000);
    expect(host.performed).toEqual(texts);
    expect(connection.paused).toBe(false);
    connection.receive('last');
    expect(host.performed.at(-1)).toBe('last');
  });

  test('in long frames counts for several', () => {
    const limits = { ...fakeDialect().limits, frameBytesBeforeEntry: 100_000, frames: { burst: 10, perSecond: 10 } };
    const { host, connection } = begin(echoing({ limits }));
    connection.receive('x'.repeat(4096 * 8));
    connection.receive('next');
    connection.receive('after');
    expect(host.performed).toHaveLength(2);
    vi.advanceTimersByTime(100);
    expect(host.performed).toHaveLength(3);
  });

  test('waiting in large frames makes the peer wait at once', () => {
    const { host, connection } = begin();
    host.pending = new Promise(() => {});
    connection.receive('first');
    connection.receive('x'.repeat(900));
    expect(connection.paused).toBe(false);
    for (let index = 0; index < 63; index++) connection.receive('x');
    expect(connection.paused).toBe(true);

    const other = begin();
    other.session.place = { room: { view: { member: () => undefined } }, memberId: 'm' } as unknown as Place;
    other.host.pending = new Promise(() => {});
    other.connection.receive('first');
    other.connection.receive('x'.repeat(300_000));
    expect(other.connection.paused).toBe(true);
  });

  test('larger than a frame may be ends the session; before entering, less is allowed', () => {
    const { host, connection, session } = begin();
    connection.receive('x'.repeat(1_000));
    expect(host.performed).toHaveLength(1);
    session.place = { room: { view: { member: () => undefined } }, memberId: 'm' } as unknown as Place;
    connection.receive('x'.repeat(1_001));
    expect(host.performed).toHaveLength(2);
    connection.receive('x'.repeat(1_000_001));
    expect(host.disconnects).toEqual([{ code: 'frame-too-large' }]);

    const stranger = begin();
    stranger.connection.receive('x'.repeat(1_001));
    expect(stranger.host.disconnects).toEqual([{ code: 'frame-too-large' }]);
    expect(stranger.connection.sent).toEqual(['bye frame-too-large']);
    expect(stranger.connection.closeCode).toBe(4000);
  });

  test('breaking the wire is passed over or ends the session, as the wire has it', () => {
    const broken = (severity: 'ignore' | 'close') =>
      begin(
        echoing({
          decode: () => {
            throw new WireError('nonsense', { severity });
          },
        }),
      );
    const ignored = broken('ignore');
    ignored.connection.receive('x');
    expect(ignored.connection.open).toBe(true);
    const closed = broken('close');
    closed.connection.receive('x');
    expect(closed.host.disconnects).toEqual([{ code: 'wire-broken', reason: 'nonsense' }]);
    expect([...ignored.host.faults, ...closed.host.faults]).toEqual([]);
  });

  test.each(['at once', 'later'])('that we fail at (%s) is our fault, and ends the session', async (when) => {
    const { host, connection } = begin();
    const fault = new Error('ours');
    host.perform = () => {
      if (when === 'at once') throw fault;
      return Promise.reject(fault);
    };
    connection.receive('x');
    await vi.waitFor(() => expect(host.faults).toEqual([fault]));
    expect(host.disconnects).toEqual([{ code: 'server-fault' }]);
  });

  test('after the end is nothing any more', async () => {
    const { host, connection, session } = begin();
    let finish = () => {};
    host.pending = new Promise((done) => {
      finish = done;
    });
    connection.receive('a');
    connection.receive('b');
    session.disconnect({ code: 'kicked' });
    finish();
    await host.pending;
    session.received({ kind: 'text', text: 'c' });
    vi.advanceTimersByTime(10_000);
    expect(host.performed).toEqual(['a']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what is sent', () => {
  test('waits while the network is busy, and goes in order when it is not', () => {
    const { host, connection, session } = begin();
    connection.congest();
    for (const text of ['1', '22', '333']) session.send({ text });
    expect(connection.sent).toEqual(['1']);
    expect(host.outbox).toBe(5);
    connection.drain();
    expect(connection.sent).toEqual(['1', '22', '333']);
    expect(host.outbox).toBe(0);
    session.send({ text: '4' });
    expect(connection.sent.at(-1)).toBe('4');
  });

  test('and is busy again at once, keeps its order', () => {
    const { host, connection, session } = begin();
    connection.congest();
    for (const text of ['1', '2', '3']) session.send({ text });
    const send = connection.send.bind(connection);
    connection.send = (frame) => {
      connection.congest();
      return send(frame);
    };
    connection.drain();
    expect(connection.sent).toEqual(['1', '2']);
    session.send({ text: '4' });
    connection.drain();
    connection.drain();
    expect(connection.sent).toEqual(['1', '2', '3', '4']);
    expect(host.outbox).toBe(0);
  });

  test('and too much of it waits: the session was too slow', () => {
    const { host, connection, session } = begin();
    connection.congest();
    session.send({ text: 'x'.repeat(60) });
    session.send({ text: 'x'.repeat(40) });
    expect(host.disconnects).toEqual([]);
    session.send({ text: 'x' });
    expect(host.disconnects).toEqual([{ code: 'slow' }]);
    expect(host.ends).toEqual([{ kind: 'disconnect', disconnect: { code: 'slow' } }]);
    expect(host.outbox).toBe(0);
    expect(connection.open).toBe(false);
  });

  test('is stuck for as long as the network takes nothing of it', () => {
    const { connection, session } = begin();
    const start = Date.now();
    expect(session.stuckFor(start)).toBe(0);
    connection.congest();
    session.send({ text: '1' });
    expect(session.stuckFor(start + 5_000)).toBe(5_000);
    connection.drain();
    expect(session.stuckFor(start + 5_000)).toBe(0);
    connection.congest();
    session.send({ text: '2' });
    connection.end({ code: 1006 });
    expect(session.stuckFor(start + 60_000)).toBe(0);
  });

  test('as a roster is made anew when the network is free, however many were due', () => {
    const { connection, session } = begin();
    const asked: Session[] = [];
    session.place = {
      room: { sendRosterTo: (each: Session) => asked.push(each), view: { member: () => undefined } },
      memberId: 'm',
    } as unknown as Place;
    session.sendRoster(() => ({ text: 'now' }));
    connection.congest();
    session.send({ text: 'x' });
    const make = vi.fn(() => ({ text: 'stale' }));
    for (let index = 0; index < 5; index++) session.sendRoster(make);
    expect(make).not.toHaveBeenCalled();
    connection.drain();
    expect(asked).toEqual([session]);
    connection.congest();
    session.send({ text: 'y' });
    connection.drain();
    expect(asked).toEqual([session]);
    expect(connection.sent).toEqual(['now', 'x', 'y']);
  });

  test('and cannot be encoded, is our fault, and ends this session', () => {
    const fault = new Error('ours');
    const dialect = echoing({
      encode: () => {
        throw fault;
      },
    });
    const telling = begin(dialect);
    telling.session.tell({ type: 'camera-cut' }, { seq: 1 });
    const listing = begin(dialect);
    listing.session.sendRoster(() => {
      throw fault;
    });
    for (const { host, connection } of [telling, listing]) {
      expect(host.faults).toEqual([fault]);
      expect(connection.closeCode).toBe(4000);
    }
  });
});

describe('a connection that answers in turns', () => {
  /** Whether the promise is settled by now. */
  const isSettled = async (promise: Promise<void>) => {
    let settled = false;
    void promise.then(() => {
      settled = true;
    });
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    return settled;
  };

  test('may answer when all that arrived was handled', async () => {
    const { host, connection, session } = begin();
    expect(await isSettled(session.whenIdle())).toBe(true);
    const finish: (() => void)[] = [];
    host.perform = () => new Promise<void>((done) => finish.push(done));
    connection.receive('a');
    connection.receive('b');
    const idle = [session.whenIdle(), session.whenIdle()];
    finish[0]?.();
    await vi.waitFor(() => expect(finish).toHaveLength(2));
    expect(await Promise.all(idle.map(isSettled))).toEqual([false, false]);
    finish[1]?.();
    await Promise.all(idle);
    expect(await isSettled(session.whenIdle())).toBe(true);
  });

  test('waits for what came faster than its rate', async () => {
    const limits = { ...fakeDialect().limits, frames: { burst: 1, perSecond: 10 } };
    const { host, connection, session } = begin(echoing({ limits }));
    for (const text of ['a', 'b', 'c']) connection.receive(text);
    const idle = session.whenIdle();
    expect(await isSettled(idle)).toBe(false);
    vi.advanceTimersByTime(300);
    await idle;
    expect(host.performed).toEqual(['a', 'b', 'c']);
  });

  test('waits no longer when the session ends, by whomever, or a request fails', async () => {
    const ends: readonly ((session: Session, connection: MemoryConnection) => void)[] = [
      (session) => session.disconnect({ code: 'kicked' }),
      (session) => session.end(),
      (_session, connection) => connection.end({ code: 1006 }),
    ];
    for (const end of ends) {
      const { host, connection, session } = begin();
      host.pending = new Promise(() => {});
      connection.receive('a');
      connection.receive('b');
      const idle = session.whenIdle();
      end(session, connection);
      await idle;
    }
    const failing = begin();
    failing.host.pending = Promise.reject(new Error('ours'));
    failing.connection.receive('a');
    await failing.session.whenIdle();
    expect(failing.host.disconnects).toEqual([{ code: 'server-fault' }]);
  });
});

describe('a wire that fails', () => {
  const fault = new Error('ours');
  const fail = () => {
    throw fault;
  };

  test('at saying goodbye is closed without', () => {
    const { host, connection, session } = begin(echoing({ farewell: fail }));
    session.disconnect({ code: 'kicked' });
    expect(host.faults).toEqual([fault]);
    expect(connection.closeCode).toBe(1011);
    expect(host.ends).toEqual([{ kind: 'disconnect', disconnect: { code: 'kicked' } }]);
    expect(session.ended).toBe(true);
  });

  test('at everything ends, once, and throws nothing', () => {
    const { host, connection, session } = begin(fakeDialect({ farewell: fail, encode: fail, decode: fail }));
    connection.receive('x');
    session.tell({ type: 'camera-cut' }, { seq: 1 });
    connection.receive('y');
    expect(host.faults).toEqual([fault, fault]);
    expect(host.disconnects).toEqual([{ code: 'server-fault' }]);
    expect(host.ends).toHaveLength(1);
    expect(connection.closeCode).toBe(1011);
  });
});

describe('the end', () => {
  test('of the connection is told once, with how it was', () => {
    const { host, connection, session } = begin();
    connection.end({ code: 1001 });
    session.closed({ code: 1006, silent: false });
    session.disconnect({ code: 'slow' });
    expect(host.ends).toEqual([{ kind: 'connection', code: 1001, silent: false }]);
    expect(host.disconnects).toEqual([]);
  });

  test('by us says goodbye first; what the connection says then is nothing', () => {
    const { host, connection, session } = begin();
    session.disconnect({ code: 'kicked' });
    expect(connection.sent).toEqual(['bye kicked']);
    connection.receive('still here');
    expect(host.performed).toEqual([]);
    expect(host.ends).toHaveLength(1);
    expect(session.ended).toBe(true);
  });
});

describe('a session that is taken up again', () => {
  test('has the new connection, and what waited on it; the old one cannot end it', () => {
    const older = begin();
    const newer = begin();
    older.session.dropConnection();
    // The network tells of an end when it has come about, which may be later.
    const late = older.connection.listener;
    newer.session.handOver(older.session);
    late.closed({ code: 1006, silent: false });
    late.received({ kind: 'text', text: 'from the past' });
    expect(older.host.ends).toEqual([]);
    expect(older.session.connected).toBe(true);
    newer.connection.receive('hello');
    expect(older.host.performed).toEqual(['hello']);
    older.session.send({ text: 'welcome' });
    expect(newer.connection.sent).toEqual(['welcome']);
    expect(newer.session.ended).toBe(true);
  });

  test('carries out what came before it was', async () => {
    const older = begin();
    const newer = begin();
    older.session.dropConnection();
    newer.host.pending = new Promise(() => {});
    newer.connection.receive('resume');
    newer.connection.receive('waiting');
    newer.session.handOver(older.session);
    newer.connection.receive('after');
    vi.advanceTimersByTime(200);
    expect(older.host.performed).toEqual(['waiting', 'after']);
  });
});
