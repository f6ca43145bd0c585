import { getRandomValues } from 'node:crypto';
import type { MemberId } from '../../src/core/ids.ts';
import type { StreamId } from '../../src/core/stream.ts';
import type { FromWorker, RoomCommand, RoomEvent, ToWorker } from '../../src/media/sfu/messages.ts';
import { Pipe, type PipeOptions } from '../../src/media/sfu/pipe.ts';
import { parseDescription } from '../../src/media/sfu/sdp/parse.ts';
import { planPublisher } from '../../src/media/sfu/sdp/publisher-plan.ts';
import { writeAnswer } from '../../src/media/sfu/sdp/write-answer.ts';
import { type OfferedSection, writeOffer } from '../../src/media/sfu/sdp/write-offer.ts';

/**
 * The floor: the same pipes, and nothing done to a packet but another SSRC and payload type. It speaks to its parent
 * as the real one does, as far as the benchmark needs.
 */
interface BareStream {
  readonly pipe: Pipe;
  readonly receivers: Map<MemberId, { readonly pipe: Pipe; readonly ssrc: number }>;
}

const VP8 = { payloadType: 96, map: 'VP8/90000' };
const session = { id: '1', version: 1 };
const streams = new Map<StreamId, BareStream>();

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToWorker) => {
  if (message.type === 'command') carryOut(message.command);
});

function carryOut(command: RoomCommand): void {
  const stream = streams.get(command.stream);
  if (command.type === 'publish') publish(command.stream, command.offer.sdp);
  else if (command.type === 'forward' && stream) forward(command.stream, command.to, stream);
  else if (command.type === 'publisher-candidate') stream?.pipe.addCandidate(command.candidate);
  else if (command.type === 'receiver-candidate')
    stream?.receivers.get(command.to)?.pipe.addCandidate(command.candidate);
  else if (command.type === 'answer') accept(stream?.receivers.get(command.to)?.pipe, command);
}

function publish(stream: StreamId, sdp: string): void {
  const plan = planPublisher(parseDescription(sdp), { codecs: ['vp8'] });
  const receivers: BareStream['receivers'] = new Map();
  const pipe = Pipe.answering(plan.transport, options({ onPacket: (packet) => pass(packet, receivers) }));
  streams.set(stream, { pipe, receivers });
  const answer = writeAnswer(plan.sections, { transport: pipe.local, candidates: pipe.candidates, session });
  tell({ type: 'answered', stream, sdp: answer, tracks: [] });
}

function pass(packet: Buffer, receivers: BareStream['receivers']): void {
  if ((packet[1] ?? 0) >= 192 && (packet[1] ?? 0) < 224) return;
  packet[1] = ((packet[1] ?? 0) & 0x80) | VP8.payloadType;
  for (const { pipe, ssrc } of receivers.values()) {
    packet.writeUInt32BE(ssrc, 8);
    pipe.send(packet);
  }
}

function forward(stream: StreamId, to: MemberId, { receivers }: BareStream): void {
  const pipe = Pipe.offering(options({ onPacket: () => {} }));
  const ssrc = getRandomValues(new Uint32Array(1))[0] ?? 1;
  receivers.set(to, { pipe, ssrc });
  const section: OfferedSection = {
    mid: '0',
    kind: 'video',
    codec: VP8,
    extensions: {},
    state: 'sending',
    ssrc,
    msid: { stream, track: 'v' },
  };
  const ends = { transport: { ...pipe.local, setup: 'actpass' as const }, candidates: [], session };
  tell({ type: 'offered', stream, to, offer: { sdp: writeOffer([section], { ends, cname: 'c' }), tracks: [] } });
}

function accept(pipe: Pipe | undefined, { sdp, stream, to }: RoomCommand & { readonly type: 'answer' }): void {
  const transport = parseDescription(sdp).sections[0]?.transport;
  if (!transport || !pipe) return;
  pipe.accept(transport);
  for (const candidate of pipe.candidates) tell({ type: 'receiver-candidate', stream, to, candidate: { candidate } });
}

function options(parts: Pick<PipeOptions, 'onPacket'>): PipeOptions {
  const network = { announced: [], relayOnly: false, bindAddress: '127.0.0.1' };
  return { network, iceServers: [], onOpen: () => {}, onLost: () => {}, onCandidate: () => {}, ...parts };
}

function tell(event: RoomEvent): void {
  process.send?.({ type: 'event', room: 1, event } satisfies FromWorker);
}
