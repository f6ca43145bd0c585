import type { WireMessage, WireTarget } from '../../../src/dialects/parlour/wire.ts';

/** Somebody who is reported. */
export interface Reported {
  readonly name: string;
  /** What they said, and where. */
  readonly message?: { readonly text: string; readonly at: number; readonly target: WireTarget };
}

/** What somebody who reports this message tells of it. */
export function reported(message: WireMessage): Reported {
  const target = message.channel === undefined ? { to: message.from } : { channel: message.channel };
  const text = message.text ?? message.image?.fileName ?? '';
  return { name: message.from, message: { text, at: message.at, target } };
}
