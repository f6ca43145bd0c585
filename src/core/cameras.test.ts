import { describe, expect, test } from 'vitest';
import { Camera } from './camera.ts';
import { TestRoom } from './testing.ts';

function stage(flags: number = Camera.on): TestRoom {
  const room = new TestRoom();
  room.enterAll('Alice', 'Bob', 'Carol');
  room.enter('Vera', { role: 'vip' });
  room.enter('Olga', { role: 'op' });
  room.camera('Alice', flags);
  return room;
}

const open = (room: TestRoom, viewer: string, name = 'Alice') => room.do(viewer, { type: 'open-camera', name });
const watch = (room: TestRoom, viewer: string, on = true) =>
  room.do(viewer, { type: 'watch-camera', name: 'Alice', on });
const signal = (room: TestRoom, sender: string, name: string, payload = '{"sdp":1}') =>
  room.do(sender, { type: 'signal', name, kind: 'description', payload });

describe('presence', () => {
  test('is told to all, and kept', () => {
    const room = stage();
    const heard = room.do('Bob', { type: 'set-presence', status: 'away', camera: Camera.on, dnd: true });
    expect(heard.who('member-changed')).toEqual(['Alice', 'Bob', 'Carol', 'Olga', 'Vera']);
    expect(heard.who('roster-changed')).toHaveLength(5);
    expect(room.member('Bob')).toMatchObject({ status: 'away', camera: Camera.on, dnd: true });
  });

  test('what is not said stays as it was; a blank status is online', () => {
    const room = stage();
    room.do('Bob', { type: 'set-presence', status: 'brb', dnd: true });
    room.camera('Bob', Camera.on);
    expect(room.member('Bob')).toMatchObject({ status: 'brb', camera: Camera.on, dnd: true });
    room.do('Bob', { type: 'set-presence', status: '' });
    expect(room.member('Bob')).toMatchObject({ status: 'online', statusSaid: 'online' });
  });

  test('of the camera alone is not told to those who always see it as off; the rest of it is', () => {
    const room = stage(0);
    room.relate('Alice', 'boot', 'Bob');
    room.relate('Alice', 'mute', 'Carol');
    room.relate('Alice', 'mute', 'Olga');
    expect(room.camera('Alice', Camera.on).who('member-changed')).toEqual(['Alice', 'Olga', 'Vera']);
    const heard = room.do('Alice', { type: 'set-presence', status: 'away', camera: Camera.on });
    expect(heard.who('member-changed')).toContain('Bob');
  });

  test('is not told over a block', () => {
    const room = stage();
    room.relate('Bob', 'block', 'Alice');
    expect(room.do('Alice', { type: 'set-presence', status: 'away' }).who('member-changed')).not.toContain('Bob');
  });

  test('hidden: an operator seems to leave, and to come; what they do meanwhile is not told', () => {
    const room = stage();
    const others = ['Alice', 'Bob', 'Carol', 'Vera'];
    const going = room.do('Olga', { type: 'set-presence', status: 'hidden' });
    expect(going.who('member-left')).toEqual(others);
    expect(going.event('member-left').how).toBe('left');
    expect(going.who('self-changed')).toEqual(['Olga']);
    expect(room.do('Olga', { type: 'set-presence', status: 'hidden', dnd: true }).who('member-changed')).toEqual([]);
    const coming = room.do('Olga', { type: 'set-presence', status: 'online' });
    expect(coming.who('member-joined')).toEqual(others);
  });

  test('hidden: everybody else is away', () => {
    const room = stage();
    const heard = room.do('Bob', { type: 'set-presence', status: 'hidden' });
    expect(heard.who('member-left')).toEqual([]);
    expect(room.member('Bob')).toMatchObject({ status: 'away', statusSaid: 'hidden', hidden: false });
  });

  test.each([
    ['no-video', 'rule-no-video'],
    ['no-broadcast', 'rule-no-broadcast'],
  ] as const)('a camera against the rule %s is cut, and the rest of it kept', (rule, code) => {
    const room = stage();
    room.enter('Norm', { rules: [rule] });
    const heard = room.do('Norm', { type: 'set-presence', camera: Camera.on, status: 'away' });
    expect(heard.refusal).toBe(code);
    expect(heard.by('Norm').map(({ type }) => type)).toEqual(['camera-cut', 'member-changed']);
    expect(room.member('Norm')).toMatchObject({ camera: 0, status: 'away' });
    expect(room.camera('Norm', 0).refusal).toBeUndefined();
  });

  test('a camera without the permission to present is cut', () => {
    const room = stage();
    room.enter('Norm', { permissions: ['message'] });
    expect(room.camera('Norm', Camera.on).refusal).toBe('rule-no-broadcast');
  });

  test('a camera that is explicit by rule is marked, and its owner told in the end', () => {
    const room = stage();
    room.enter('Norm', { rules: ['camera-explicit'] });
    const heard = room.camera('Norm', Camera.on);
    expect(heard.by('Norm').map(({ type }) => type)).toEqual(['camera-marked', 'member-changed', 'self-changed']);
    expect(room.member('Norm').camera).toBe(Camera.on | Camera.explicit);
    expect(room.camera('Norm', Camera.on | Camera.explicit).who('camera-marked')).toEqual([]);
  });
});

