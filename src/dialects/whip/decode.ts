import type { Command, JoinCommand } from '../../core/command.ts';
import { WireError } from '../../core/errors.ts';
import { EVERYTHING_WANTED } from '../../core/stream.ts';
import type { Decoded, InboundFrame } from '../dialect.ts';
import { type EndpointFrame, parseFrame } from './wire.ts';

/** Our own endpoints speak here, so that what cannot be read ends the session. */
export function decode(_state: object, inbound: InboundFrame): Decoded {
  if (inbound.kind !== 'text') throw new WireError('that is no frame of ours', { severity: 'close' });
  const frame = parseFrame(inbound.text);
  return { requests: [{ command: commandOf(frame), ref: frame.type }] };
}

function commandOf(frame: EndpointFrame): Command {
  switch (frame.type) {
    case 'join':
      return join(frame);
    case 'publish':
      // `spec/galene.md` 2.16: what comes by WHIP has no label.
      return { type: 'publish', stream: frame.stream, label: '', sdp: frame.sdp };
    case 'play':
      return { type: 'play-stream', choice: frame.choice, sdp: frame.sdp, wanted: EVERYTHING_WANTED };
    case 'candidate':
      return { type: 'trickle', stream: frame.stream, candidate: frame.candidate };
    default:
      return frame satisfies never;
  }
}

function join({ id, room, name, token, choice }: Extract<EndpointFrame, { type: 'join' }>): JoinCommand {
  return {
    type: 'join',
    room,
    name,
    credentials: token === undefined ? { anyPassword: '' } : { roomToken: token },
    ephemeral: true,
    presence: {},
    relations: {},
    abilities: { video: 'none', direct: false },
    handle: id,
    purpose: choice ? { kind: 'play', choice } : { kind: 'publish' },
  };
}
