import { describe, expect, test } from 'vitest';
import type { Line } from '../dialects/desk.ts';
import { addressRanges } from './address-ranges.ts';
import type { Connection } from './connection.ts';
import { LineTransport } from './lines.ts';

interface Opened {
  readonly line: Line | undefined;
  readonly heard: string[];
  readonly ends: () => number;
}

function house(limits: { readonly connections?: number; readonly connectionsPerAddress?: number } = {}) {
  const events: string[] = [];
  const connections: Connection[] = [];
  const lines = new LineTransport({
    accept: (connection, path, pass) => {
      events.push(`at ${path}${pass ? ' let in' : ''}`);
      connections.push(connection);
      connection.listener = {
        received: (frame) => events.push(`received ${frame.kind === 'text' ? frame.text : ''}`),
        drained: () => {},
        closed: ({ code, silent }) => events.push(`closed ${code}${silent ? ' silent' : ''}`),
      };
    },
    household: (address) => addressRanges.household(address),
    connections: 10,
    connectionsPerAddress: 0,
    ...limits,
  });
  const open = (address = '192.0.2.1'): Opened => {
    const heard: string[] = [];
    let ends = 0;
    const line = lines.open({ mount: '/.x', address, heard: (text) => heard.push(text), ended: () => ends++ });
    return { line, heard, ends: () => ends };
  };
  return { lines, events, connections, open };
}

describe('a line', () => {
  test('begins at the mount of its wire, and carries frames both ways', () => {
    const { events, connections, open } = house();
    const { line, heard } = open();
    line?.say('hello');
    expect(events).toEqual(['at /.x let in', 'received hello']);
    expect(connections[0]?.address).toBe('192.0.2.1');
    expect(connections[0]?.send({ text: 'welcome' })).toBe(true);
    expect(heard).toEqual(['welcome']);
  });

  test.each(['endpoint', 'session', 'server'] as const)('ends once, whoever ends it: the %s', (who) => {
    const { lines, events, connections, open } = house();
    const { line, heard, ends } = open();
    if (who === 'endpoint') line?.end();
    if (who === 'session') connections[0]?.close(1000, '');
    if (who === 'server') lines.close();
    line?.end();
    line?.say('too late');
    connections[0]?.send({ text: 'too late' });
    expect(events.slice(1)).toEqual([`closed ${who === 'session' ? 1000 : 1001}`]);
    expect(heard).toEqual([]);
    expect(ends()).toBe(1);
  });

  test('is one of so many, and of so many of one address', () => {
    const { open } = house({ connections: 3, connectionsPerAddress: 2 });
    const first = open('192.0.2.1');
    expect(open('192.0.2.1').line).toBeDefined();
    expect(open('192.0.2.1').line).toBeUndefined();
    expect(open('192.0.2.2').line).toBeDefined();
    expect(open('192.0.2.3').line).toBeUndefined();
    first.line?.end();
    expect(open('192.0.2.1').line).toBeDefined();
  });

  test('is not begun where nobody is taken in any more', () => {
    const { lines, open } = house();
    lines.close();
    expect(open().line).toBeUndefined();
    const closing = new LineTransport({
      accept: (connection) => connection.close(1012, ''),
      household: (address) => address,
      connections: 1,
      connectionsPerAddress: 1,
    });
    const ask = () => closing.open({ mount: '/.x', address: 'a', heard: () => {}, ended: () => {} });
    expect([ask(), ask()]).toEqual([undefined, undefined]);
  });
});