describe('opening a camera', () => {
  test('rings its owner, then answers the viewer, with one secret', () => {
    const room = stage();
    const heard = open(room, 'Bob');
    expect(heard.outcome.deliveries.map(({ event }) => event.type)).toEqual(['camera-rung', 'camera-opened']);
    expect(heard.who('camera-rung')).toEqual(['Alice']);
    expect(heard.who('camera-opened')).toEqual(['Bob']);
    expect(heard.event('camera-rung').secret).toBe(heard.event('camera-opened').secret);
    expect(heard.event('camera-opened').despite).toBeUndefined();
  });

  test.each([
    ['a camera that is off', 0, 'Bob', 'camera-off'],
    ['one that asks for another, of who has none', Camera.on | Camera.mutualRequired, 'Bob', 'camera-mutual-required'],
    ['one for VIPs, of who is none', Camera.on | Camera.vipOnly, 'Bob', 'camera-vip-only'],
    ['one for VIPs, of a VIP', Camera.on | Camera.vipOnly, 'Vera', undefined],
    ['one for VIPs, of an operator', Camera.on | Camera.vipOnly, 'Olga', undefined],
    ['the own one', Camera.on, 'Alice', 'not-yourself'],
  ])('%s: %#', (_, flags, viewer, code) => {
    const room = stage(flags);
    const heard = open(room, viewer);
    expect(heard.refusal).toBe(code);
    if (code) expect(heard.outcome.deliveries).toEqual([]);
  });

  test('that asks for another is opened by those who have one on, or were invited', () => {
    const room = stage(Camera.on | Camera.mutualRequired | Camera.vipOnly);
    room.relate('Alice', 'invite', 'Bob');
    expect(open(room, 'Bob').refusal).toBeUndefined();
    room.camera('Vera', Camera.on);
    expect(open(room, 'Vera').refusal).toBeUndefined();
  });

  test('is refused to who may watch none before anything is said of the camera', () => {
    const room = stage(0);
    room.enter('Norm', { rules: ['no-video'] });
    for (const name of ['Alice', 'Nobody', 'Norm']) expect(open(room, 'Norm', name).refusal).toBe('rule-no-video');
  });

  test.each(['mute', 'boot'] as const)(
    'under a %s is refused in the words for a camera that is off, whatever the camera asks for',
    (kind) => {
      for (const flags of [Camera.on, Camera.on | Camera.mutualRequired, Camera.on | Camera.vipOnly]) {
        const room = stage(flags);
        room.relate('Alice', kind, 'Bob');
        const lie = open(room, 'Bob').outcome;
        room.camera('Alice', 0);
        expect(lie).toEqual(open(room, 'Bob').outcome);
        expect(lie.reply).toEqual({ refused: { code: 'camera-off', subject: 'Alice' } });
      }
    },
  );

  describe('W15: of who wants no explicit ones', () => {
    const { on, explicit, nonExplicit } = Camera;

    test.each([
      ['an explicit camera is refused to who wants none', on | explicit, on | nonExplicit, 'camera-non-explicit'],
      ['one that wants none is refused to an explicit camera', on | nonExplicit, on | explicit, 'camera-non-explicit'],
      ['the wish counts with the own camera off, as far as it is said', on | explicit, nonExplicit, undefined],
      ['an explicit camera that is open to all', on | explicit, on, undefined],
      ['two that want none', on | nonExplicit, on | nonExplicit, undefined],
      ['two that are explicit', on | explicit, on | explicit, undefined],
    ])('%s', (_what, theirs, own, refusal) => {
      const room = stage(theirs);
      room.camera('Bob', own);
      const heard = open(room, 'Bob');
      expect(heard.refusal).toBe(refusal);
      expect(heard.who('camera-rung')).toEqual(refusal ? [] : ['Alice']);
    });

    test('operators watch them all the same', () => {
      const room = stage(on | explicit);
      room.camera('Olga', on | nonExplicit);
      expect(open(room, 'Olga').refusal).toBeUndefined();
    });

    test('an invitation does not undo it', () => {
      const room = stage(on | explicit);
      room.camera('Bob', on | nonExplicit);
      room.relate('Alice', 'invite', 'Bob');
      expect(open(room, 'Bob').refusal).toBe('camera-non-explicit');
    });

    test('a boot is not told from a camera that is off', () => {
      const room = stage(on | explicit);
      room.camera('Bob', on | nonExplicit);
      room.relate('Alice', 'boot', 'Bob');
      expect(open(room, 'Bob').refusal).toBe('camera-off');
    });
  });

  test('an invitation does not undo a boot', () => {
    const room = stage();
    room.relate('Alice', 'boot', 'Bob');
    room.relate('Alice', 'invite', 'Bob');
    expect(open(room, 'Bob').refusal).toBe('camera-off');
  });

  test.each(['mute', 'boot'] as const)('under a %s is open to operators, who are told', (kind) => {
    const room = stage();
    room.relate('Alice', kind, 'Olga');
    expect(open(room, 'Olga').event('camera-opened').despite).toBe(kind);
  });

  test('of who blocked the viewer, whom the viewer blocked, or who hides, is that of nobody', () => {
    const room = stage();
    const nobody = open(room, 'Bob', 'aLICE 9').outcome;
    const alike = (name: string) =>
      JSON.stringify(open(room, 'Bob', name).outcome).replace(name, 'aLICE 9') === JSON.stringify(nobody);
    room.relate('Bob', 'block', 'Alice');
    room.relate('Carol', 'block', 'Bob');
    room.do('Olga', { type: 'set-presence', status: 'hidden', camera: Camera.on });
    expect(['aLICE', 'cAROL', 'oLGA'].map(alike)).toEqual([true, true, true]);
  });
});

