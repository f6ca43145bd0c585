import type {
  AdministratorProof,
  Authority,
  GroupPart,
  MeasuredRoom,
  PartChange,
  PartOrder,
  PartReading,
} from '../core/administration.ts';
import type { GroupAdministration } from '../dialects/desk.ts';
import type { Hub } from './hub.ts';

/** The groups' administration and the rooms' numbers, for the desk; see {@link GroupAdministration}. */
export class HubAdministration implements GroupAdministration {
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  admit(proof: AdministratorProof, part: GroupPart, address: string): Promise<Authority> {
    const { groups, ranges } = this.#hub.context;
    return groups.administrators.admit(proof, part, ranges.household(address));
  }

  read(part: GroupPart): Promise<PartReading> {
    return this.#groups.read(part);
  }

  write(order: PartOrder, body: unknown): Promise<PartChange> {
    return this.#groups.write(order, body);
  }

  remove(order: PartOrder): Promise<PartChange> {
    return this.#groups.remove(order);
  }

  makeToken(order: PartOrder, body: unknown): Promise<PartChange> {
    return this.#groups.makeToken(order, body);
  }

  setPassword(order: PartOrder, password: string): Promise<PartChange> {
    return this.#groups.setPassword(order, password);
  }

  measure(): Promise<readonly MeasuredRoom[]> {
    return this.#hub.measure();
  }

  get #groups() {
    return this.#hub.context.groups.administration;
  }
}
