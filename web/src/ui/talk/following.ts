/** What of a scrolling element counts here. Pixels. */
export interface Scroller {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

/** What of a conversation decides where to look. */
export interface Shown {
  /** Id of the first message that is loaded. */
  readonly first: number | undefined;
  /** Id of the last message; 0: none. */
  readonly last: number;
  /** How many messages of ours are on their way. */
  readonly sending: number;
  /** Whether there is anything at all. */
  readonly filled: boolean;
}

/** This close to the end counts as its end. Pixels. */
const END = 48;
/** Older messages are fetched this long before their place is reached. Pixels. */
const AHEAD = 600;

/** Where the reader of a conversation is: at its end, where new messages appear, or somewhere above. */
export class Following {
  #atEnd = true;
  #before: Pick<Shown, 'first' | 'sending'> & { readonly height: number; readonly started: boolean };
  #seen: number;

  constructor(shown: Pick<Shown, 'first' | 'sending' | 'last'>) {
    this.#before = { first: shown.first, sending: shown.sending, height: 0, started: false };
    this.#seen = shown.last;
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Id of the last message that came while the reader was at the end. */
  get seen(): number {
    return this.#seen;
  }

  /** After each change of what is shown. `divider` is how far down what is new begins. */
  changed(scroller: Scroller, shown: Shown, divider: number | undefined): void {
    const { first: formerFirst, sending, height, started } = this.#before;
    // Who writes wants to see it stand there.
    if (shown.sending > sending) this.#atEnd = true;
    if (divider !== undefined && !started) {
      scroller.scrollTop = Math.max(0, divider - scroller.clientHeight / 3);
      this.#atEnd = isAtEnd(scroller);
    } else if (this.#atEnd) this.stick(scroller);
    else if (shown.first !== undefined && formerFirst !== undefined && shown.first < formerFirst) {
      // Older ones came in above: what is read stays under the eye.
      scroller.scrollTop += scroller.scrollHeight - height;
    }
    this.#before = {
      first: shown.first,
      sending: shown.sending,
      height: scroller.scrollHeight,
      started: started || shown.filled,
    };
    if (this.#atEnd) this.#seen = shown.last;
  }

  /** The reader, or we, scrolled. */
  scrolled(scroller: Scroller, last: number): void {
    // On a phone another pane is shown: that is no scrolling.
    if (scroller.clientHeight === 0) return;
    this.#atEnd = isAtEnd(scroller);
    this.#before = { ...this.#before, height: scroller.scrollHeight };
    if (this.#atEnd) this.#seen = last;
  }

  /** Heights changed without a change of ours. */
  stick(scroller: Scroller): void {
    if (this.#atEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  jump(scroller: Scroller): void {
    this.#atEnd = true;
    this.stick(scroller);
  }

  /** Where there is too little to scroll, or the beginning of what is known is near, there must be more. */
  wantsOlder(scroller: Scroller): boolean {
    return scroller.scrollTop < AHEAD;
  }
}

function isAtEnd(scroller: Scroller): boolean {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < END;
}