describe('watching', () => {
  test('is told to the owner of the camera, and its end, too', () => {
    const room = stage();
    open(room, 'Bob');
    expect(watch(room, 'Bob').event('camera-watched')).toMatchObject({ viewer: 'Bob', on: true });
    expect(watch(room, 'Bob', false).who('camera-watched')).toEqual(['Alice']);
  });

  test('is silent where it concerns nobody, or who is shut out', () => {
    const room = stage();
    room.relate('Alice', 'boot', 'Bob');
    room.relate('Alice', 'block', 'Carol');
    for (const viewer of ['Bob', 'Carol', 'Alice']) {
      expect(watch(room, viewer).outcome).toMatchObject({ deliveries: [], reply: { accepted: { kind: 'done' } } });
    }
    room.depart('Alice');
    expect(watch(room, 'Vera', false).outcome.deliveries).toEqual([]);
  });
});

describe('a signal', () => {
  test('is passed on to the letter', () => {
    const room = stage();
    const payload = '{"type":"offer",  "sdp":"v=0\\r\\n é"}';
    const heard = signal(room, 'Bob', 'aLICE', payload);
    expect(heard.who('signalled')).toEqual(['Alice']);
    expect(heard.event('signalled')).toMatchObject({ from: 'Bob', kind: 'description', payload });
  });

  test('is lost without a word to nobody, to oneself, over a block, or where it is too long', () => {
    const room = stage();
    room.relate('Alice', 'block', 'Carol');
    const lost = [
      signal(room, 'Bob', 'Nobody'),
      signal(room, 'Bob', 'Bob'),
      signal(room, 'Carol', 'Alice'),
      signal(room, 'Alice', 'Carol'),
      signal(room, 'Bob', 'Alice', 'x'.repeat(128_001)),
    ];
    for (const { outcome } of lost) {
      expect(outcome).toMatchObject({ deliveries: [], reply: { accepted: { kind: 'done' } } });
    }
  });

  test('of who is shut out is lost, but as an answer to the one who opened their camera', () => {
    const room = stage();
    room.camera('Bob', Camera.on);
    room.relate('Alice', 'boot', 'Bob');
    expect(signal(room, 'Bob', 'Alice').who('signalled')).toEqual([]);
    expect(open(room, 'Alice', 'Bob').refusal).toBeUndefined();
    expect(signal(room, 'Bob', 'Alice').who('signalled')).toEqual(['Alice']);
    room.do('Alice', { type: 'watch-camera', name: 'Bob', on: false });
    expect(signal(room, 'Bob', 'Alice').who('signalled')).toEqual([]);
  });

  test('of an operator is passed on in spite of a boot', () => {
    const room = stage();
    room.relate('Alice', 'boot', 'Olga');
    expect(signal(room, 'Olga', 'Alice').who('signalled')).toEqual(['Alice']);
  });

  test('does not outlive the one who opened: a namesake has opened nothing', () => {
    const room = stage();
    room.camera('Bob', Camera.on);
    open(room, 'Alice', 'Bob');
    room.depart('Alice');
    expect(room.view).toMatchObject({ opened: { size: 0 } });
    room.enter('Alice');
    room.relate('Alice', 'boot', 'Bob');
    expect(signal(room, 'Bob', 'Alice').who('signalled')).toEqual([]);
  });
});
