import type { Candidate } from '../../core/stream.ts';
import type { Codec, Description } from '../sfu/sdp/description.ts';
import { parseDescription } from '../sfu/sdp/parse.ts';
import type { LossyPath } from './lossy-path.ts';
import { type PeerOptions, type ReceivedPacket, ScriptedPeer } from './scripted-peer.ts';

/** The mark that a scripted source put into its payload. */
export function markOf({ payload }: ReceivedPacket): number {
  return payload.at(-1) ?? 0;
}

export interface ReceiverScript extends PeerOptions {
  /** The way that packets take to them. */
  readonly path?: LossyPath;
  /** They know of streams of what is sent again (RFC 4588), as browsers do and most others do not. */
  readonly knowsRepairs?: boolean;
}

/** A receiver that answers offers, and takes what comes. */
export class ScriptedReceiver {
  peer: ScriptedPeer | undefined;
  readonly #options: ReceiverScript;
  #ufrag = '';

  constructor(options: ReceiverScript = {}) {
    this.#options = options;
  }

  /** The answer to an offer, as a browser would write it; a new transport where the offer has one. */
  answer(sdp: string, options: { readonly turnsDown?: readonly string[] } = {}): string {
    const offer = parseDescription(sdp);
    const transport = offer.sections.find((section) => section.transport)?.transport;
    if (!transport) throw new Error('the offer has no transport');
    if (transport.ufrag !== this.#ufrag) {
      this.peer?.close();
      this.peer = new ScriptedPeer(this.#options, transport);
      this.#ufrag = transport.ufrag;
    }
    for (const { candidates } of offer.sections) {
      for (const candidate of candidates) this.candidate({ candidate });
    }
    return this.#write(offer, options.turnsDown ?? []);
  }

  candidate(candidate: Candidate): void {
    // With a path between us, the other end is found by what comes through it.
    if (!this.#options.path) this.peer?.candidate(candidate);
  }

  get candidates(): readonly Candidate[] {
    return (this.peer?.pipe.candidates ?? []).map((line) => ({
      candidate: this.#options.path?.through(line) ?? line,
      sdpMid: '0',
      sdpMLineIndex: 0,
    }));
  }

  get packets(): readonly ReceivedPacket[] {
    return this.peer?.packets ?? [];
  }

  /** Payload marks of what came on each payload type. */
  marks(payloadType: number): readonly number[] {
    return this.packets.filter(({ header }) => header.payloadType === payloadType).map(markOf);
  }

  close(): void {
    this.peer?.close();
  }

  #write(offer: Description, turnsDown: readonly string[]): string {
    const local = this.peer?.pipe.local;
    if (!local) throw new Error('there is no transport');
    const lines = ['v=0', 'o=- 2 2 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${offer.bundle.join(' ')}`];
    for (const section of offer.sections) {
      const isDown = section.isRejected || turnsDown.includes(section.media);
      lines.push(
        `m=${section.media} ${isDown ? 0 : 9} ${section.protocol} ${section.formats.join(' ')}`,
        'c=IN IP4 0.0.0.0',
        `a=mid:${section.mid}`,
        `a=${section.direction === 'sendonly' && !isDown ? 'recvonly' : 'inactive'}`,
        `a=ice-ufrag:${local.ufrag}`,
        `a=ice-pwd:${local.pwd}`,
        `a=fingerprint:${local.fingerprint.algorithm} ${local.fingerprint.value}`,
        `a=setup:${local.setup}`,
        'a=rtcp-mux',
        ...(this.#options.knowsRepairs ? section.codecs.flatMap(codecLines) : []),
        ...section.extensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
      );
    }
    return `${lines.join('\r\n')}\r\n`;
  }
}

function codecLines({ payloadType, name, clockRate, parameters }: Codec): readonly string[] {
  const repaired = parameters.get('apt');
  const map = `a=rtpmap:${payloadType} ${name}/${clockRate}`;
  return repaired === undefined ? [map] : [map, `a=fmtp:${payloadType} apt=${repaired}`];
}
