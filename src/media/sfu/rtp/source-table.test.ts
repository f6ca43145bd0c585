import { describe, expect, it } from 'vitest';
import { type SourceSection, SourceTable } from './source-table.ts';
import { headerOf, type PacketFields, rtp } from './testing/packets.ts';

const extensions = { mid: 4, rid: 10, repairedRid: 11 };
const audio: SourceSection = { mid: '0', payloadTypes: [111], rids: [], ssrcs: [1000], extensions: { mid: 4 } };
const simulcast: SourceSection = { mid: '1', payloadTypes: [96], rids: ['h', 'l'], ssrcs: [], extensions };
const plain: SourceSection = { mid: '1', payloadTypes: [96], rids: [], ssrcs: [2000], repairSsrcs: [2001], extensions };

function identify(table: SourceTable, fields: PacketFields) {
  const packet = rtp(fields);
  return table.identify(packet, headerOf(packet));
}

/** As a browser sends the first packets of a layer. */
function layer(ssrc: number, rid: string): PacketFields {
  return {
    ssrc,
    extensions: [
      [4, '1'],
      [10, rid],
    ],
  };
}

describe('the layers of a simulcast', () => {
  it('are in the order of the description, whichever arrives first', () => {
    const table = new SourceTable([audio, simulcast]);
    expect(identify(table, layer(51, 'l'))).toEqual({ ssrc: 51, mid: '1', section: 1, layer: 1, rid: 'l' });
    expect(identify(table, layer(50, 'h'))).toEqual({ ssrc: 50, mid: '1', section: 1, layer: 0, rid: 'h' });
  });

  it('are known by SSRC from then on', () => {
    const table = new SourceTable([audio, simulcast]);
    expect(table.bySsrc(50)).toBeUndefined();
    const first = identify(table, layer(50, 'h'));
    expect(identify(table, { ssrc: 50 })).toBe(first);
    expect(table.bySsrc(50)).toBe(first);
  });

  it('are unknown before they said who they are, and where nobody agreed on them', () => {
    const table = new SourceTable([audio, simulcast]);
    expect(identify(table, { ssrc: 50 })).toBeUndefined();
    expect(identify(table, layer(50, 'x'))).toBeUndefined();
    expect(identify(table, { ...layer(50, 'h'), payloadType: 97 })).toBeUndefined();
    expect(identify(table, layer(50, 'h'))?.rid).toBe('h');
  });

  it('are not confused with their repairs', () => {
    const table = new SourceTable([audio, simulcast]);
    const repair: PacketFields = {
      ssrc: 60,
      extensions: [
        [4, '1'],
        [11, 'h'],
      ],
    };
    expect(identify(table, repair)).toBeUndefined();
    expect(identify(table, { ...layer(60, 'h') })).toBeUndefined();
    expect(identify(table, layer(50, 'h'))?.ssrc).toBe(50);
  });

  it('may come with a new SSRC, and the old one does not come back', () => {
    const table = new SourceTable([audio, simulcast]);
    identify(table, layer(50, 'h'));
    expect(identify(table, layer(70, 'h'))?.ssrc).toBe(70);
    expect(identify(table, layer(50, 'h'))).toBeUndefined();
    expect(identify(table, layer(70, 'h'))?.layer).toBe(0);
  });
});

describe('a source without layers', () => {
  it('is known by what the description says', () => {
    const table = new SourceTable([audio, plain]);
    expect(identify(table, { ssrc: 2000 })).toEqual({ ssrc: 2000, mid: '1', section: 1, layer: 0, rid: undefined });
    expect(identify(table, { ssrc: 2001 })).toBeUndefined();
    expect(identify(table, { ssrc: 1000, payloadType: 111 })?.mid).toBe('0');
  });

  it('is known by its mid', () => {
    const table = new SourceTable([audio, plain]);
    expect(identify(table, { ssrc: 5, extensions: [[4, '1']] })?.section).toBe(1);
    expect(identify(table, { ssrc: 6, payloadType: 96, extensions: [[4, '7']] })).toBeUndefined();
  });

  it('is known by a payload type that only one section has', () => {
    const table = new SourceTable([audio, plain]);
    expect(identify(table, { ssrc: 5, payloadType: 111 })?.section).toBe(0);
    const two = new SourceTable([plain, { ...plain, mid: '2', ssrcs: [], repairSsrcs: [] }]);
    expect(identify(two, { ssrc: 5 })).toBeUndefined();
    expect(identify(two, { ssrc: 5, extensions: [[4, '2']] })?.section).toBe(1);
  });
});

describe('what is remembered', () => {
  it('has a bound, whatever is sent', () => {
    const table = new SourceTable([audio, simulcast]);
    for (let ssrc = 100; ssrc < 10_000; ssrc += 1) identify(table, layer(ssrc, ssrc % 2 ? 'h' : 'l'));
    expect(table.bySsrc(9999)?.rid).toBe('h');
    expect(table.bySsrc(9998)?.rid).toBe('l');
    // The first ones were forgotten: told by that they may take a place again.
    expect(identify(table, layer(100, 'l'))?.ssrc).toBe(100);
  });

  it('stays over a renegotiation where it still holds', () => {
    const table = new SourceTable([audio, simulcast]);
    const sound = identify(table, { ssrc: 1000, payloadType: 111 });
    const high = identify(table, layer(50, 'h'));
    table.update([audio, simulcast, { ...plain, mid: '2' }]);
    expect(table.bySsrc(1000)).toBe(sound);
    expect(table.bySsrc(50)).toBe(high);
    table.update([audio, { ...simulcast, rids: ['l', 'h'] }]);
    expect(table.bySsrc(50)).toBeUndefined();
    table.update([{ ...audio, mid: 'gone' }]);
    expect(table.bySsrc(1000)).toBeUndefined();
  });
});
