import type { Candidate } from '../../core/stream.ts';
import { parseDescription } from '../sfu/sdp/parse.ts';
import type { LossyPath } from './lossy-path.ts';
import { type PeerOptions, type ReceivedPacket, ScriptedPeer } from './scripted-peer.ts';
import { markOf } from './scripted-receiver.ts';

export interface PlayerSectionScript {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  /** Lines of the codecs, with the payload types that they have here: `rtpmap:45 VP8/90000`. */
  readonly codecs: readonly string[];
  /** `a=extmap` without its name. */
  readonly extensions?: readonly string[];
  readonly direction?: string;
}

export interface PlayerScript extends PeerOptions {
  readonly sections: readonly PlayerSectionScript[];
  readonly path?: LossyPath;
}

/** Somebody who offers to receive, as WHEP players do, and takes what comes. */
export class ScriptedPlayer {
  peer: ScriptedPeer;
  script: PlayerScript;
  #version = 1;

  constructor(script: PlayerScript) {
    this.script = script;
    this.peer = new ScriptedPeer(script);
  }

  offer(): string {
    const lines = ['v=0', `o=- 3 ${this.#version++} IN IP4 127.0.0.1`, 's=-', 't=0 0'];
    lines.push(`a=group:BUNDLE ${this.script.sections.map(({ mid }) => mid).join(' ')}`);
    for (const section of this.script.sections) lines.push(...this.#section(section));
    return `${lines.join('\r\n')}\r\n`;
  }

  accept(sdp: string): void {
    const path = this.script.path;
    const description = parseDescription(sdp);
    // With a path between us, the other end is found by what comes through it.
    const sections = path ? description.sections.map((each) => ({ ...each, candidates: [] })) : description.sections;
    this.peer.accept({ ...description, sections });
  }

  candidate(candidate: Candidate): void {
    if (!this.script.path) this.peer.candidate(candidate);
  }

  /** A new transport: what a browser's ICE restart is to the other end, as the library cannot restart. */
  restart(): void {
    this.peer.close();
    this.peer = new ScriptedPeer(this.script);
  }

  get candidates(): readonly Candidate[] {
    return this.peer.pipe.candidates.map((line) => ({ candidate: this.script.path?.through(line) ?? line }));
  }

  get packets(): readonly ReceivedPacket[] {
    return this.peer.packets;
  }

  marks(payloadType: number): readonly number[] {
    return this.packets.filter(({ header }) => header.payloadType === payloadType).map(markOf);
  }

  close(): void {
    this.peer.close();
  }

  #section({ mid, kind, codecs, extensions = [], direction = 'recvonly' }: PlayerSectionScript): readonly string[] {
    const { local } = this.peer.pipe;
    const types = codecs.flatMap((line) => /^rtpmap:(\d+)/.exec(line)?.[1] ?? []);
    return [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${types.join(' ')}`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${mid}`,
      `a=${direction}`,
      'a=rtcp-mux',
      'a=setup:actpass',
      `a=ice-ufrag:${local.ufrag}`,
      `a=ice-pwd:${local.pwd}`,
      `a=fingerprint:${local.fingerprint.algorithm} ${local.fingerprint.value}`,
      ...codecs.map((line) => `a=${line}`),
      ...extensions.map((line) => `a=extmap:${line}`),
    ];
  }
}
