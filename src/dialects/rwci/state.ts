import type { SessionContext } from '../dialect.ts';

/**
 * What a client was told of people and channels. Its library goes deaf at a `quit` or `channel_delete` for what it does
 * not know (`spec/rwci.md` 1.8), so none is sent.
 */
export class RwciState {
  readonly context: SessionContext;
  readonly users = new Set<string>();
  readonly channels = new Set<string>();
  /** The channel that its client was sent to last. */
  defaultChannel = '';
  /** How its client wrote the name of its login, where it composes letters otherwise than names here do. */
  spelling: { readonly name: string; readonly written: string } | undefined;

  constructor(context: SessionContext) {
    this.context = context;
  }

  begin(users: readonly string[], channels: readonly string[]): void {
    this.users.clear();
    this.channels.clear();
    for (const user of users) this.users.add(user);
    for (const channel of channels) this.channels.add(channel);
    this.defaultChannel = channels[0] ?? '';
  }
}
