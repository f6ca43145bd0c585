import { describe, expect, test } from 'vitest';
import { Following, type Scroller, type Shown } from './following.ts';

/** As browsers do it: one cannot scroll past the end. */
class Page implements Scroller {
  readonly clientHeight: number;
  scrollHeight: number;
  #top = 0;

  constructor({ height = 500, content = 2000 } = {}) {
    this.clientHeight = height;
    this.scrollHeight = content;
  }

  get scrollTop(): number {
    return this.#top;
  }

  set scrollTop(top: number) {
    this.#top = Math.max(0, Math.min(top, this.scrollHeight - this.clientHeight));
  }

  get toEnd(): number {
    return this.scrollHeight - this.clientHeight - this.#top;
  }
}

const SHOWN: Shown = { first: 100, last: 150, sending: 0, filled: true };

function open({ page = new Page(), shown = SHOWN, divider }: { page?: Page; shown?: Shown; divider?: number } = {}) {
  const following = new Following(shown);
  following.changed(page, shown, divider);
  return { following, page };
}

function scrollTo(following: Following, page: Page, top: number, last = SHOWN.last): void {
  page.scrollTop = top;
  following.scrolled(page, last);
}

describe('at the end', () => {
  test('it begins there, and new messages keep it there', () => {
    const { following, page } = open();
    expect(page.toEnd).toBe(0);
    page.scrollHeight += 60;
    following.changed(page, { ...SHOWN, last: 151 }, undefined);
    expect(page.toEnd).toBe(0);
    expect(following.atEnd).toBe(true);
    expect(following.seen).toBe(151);
  });

  test('a picture that loads keeps it there', () => {
    const { following, page } = open();
    page.scrollHeight += 300;
    following.stick(page);
    expect(page.toEnd).toBe(0);
  });

  test('nearly there is there', () => {
    const { following, page } = open();
    scrollTo(following, page, 1500 - 47);
    expect(following.atEnd).toBe(true);
    scrollTo(following, page, 1500 - 48);
    expect(following.atEnd).toBe(false);
  });
});

describe('above the end', () => {
  test('new messages move nothing, and count as not seen', () => {
    const { following, page } = open();
    scrollTo(following, page, 700);
    page.scrollHeight += 60;
    following.changed(page, { ...SHOWN, last: 151 }, undefined);
    following.stick(page);
    expect(page.scrollTop).toBe(700);
    expect(following.seen).toBe(150);
    scrollTo(following, page, 9_999, 151);
    expect(following.seen).toBe(151);
  });

  test('older messages come in above without moving what is read', () => {
    const { following, page } = open();
    scrollTo(following, page, 300);
    page.scrollHeight += 1000;
    following.changed(page, { ...SHOWN, first: 50 }, undefined);
    expect(page.scrollTop).toBe(1300);
    page.scrollHeight += 400;
    following.changed(page, { ...SHOWN, first: 1 }, undefined);
    expect(page.scrollTop).toBe(1700);
  });

  test('who writes is taken to the end', () => {
    const { following, page } = open();
    scrollTo(following, page, 300);
    following.changed(page, { ...SHOWN, sending: 1 }, undefined);
    expect(page.toEnd).toBe(0);
    scrollTo(following, page, 300);
    following.changed(page, { ...SHOWN, sending: 0, last: 151 }, undefined);
    expect(page.scrollTop, 'an answer to what was sent is no reason to jump').toBe(300);
  });

  test('jumping goes to the end and stays', () => {
    const { following, page } = open();
    scrollTo(following, page, 300);
    following.jump(page);
    expect(page.toEnd).toBe(0);
    page.scrollHeight += 60;
    following.stick(page);
    expect(page.toEnd).toBe(0);
  });
});

describe('what is new', () => {
  test('begins a third down the page, when the conversation is opened and only then', () => {
    const { following, page } = open({ divider: 800 });
    expect(page.scrollTop).toBeCloseTo(800 - 500 / 3);
    expect(following.atEnd).toBe(false);
    scrollTo(following, page, 1200);
    following.changed(page, { ...SHOWN, last: 151 }, 800);
    expect(page.scrollTop).toBe(1200);
  });

  test('near the end leaves the reader at the end', () => {
    const { following, page } = open({ divider: 1950 });
    expect(page.toEnd).toBe(0);
    expect(following.atEnd).toBe(true);
  });

  test('is waited for while nothing is loaded', () => {
    const empty: Shown = { first: undefined, last: 0, sending: 0, filled: false };
    const { following, page } = open({ shown: empty, page: new Page({ content: 500 }) });
    page.scrollHeight = 2000;
    following.changed(page, SHOWN, 300);
    expect(page.scrollTop).toBeCloseTo(300 - 500 / 3);
  });
});

test('a pane that is hidden is not scrolled', () => {
  const { following } = open();
  following.scrolled(new Page({ height: 0 }), 151);
  expect(following.atEnd).toBe(true);
  expect(following.seen).toBe(150);
});

test('older messages are wanted near the beginning, and where there is too little to scroll', () => {
  const { following, page } = open();
  expect(following.wantsOlder(page)).toBe(false);
  scrollTo(following, page, 599);
  expect(following.wantsOlder(page)).toBe(true);
  expect(following.wantsOlder(new Page({ content: 500 }))).toBe(true);
});
