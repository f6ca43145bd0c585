import { Camera } from '../../core/camera.ts';
import type { Command, Request } from '../../core/command.ts';
import { isOperator } from '../../core/member.ts';
import type { Target } from '../../core/message.ts';
import { cleanName } from '../../core/name.ts';
import type { RelationKind } from '../../core/relation.ts';
import type { Decoded, InboundFrame, Viewer } from '../dialect.ts';
import { errorFrame, refusalFrame } from './frames.ts';
import { renderMarkdown } from './markup.ts';
import { parseSlash } from './slash.ts';
import type { BareState } from './state.ts';
import { ACTIONS, type BareFrame, NUDGE_MESSAGE_ID, parseFrame } from './wire.ts';

const NOTHING: Decoded = { requests: [] };
const ANONYMOUS = 'anonymous';
const NO_CHANNEL = 'n/a';
const PICTURE = /\.(jpe?g|gif|png)$/i;

/** `spec/barertc.md` 1.7. What does not parse, and binary frames, are dropped without a word. */
export function decode(state: BareState, inbound: InboundFrame, viewer: Viewer<BareState>): Decoded {
  if (inbound.kind !== 'text') return NOTHING;
  const parsed = parseFrame(inbound.text);
  if (!parsed) return NOTHING;
  if (parsed.kind === 'too-large') return { requests: [], replies: [refusalFrame({ code: 'image-too-large' })] };
  const { frame } = parsed;
  const name = frame.username ?? '';
  switch (frame.action) {
    case ACTIONS.login:
      return login(state, frame);
    case ACTIONS.ping:
      return NOTHING;
    case ACTIONS.message:
      return message(frame, viewer);
    case ACTIONS.file:
      return file(frame);
    case ACTIONS.me:
      return command(presence(frame));
    case ACTIONS.takeback:
      return command({ type: 'retract-message', messageId: frame.msgID ?? 0 });
    case ACTIONS.react:
      return command(reaction(frame));
    case ACTIONS.open:
      return command({ type: 'open-camera', name });
    case ACTIONS.watch:
    case ACTIONS.unwatch:
      return command({ type: 'watch-camera', name, on: frame.action === ACTIONS.watch });
    case ACTIONS.candidate:
      return command({ type: 'signal', name, kind: 'candidate', payload: frame.candidate ?? '' });
    case ACTIONS.sdp:
      return command({ type: 'signal', name, kind: 'description', payload: frame.description ?? '' });
    case ACTIONS.report:
      return command(report(frame));
    default:
      return relation(frame, viewer) ?? { requests: [], replies: [refusalFrame({ code: 'unsupported' })] };
  }
}

function command(...commands: readonly Command[]): Decoded {
  return { requests: commands.map((each): Request => ({ command: each })) };
}

/** Where nothing is left of a name when what is unsafe in it is gone, its bearer is anonymous, as without one. */
function login(state: BareState, frame: BareFrame): Decoded {
  return command({
    type: 'join',
    room: state.context.settings.defaultRoom,
    name: cleanName(frame.username ?? '') || ANONYMOUS,
    credentials: frame.jwt ? { jwt: frame.jwt } : {},
    ephemeral: true,
    presence: frame.dnd === undefined ? {} : { dnd: frame.dnd },
    relations: state.takeRelations(),
  });
}

/** Slash commands work in any channel and in none; only operators have them, for others they are words (3). */
function message(frame: BareFrame, viewer: Viewer): Decoded {
  const text = frame.message ?? '';
  if (viewer.member && isOperator(viewer.member)) {
    const slash = parseSlash(text);
    if (slash?.kind === 'command') return command(slash.command);
    if (slash)
      return {
        requests: [],
        replies: [errorFrame(slash.kind === 'help' ? { html: slash.html } : { text: slash.text })],
      };
  }
  const target = targetOf(frame);
  // A message without a channel breaks the page of whoever gets it (1.9.6).
  if (!target)
    return { requests: [], replies: [refusalFrame({ code: viewer.member ? 'channel-unknown' : 'not-joined' })] };
  if (viewer.member && renderMarkdown(text) === '') return NOTHING;
  return command({ type: 'post-message', target, body: { kind: 'text', text } });
}

