import { Passwords } from '../auth/passwords.ts';
import type { RoomName } from '../core/ids.ts';
import { cleanLine } from '../core/name.ts';
import type { RoomCard, Rooms } from '../dialects/desk.ts';
import type { Hub } from './hub.ts';
import { TokenBuckets } from './token-bucket.ts';

const MAX_TITLE_LENGTH = 64;
const MAX_GUEST_LIMIT = 10_000;

/** Rooms as somebody outside of them sees and makes them; see {@link Rooms}. */
export class HubRooms implements Rooms {
  readonly #hub: Hub;
  #orders: TokenBuckets;
  #rate: { readonly burst: number; readonly perSecond: number };

  constructor(hub: Hub) {
    this.#hub = hub;
    this.#rate = hub.context.settings.madeRooms.perAddress;
    this.#orders = new TokenBuckets(this.#rate);
  }

  list(): Promise<readonly RoomCard[]> {
    return this.#hub.catalogue.cards();
  }

  find(name: RoomName): Promise<RoomCard | undefined> {
    return this.#hub.catalogue.card(name);
  }

  async create(order: Parameters<Rooms['create']>[0], address: string): ReturnType<Rooms['create']> {
    const { password, guestLimit, isPublic } = order;
    const title = cleanLine(order.title, MAX_TITLE_LENGTH);
    if (title === '' || title !== order.title.normalize('NFC').replace(/\s+/g, ' ').trim()) {
      return { refused: { code: 'name-invalid' } };
    }
    if (password !== '' && !Passwords.fits(password)) return { refused: { code: 'password-unfit' } };
    if (!this.#mayMake(address)) return { refused: { code: 'too-fast' } };
    const { passwords, ranges } = this.#hub.context;
    const household = ranges.household(address);
    const passwordHash = password === '' ? undefined : await passwords.hash(password, household);
    if (password !== '' && passwordHash === undefined) return { refused: { code: 'too-fast' } };
    const limit = Math.max(0, Math.min(Math.trunc(guestLimit) || 0, MAX_GUEST_LIMIT));
    const made = await this.#hub.catalogue.create({
      title,
      guestLimit: limit,
      isPublic,
      ...(passwordHash === undefined ? {} : { passwordHash }),
    });
    return 'name' in made ? made : { refused: made };
  }

  async checkPassword(name: RoomName, password: string, address: string): ReturnType<Rooms['checkPassword']> {
    const kept = (await this.#hub.catalogue.find(name.toLowerCase()))?.passwordHash;
    if (kept === undefined) return 'right';
    const { passwords, ranges } = this.#hub.context;
    return password === '' ? 'wrong' : passwords.check(password, kept, ranges.household(address));
  }

  #mayMake(address: string): boolean {
    const { perAddress } = this.#hub.context.settings.madeRooms;
    if (perAddress !== this.#rate) {
      this.#rate = perAddress;
      this.#orders = new TokenBuckets(perAddress);
    }
    return this.#orders.take(this.#hub.context.ranges.household(address), this.#hub.now());
  }
}
