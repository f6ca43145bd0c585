import type { Refusal } from '../core/errors.ts';
import type { Attachment } from '../core/message.ts';
import type { Hub } from './hub.ts';
import { storeImage } from './posting.ts';

/** Images that arrive beside a wire, by the secret of a session, at the rate of those that arrive on one. */
export class Uploads {
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** `status` is the HTTP one. */
  async take(request: {
    readonly session: string;
    readonly bytes: Uint8Array;
  }): Promise<{ readonly attachment: Attachment } | { readonly refusal: Refusal; readonly status: number }> {
    const asker = this.#hub.askerBySecret(request.session);
    if (!asker) return { refusal: { code: 'not-joined' }, status: 401 };
    if (asker.member.rules.has('no-image')) return { refusal: { code: 'rule-no-image' }, status: 403 };
    if (!this.#hub.context.mayPostImage(asker.session)) {
      return { refusal: { code: 'too-fast' }, status: 429 };
    }
    const stored = await storeImage(this.#hub.context, request.bytes);
    if ('code' in stored) return { refusal: stored, status: stored.code === 'image-too-large' ? 413 : 422 };
    return { attachment: stored.attachment };
  }
}
