import { describe, expect, test } from 'vitest';
import { FakeConnection, settled } from './client.test-fakes.ts';
import { Peer } from './client-peer.ts';

const CAMERA = { kind: 'video' };

describe('Peer', () => {
  function peer({ isPolite }: { readonly isPolite: boolean }) {
    const connections: FakeConnection[] = [];
    const sent: [string, object][] = [];
    const connect = () => {
      const connection = new FakeConnection();
      connections.push(connection);
      return connection;
    };
    const send = (type: string, data: object) => sent.push([type, data]);
    const made = new Peer({ id: 'bill', isPolite, connect, send, trackAdded: () => {}, stateChanged: () => {} });
    return {
      made,
      sent,
      connections,
      current: () => connections.at(-1) ?? connect(),
      types: () => sent.map(([t]) => t),
    };
  }

  test('offers when it has something to send, and applies the answer', async () => {
    const { made, sent, current } = peer({ isPolite: true });
    made.addTrack(CAMERA);
    await settled();
    expect(sent).toEqual([['offer', { type: 'offer', sdp: current().name }]]);
    await made.described({ type: 'answer', sdp: 'theirs' });
    expect(current().signalingState).toBe('stable');
  });

  test('the polite one gives way to a first offer on a new connection, with all it sends', async () => {
    const { made, connections, sent, current } = peer({ isPolite: true });
    made.addTrack(CAMERA);
    await settled();
    const described = made.described({ type: 'offer', sdp: 'theirs' });
    void made.candidate({ usernameFragment: 'theirs' });
    await described;
    await settled();
    expect(connections.map(({ isClosed, isRolledBack }) => [isClosed, isRolledBack])).toEqual([
      [true, false],
      [false, false],
    ]);
    expect(current().tracks).toEqual([CAMERA]);
    expect(current().candidates).toHaveLength(1);
    expect(sent.at(-1)).toEqual(['answer', { type: 'answer', sdp: current().name }]);
    // What the old one finds is of no use to anybody.
    connections[0]?.find();
    expect(sent.filter(([type]) => type === 'icecandidate')).toEqual([]);
  });

  test('the polite one rolls back a later offer, and keeps the connection', async () => {
    const { made, connections, current, types } = peer({ isPolite: true });
    await made.described({ type: 'offer', sdp: 'theirs' });
    current().onnegotiationneeded?.({});
    await settled();
    await made.described({ type: 'offer', sdp: 'theirs again' });
    expect(types()).toEqual(['answer', 'offer', 'answer']);
    expect(connections).toHaveLength(1);
    expect(current()).toMatchObject({ isRolledBack: true, isClosed: false, signalingState: 'stable' });
  });

  test('the impolite one passes over an offer, and candidates of it do no harm', async () => {
    const { made, connections, current, types } = peer({ isPolite: false });
    made.addTrack(CAMERA);
    await settled();
    await made.described({ type: 'offer', sdp: 'passed over' });
    await made.candidate({ usernameFragment: 'passed over' });
    expect(current()).toMatchObject({ signalingState: 'have-local-offer', remoteDescription: null });
    await made.described({ type: 'answer', sdp: 'theirs' });
    await made.candidate({ usernameFragment: 'passed over' });
    await made.candidate({ usernameFragment: 'theirs' });
    expect(current().candidates).toEqual([{ usernameFragment: 'theirs' }]);
    expect([types(), connections.length]).toEqual([['offer'], 1]);
  });

  test.each([0, 1, 2, 3, 5])('both offer at once, and agree; each hears the other %i turns later', async (delay) => {
    const [one, other] = [peer({ isPolite: true }), peer({ isPolite: false })];
    const carry = async (from: typeof one, to: typeof one) => {
      for (const [type, data] of from.sent.splice(0)) {
        for (let turn = 0; turn < delay; turn++) await undefined;
        void (type === 'icecandidate' ? to.made.candidate(data) : to.made.described(data as never));
      }
    };
    for (const { made } of [one, other]) made.addTrack(CAMERA);
    await settled();
    while (one.sent.length + other.sent.length > 0) {
      await Promise.all([carry(one, other), carry(other, one)]);
      await settled();
    }
    expect([one.current(), other.current()].map(({ signalingState }) => signalingState)).toEqual(['stable', 'stable']);
    expect(one.current().remoteDescription?.sdp).toBe(other.current().name);
    expect(other.current().remoteDescription?.sdp).toBe(one.current().name);
  });

  test('what cannot be applied stops nothing, and a lost way is looked for again', async () => {
    const { made, current } = peer({ isPolite: true });
    await made.described({ type: 'answer', sdp: 'to no question' });
    await made.described({ type: 'offer', sdp: 'theirs' });
    expect(current().signalingState).toBe('stable');
    current().iceConnectionState = 'failed';
    current().oniceconnectionstatechange?.({});
    expect(current().restarts).toBe(1);
  });
});
