import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Desk, LineOrder } from '../../desk.ts';
import type { EndpointFrame, SessionFrame } from '../wire.ts';
import { Resource } from './resource.ts';

const PATIENCE = { firstMs: 30_000, lostMs: 10_000 };
const sdp = (ufrag: string) => `v=0\r\nm=audio 9 x 0\r\na=ice-ufrag:${ufrag}\r\na=ice-pwd:${'p'.repeat(22)}\r\n`;
const FRAGMENT = (ufrag: string) => ({ credentials: { ufrag, pwd: 'q'.repeat(22) }, candidates: [] });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A resource, and the session that it speaks for, played by the test. */
class Scene {
  readonly said: EndpointFrame[] = [];
  readonly resource: Resource;
  /** How often it was told to be over, and its line was ended. */
  gone = 0;
  ended = 0;
  /** What the session answers to each question; nothing where it is silent. */
  answers: Partial<Record<EndpointFrame['type'], SessionFrame>> = {
    join: { type: 'entered' },
    publish: { type: 'answer', stream: 'c1', sdp: sdp('ours') },
    play: { type: 'answer', stream: 's7', sdp: sdp('ours') },
  };
  #order: LineOrder | undefined;

  constructor({ isFull = false, isPlayer = false, turn = false, relayOnly = false } = {}) {
    let ids = 0;
    const desk = {
      newId: () => `id-${++ids}`,
      iceServers: () => (turn ? [{ urls: ['turn:turn.example'] }] : []),
      settings: { galene: { relayOnly } },
      lines: { open: (order: LineOrder) => (isFull ? undefined : this.#open(order)) },
    } as unknown as Desk;
    this.resource = new Resource({
      ...{ desk, address: 'a', clientId: 'c1', room: 'lobby', name: 'whip', token: undefined, patience: PATIENCE },
      choice: isPlayer ? { label: 'camera' } : undefined,
      gone: () => this.gone++,
    });
  }

  hear(frame: SessionFrame): void {
    this.#order?.heard(JSON.stringify(frame));
  }

  /** Begins, and waits for the answer. */
  async begin(): ReturnType<Resource['begin']> {
    const begun = this.resource.begin(sdp('theirs'));
    await vi.advanceTimersByTimeAsync(200);
    return begun;
  }

  async restart(ufrag: string, condition = '*'): ReturnType<Resource['restart']> {
    const restarted = this.resource.restart(FRAGMENT(ufrag), condition);
    await vi.advanceTimersByTimeAsync(200);
    return restarted;
  }

  #open(order: LineOrder) {
    this.#order = order;
    return {
      say: (text: string) => {
        const frame = JSON.parse(text) as EndpointFrame;
        this.said.push(frame);
        const answer = this.answers[frame.type];
        if (answer) this.hear(answer);
      },
      end: () => {
        this.ended++;
        order.ended();
      },
    };
  }
}

describe('what begins', () => {
  test('joins, and then offers', async () => {
    const scene = new Scene();
    expect(await scene.begin()).toEqual({ answer: sdp('ours') });
    expect(scene.said).toEqual([
      { type: 'join', id: 'c1', room: 'lobby', name: 'whip' },
      { type: 'publish', stream: 'c1', sdp: sdp('theirs') },
    ]);
  });

  test('has all candidates in its answer that come soon', async () => {
    const scene = new Scene();
    const begun = scene.resource.begin(sdp('theirs'));
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      await vi.advanceTimersByTimeAsync(90);
      scene.hear({ type: 'candidate', candidate: { candidate: `candidate:1 1 UDP 1 ${address} 9 typ host` } });
    }
    await vi.advanceTimersByTimeAsync(110);
    expect(((await begun) as { answer: string }).answer.match(/192\.0\.2\.\d/g)).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  describe('where the server asks others for candidates', () => {
    const candidate = (address: string, type: string): SessionFrame => {
      return { type: 'candidate', candidate: { candidate: `candidate:1 1 UDP 1 ${address} 9 typ ${type}` } };
    };

    /** What is answered, and when: candidates come after so many milliseconds. */
    async function answered(scene: Scene, coming: readonly (readonly [ms: number, frame: SessionFrame])[]) {
      const start = Date.now();
      const begun = scene.resource.begin(sdp('theirs')).then((reply) => ({ reply, ms: Date.now() - start }));
      for (const [ms, frame] of coming) setTimeout(() => scene.hear(frame), ms);
      await vi.advanceTimersByTimeAsync(5_000);
      const { reply, ms } = await begun;
      if (!('answer' in reply)) throw new Error(reply.code);
      return { types: [...reply.answer.matchAll(/typ (\w+)/g)].map(([, type]) => type), ms };
    }

    test('those that come later are in the answer, too', async () => {
      const coming = [[5, candidate('192.0.2.1', 'host')] as const, [600, candidate('192.0.2.2', 'srflx')] as const];
      expect(await answered(new Scene({ turn: true }), coming)).toEqual({ types: ['host', 'srflx'], ms: 1600 });
      expect(await answered(new Scene(), coming)).toEqual({ types: ['host'], ms: 105 });
    });

    test('of relays alone, the first is waited for', async () => {
      const scene = () => new Scene({ turn: true, relayOnly: true });
      const late = [[1800, candidate('192.0.2.3', 'relay')] as const];
      expect(await answered(scene(), late)).toEqual({ types: ['relay'], ms: 2800 });
      expect(await answered(scene(), [])).toEqual({ types: [], ms: 3000 });
      // One that is in the answer already is the first.
      const known = scene();
      known.answers.publish = { type: 'answer', stream: 'c1', sdp: `${sdp('ours')}a=candidate:1 typ relay\r\n` };
      expect(await answered(known, [])).toEqual({ types: ['relay'], ms: 1000 });
    });

    test('but not for ever', async () => {
      const many = Array.from({ length: 8 }, (_, index) => {
        return [index * 700, candidate(`192.0.2.${index}`, 'relay')] as const;
      });
      const { types, ms } = await answered(new Scene({ turn: true }), many);
      expect([types.length, ms]).toEqual([5, 3000]);
    });
  });

  test.each(['join', 'publish'] as const)('is over where %s is refused', async (what) => {
    const scene = new Scene();
    const refused = { type: 'refused', code: 'not-permitted', text: 'No.' } as const;
    scene.answers[what] = refused;
    expect(await scene.begin()).toEqual(refused);
    expect(scene).toMatchObject({ gone: 1, ended: 1 });
  });

  test('is over where no answer comes', async () => {
    const scene = new Scene();
    delete scene.answers.publish;
    const begun = scene.resource.begin(sdp('theirs'));
    await vi.advanceTimersByTimeAsync(11_000);
    expect(await begun).toMatchObject({ code: 'server-fault' });
    expect(scene).toMatchObject({ gone: 1, ended: 1 });
  });

  test('is over where it ends before it is answered', async () => {
    const scene = new Scene();
    const begun = scene.resource.begin(sdp('theirs'));
    scene.hear({ type: 'ended', code: 'kicked', text: 'Out.' });
    await vi.advanceTimersByTimeAsync(200);
    expect(await begun).toMatchObject({ code: 'kicked' });
    expect(scene).toMatchObject({ gone: 1, ended: 1 });
  });

  test('is told where there are too many', async () => {
    const scene = new Scene({ isFull: true });
    expect(await scene.begin()).toMatchObject({ code: 'streams-too-many' });
    expect(scene.gone).toBe(1);
  });
});

describe('patience', () => {
  test('with who never sends anything has an end', async () => {
    const scene = new Scene();
    await scene.begin();
    await vi.advanceTimersByTimeAsync(PATIENCE.firstMs - 500);
    expect(scene.gone).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(scene).toMatchObject({ gone: 1, ended: 1 });
  });

  test('with who sends has none', async () => {
    const scene = new Scene();
    await scene.begin();
    scene.hear({ type: 'flowing' });
    await vi.advanceTimersByTimeAsync(10 * PATIENCE.firstMs);
    expect(scene.gone).toBe(0);
  });

  test('with who is lost has an end, however often that is said', async () => {
    const scene = new Scene();
    await scene.begin();
    scene.hear({ type: 'flowing' });
    for (let time = 0; time < 3; time++) {
      scene.hear({ type: 'lost' });
      await vi.advanceTimersByTimeAsync(PATIENCE.lostMs / 2.5);
    }
    expect(scene).toMatchObject({ gone: 1, ended: 1 });
  });

  test('begins anew with who comes back, or looks for another way', async () => {
    const scene = new Scene();
    await scene.begin();
    scene.hear({ type: 'flowing' });
    scene.hear({ type: 'lost' });
    scene.hear({ type: 'flowing' });
    await vi.advanceTimersByTimeAsync(2 * PATIENCE.lostMs);
    scene.hear({ type: 'lost' });
    expect(await scene.restart('other')).toHaveProperty('fragment');
    await vi.advanceTimersByTimeAsync(2 * PATIENCE.lostMs);
    expect(scene.gone).toBe(0);
    await vi.advanceTimersByTimeAsync(PATIENCE.firstMs);
    expect(scene.gone).toBe(1);
  });

  test('is the business of others where something is played', async () => {
    const scene = new Scene({ isPlayer: true });
    await scene.begin();
    await vi.advanceTimersByTimeAsync(10 * PATIENCE.firstMs);
    expect(scene.gone).toBe(0);
  });
});

describe('a restart', () => {
  test('is the same offer by another way, and gives another tag', async () => {
    const scene = new Scene({ isPlayer: true });
    await scene.begin();
    const { etag } = scene.resource;
    expect(scene.resource.isCurrent(FRAGMENT('theirs'))).toBe(true);
    expect(scene.resource.isCurrent(FRAGMENT('other'))).toBe(false);
    const restarted = await scene.restart('other');
    expect(restarted).toHaveProperty('fragment', expect.stringContaining('a=ice-ufrag:ours'));
    expect(scene.resource.etag).not.toBe(etag);
    expect(scene.resource.isCurrent(FRAGMENT('other'))).toBe(true);
    // Of what is played, not of what may be the newest by now.
    expect(scene.said.at(-1)).toMatchObject({ type: 'play', choice: { stream: 's7' } });
    expect(scene.said.at(-1)).toHaveProperty('sdp', expect.stringContaining('a=ice-ufrag:other'));
  });

  test('that is refused leaves things as they are', async () => {
    const scene = new Scene();
    await scene.begin();
    const { etag } = scene.resource;
    scene.answers.publish = { type: 'refused', code: 'too-fast', text: 'Wait.' };
    expect(await scene.restart('other')).toMatchObject({ code: 'too-fast' });
    expect(scene.resource.etag).toBe(etag);
    expect(scene.resource.isCurrent(FRAGMENT('theirs'))).toBe(true);
    expect(scene.gone).toBe(0);
  });

  test('is of what there was when it was asked for: of two at once one is late', async () => {
    const scene = new Scene();
    await scene.begin();
    const { etag } = scene.resource;
    const restarts = ['one', 'two'].map((ufrag) => scene.resource.restart(FRAGMENT(ufrag), etag));
    await vi.advanceTimersByTimeAsync(500);
    const [first, second] = await Promise.all(restarts);
    expect(first).toHaveProperty('fragment');
    expect(second).toBe('stale');
  });

  test('waits for the one before, and not many do', async () => {
    const scene = new Scene();
    await scene.begin();
    const restarts = Array.from({ length: 6 }, (_, index) => scene.resource.restart(FRAGMENT(`way${index}`), '*'));
    await vi.advanceTimersByTimeAsync(2_000);
    const results = await Promise.all(restarts);
    const done = results.map((result) => typeof result === 'object' && 'fragment' in result);
    expect(done).toEqual([true, true, true, true, false, false]);
    expect(scene.said.filter(({ type }) => type === 'publish')).toHaveLength(5);
    expect(scene.resource.isCurrent(FRAGMENT('way3'))).toBe(true);
  });
});

test('candidates are of the stream, and of the way that there is', async () => {
  const scene = new Scene({ isPlayer: true });
  await scene.begin();
  scene.resource.trickle({ candidates: [{ candidate: 'candidate:1', mid: '0' }, { candidate: 'candidate:2' }] });
  expect(scene.said.slice(2)).toEqual([
    {
      type: 'candidate',
      stream: 's7',
      candidate: { candidate: 'candidate:1', sdpMid: '0', usernameFragment: 'theirs' },
    },
    { type: 'candidate', stream: 's7', candidate: { candidate: 'candidate:2', usernameFragment: 'theirs' } },
  ]);
});
