import { getRandomValues } from 'node:crypto';
import type { Candidate } from '../../core/stream.ts';
import { Pipe } from '../sfu/pipe.ts';
import { newHeader, type RtpHeader, readHeader } from '../sfu/rtp/header.ts';
import { packetKind } from '../sfu/rtp/packet-kind.ts';
import { parseRtcp } from '../sfu/rtp/parse-rtcp.ts';
import type { RtcpPacket } from '../sfu/rtp/rtcp.ts';
import type { Description, TransportParameters } from '../sfu/sdp/description.ts';

/** What arrived, as the peer keeps it. */
export interface ReceivedPacket {
  readonly header: Readonly<RtpHeader>;
  readonly payload: Buffer;
  readonly at: number;
}

export interface PeerOptions {
  readonly onPacket?: (packet: ReceivedPacket) => void;
}

/** The transport of a peer that follows a script: everything it got is there to be looked at. */
export class ScriptedPeer {
  readonly packets: ReceivedPacket[] = [];
  readonly rtcp: (RtcpPacket & { readonly at: number })[] = [];
  readonly candidates: string[] = [];
  readonly pipe: Pipe;
  readonly #options: PeerOptions;

  /** With the other end's description it answers, without it offers. */
  constructor(options: PeerOptions = {}, remote?: TransportParameters) {
    this.#options = options;
    const pipeOptions = {
      network: { announced: [], relayOnly: false, bindAddress: '127.0.0.1' },
      iceServers: [],
      onPacket: (packet: Buffer) => this.#take(packet),
      onOpen: () => {},
      onLost: () => {},
      onCandidate: (candidate: string) => this.candidates.push(candidate),
    };
    this.pipe = remote ? Pipe.answering(remote, pipeOptions) : Pipe.offering(pipeOptions);
  }

  accept(description: Description): void {
    const section = description.sections.find(({ transport }) => transport !== undefined);
    if (!section?.transport) throw new Error('the description has no transport');
    if (this.pipe.remoteUfrag === undefined) this.pipe.accept(section.transport);
    for (const candidate of section.candidates) this.candidate({ candidate });
  }

  candidate(candidate: Candidate): void {
    this.pipe.addCandidate(candidate);
  }

  send(packet: Buffer): boolean {
    return this.pipe.send(packet);
  }

  of<Kind extends RtcpPacket['kind']>(kind: Kind): (Extract<RtcpPacket, { kind: Kind }> & { readonly at: number })[] {
    return this.rtcp.filter((packet) => packet.kind === kind) as never;
  }

  close(): void {
    this.pipe.close();
  }

  #take(packet: Buffer): void {
    const at = performance.now();
    if (packetKind(packet) === 'rtcp') {
      for (const part of parseRtcp(packet)) this.rtcp.push({ ...part, at });
      return;
    }
    const header = newHeader();
    if (!readHeader(packet, header)) return;
    const received = { header, payload: packet.subarray(header.payloadStart, header.payloadEnd), at };
    this.packets.push(received);
    this.#options.onPacket?.(received);
  }
}

export function randomSsrc(): number {
  return getRandomValues(new Uint32Array(1))[0] ?? 1;
}