/** The wire decides by the file's name which files are pictures; what they really are is found out later (1.9.11). */
function file(frame: BareFrame): Decoded {
  const target = targetOf(frame);
  const fileName = frame.message ?? '';
  if (!target) return { requests: [], replies: [refusalFrame({ code: 'channel-unknown' })] };
  if (!PICTURE.test(fileName) || !frame.bytes) {
    return { requests: [], replies: [refusalFrame({ code: 'image-invalid' })] };
  }
  return command({ type: 'post-image', target, bytes: frame.bytes, fileName });
}

function targetOf(frame: BareFrame): Target | undefined {
  const channel = frame.channel ?? '';
  if (channel === '' || channel === '@') return undefined;
  return channel.startsWith('@') ? { kind: 'member', name: channel.slice(1) } : { kind: 'channel', channel };
}

function report(frame: BareFrame): Command {
  const target = targetOf(frame);
  return {
    type: 'report',
    about: cleanName(frame.username ?? ''),
    // Clients say "n/a" where it is about no message (1.9.14).
    target: frame.channel === NO_CHANNEL ? undefined : target,
    timestamp: frame.timestamp ?? '',
    reason: frame.reason ?? '',
    text: frame.message ?? '',
    comment: frame.comment ?? '',
  };
}

/** Two generations of fields (1.11): `video`, or booleans. A missing status is as before. */
function presence(frame: BareFrame): Command {
  return {
    type: 'set-presence',
    camera: frame.video ?? cameraOfBooleans(frame),
    dnd: frame.dnd ?? false,
    ...(frame.status === undefined ? {} : { status: frame.status }),
  };
}

function cameraOfBooleans(frame: BareFrame): number {
  return (
    (frame.videoActive ? Camera.on : 0) |
    (frame.nsfw ? Camera.explicit : 0) |
    (frame.videoMutual ? Camera.mutualRequired : 0) |
    (frame.videoMutualOpen ? Camera.mutualOpen : 0)
  );
}

function reaction(frame: BareFrame): Command {
  const text = frame.message ?? '';
  if (frame.msgID === NUDGE_MESSAGE_ID) return { type: 'nudge', name: text };
  return { type: 'react', messageId: frame.msgID ?? 0, emoji: text, change: 'toggle' };
}

const RELATIONS: Readonly<Record<string, { readonly kind: RelationKind; readonly on: boolean }>> = {
  [ACTIONS.mute]: { kind: 'mute', on: true },
  [ACTIONS.unmute]: { kind: 'mute', on: false },
  [ACTIONS.boot]: { kind: 'boot', on: true },
  [ACTIONS.unboot]: { kind: 'boot', on: false },
  [ACTIONS.block]: { kind: 'block', on: true },
  [ACTIONS.videoInvite]: { kind: 'invite', on: true },
};

/** Said before the login, they are remembered for it: the latest clients say them first of all (1.6). */
function relation(frame: BareFrame, viewer: Viewer<BareState>): Decoded | undefined {
  const { state, member } = viewer;
  const names = frame.usernames ?? (frame.username ? [frame.username] : []);
  if (frame.action === ACTIONS.blocklist) {
    if (names.length === 0) return NOTHING;
    if (member) return command({ type: 'block-all', names });
    state.remember('mute', names, { on: true });
    state.remember('block', names, { on: true });
    return NOTHING;
  }
  const change = Object.hasOwn(RELATIONS, frame.action) ? RELATIONS[frame.action] : undefined;
  if (!change) return undefined;
  if (names.length === 0) return NOTHING;
  if (member) return command({ type: 'relate', kind: change.kind, names, on: change.on });
  state.remember(change.kind, names, change);
  return NOTHING;
}
