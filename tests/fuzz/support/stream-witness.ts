import type { Member } from '../../../src/core/member.ts';
import { NOTHING_WANTED } from '../../../src/core/stream.ts';
import type { RoomView } from '../../../src/core/view.ts';
import { BAD_SDP, type Forward, kindsIn } from './fake-media.ts';
import type { Peer } from './peer.ts';
import type { Action, StreamAction, StreamRef } from './script.ts';
import type { BookedStream, StreamBook } from './stream-book.ts';

const STREAM_ACTIONS: { readonly [K in StreamAction['do']]: true } = {
  publish: true,
  unpublish: true,
  'restart-stream': true,
  'refuse-stream': true,
  trickle: true,
  want: true,
  'want-stream': true,
  'answer-stream': true,
};

export function isStreamAction(action: Action): action is StreamAction {
  return action.do in STREAM_ACTIONS;
}

interface Scene {
  readonly book: StreamBook;
  readonly room: RoomView;
  readonly peer: Peer;
  readonly member: Member;
  readonly action: StreamAction;
  /** What was sent to whom before the step. */
  readonly due: readonly Forward[];
  streamOf(ref: StreamRef): string;
}

/** Sees what somebody does about streams, and writes down what comes of it. */
export class StreamWitness {
  readonly #scene: Scene;
  readonly #id: string;
  readonly #existing: BookedStream | undefined;
  readonly #maySend: boolean;

  /** Before the step. */
  constructor(scene: Scene) {
    const { book, peer, action, streamOf, member } = scene;
    this.#scene = scene;
    this.#id = action.do === 'want' ? '' : streamOf(action.stream);
    this.#existing = book.get(this.#id);
    this.#maySend = member.permissions.has('present');
    const held = peer.stay?.streams;
    if (action.do === 'publish') held?.published(this.#id);
    else if (action.do === 'unpublish') held?.unpublished(this.#id);
    else if (action.do === 'answer-stream') held?.asked(this.#id);
    else if (action.do === 'refuse-stream' && !this.#isOwn) held?.refused(this.#id);
  }

  get #isOwn(): boolean {
    return this.#existing?.publisher === this.#scene.member.id;
  }

  /** After the step. */
  sawWhatCameOfIt(): void {
    const { book, member, action, due } = this.#scene;
    switch (action.do) {
      case 'publish':
        this.#sawPublished(action);
        return;
      case 'unpublish':
        if (this.#isOwn) book.end(this.#id);
        return;
      case 'want':
        book.want(member.id, action);
        return;
      case 'want-stream':
        book.except(this.#id, member.id, action.wanted);
        return;
      case 'answer-stream': {
        const isSent = due.some(({ stream, to }) => stream === this.#id && to === member.id);
        if (action.sdp === BAD_SDP && isSent) book.except(this.#id, member.id, NOTHING_WANTED);
        return;
      }
      case 'refuse-stream':
        if (!this.#isOwn) book.except(this.#id, member.id, NOTHING_WANTED);
        return;
      case 'restart-stream':
      case 'trickle':
        return;
      default:
        action satisfies never;
    }
  }

  #sawPublished({ replaces, sdp, label }: Extract<StreamAction, { do: 'publish' }>): void {
    const { book, peer, member, streamOf } = this.#scene;
    const mine = (kind: string): boolean =>
      peer.sightings.some((each) => each.kind === kind && 'id' in each && each.id === this.#id);
    const isAnswered = mine('stream-answered');
    const isTaken = this.#existing !== undefined && !this.#isOwn;
    const shouldBe = this.#maySend && !isTaken && sdp !== BAD_SDP;
    if (isAnswered !== shouldBe) {
      throw new Error(`${this.#id} is ${isAnswered ? '' : 'not '}answered, and should ${shouldBe ? '' : 'not '}be.`);
    }
    const former = replaces === undefined ? undefined : book.get(streamOf({ whose: 'own', nth: replaces }));
    const isReplaced = former?.publisher === member.id && !this.#existing;
    if (isReplaced && isAnswered) book.replace(former.id, this.#id);
    else if (isReplaced) book.end(former.id);
    if (!isAnswered) {
      if (this.#isOwn && this.#maySend) book.end(this.#id);
      return;
    }
    const kinds = kindsIn(sdp);
    book.put({ id: this.#id, publisher: member.id, label: this.#existing?.label ?? label, kinds, isLive: true });
  }
}
