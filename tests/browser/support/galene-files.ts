import ndc, { type DataChannel, type PeerConnection } from 'node-datachannel';
import { GaleneClient } from '../../../src/dialects/galene/client.ts';
import type { GaleneFrame } from '../../../src/dialects/galene/client-frames.ts';

const CHUNK = 16_384;

interface FileValue {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
  readonly size?: number;
  readonly sdp?: string;
  readonly candidate?: { readonly candidate: string; readonly sdpMid?: string; readonly sdpMLineIndex?: number } | null;
  readonly message?: string;
}

interface Own {
  readonly lines: { readonly candidate: string; readonly sdpMid: string; readonly sdpMLineIndex: number }[];
  tell(): void;
}

/**
 * Somebody on Galène's wire who sends and takes files as its web client does (`spec/galene.md` 5.2), over a data channel
 * that is no browser's.
 */
export class GaleneFiles {
  readonly client: GaleneClient;
  readonly #connections: PeerConnection[] = [];
  readonly #own = new Map<PeerConnection, Own>();
  /** Collected wrappers close silently. */
  readonly #channels: DataChannel[] = [];

  static async enter(url: string, username: string): Promise<GaleneFiles> {
    return new GaleneFiles(await GaleneClient.enter({ url, group: 'lobby', username, password: '' }));
  }

  private constructor(client: GaleneClient) {
    this.client = client;
  }

  /** Waits for an invitation, says yes, and resolves with the bytes and what it was called. */
  async take(): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const invite = await this.#next('invite');
    const { id, name = '', size = 0 } = said(invite);
    const from = invite.source ?? '';
    const connection = this.#connect();
    const chunks: Buffer[] = [];
    const whole = Promise.withResolvers<void>();
    connection.onLocalDescription((sdp, type) => {
      if (String(type) === 'offer') this.#say(from, { type: 'offer', version: ['1'], id, sdp });
    });
    const answer = this.#next('answer', id);
    const channel = connection.createDataChannel('file');
    this.#channels.push(channel);
    // It looks whether the file is complete when a message comes, and not before.
    channel.onMessage((message) => {
      chunks.push(Buffer.from(message as Buffer));
      if (Buffer.concat(chunks).length >= size) whole.resolve();
    });
    const { sdp = '' } = said(await answer);
    connection.setRemoteDescription(sdp, 'answer');
    this.#candidates(connection, { to: from, id });
    await whole.promise;
    channel.sendMessage('done');
    return { name, bytes: Buffer.concat(chunks) };
  }

  /** Offers a file to somebody. Resolves when they say that it is there; rejects with the word of who does not want it. */
  async send(to: string, file: { readonly name: string; readonly bytes: Buffer }): Promise<void> {
    const dest = [...this.client.users.values()].find(({ username }) => username === to)?.id ?? '';
    const id = `file-${file.name}`;
    const { name, bytes } = file;
    this.#say(dest, { type: 'invite', version: ['1'], id, name, size: bytes.length, mimetype: 'text/plain' });
    const offer = await Promise.race([this.#next('offer', id), this.#refusal(id)]);
    const connection = this.#connect();
    const known = Promise.withResolvers<void>();
    connection.onDataChannel((channel) => {
      this.#channels.push(channel);
      channel.onMessage((message) => {
        if (message === 'done') known.resolve();
      });
      for (let at = 0; at < bytes.length; at += CHUNK) channel.sendMessageBinary(bytes.subarray(at, at + CHUNK));
    });
    connection.onLocalDescription((sdp, type) => {
      if (String(type) === 'answer') this.#say(dest, { type: 'answer', id, sdp });
    });
    connection.setRemoteDescription(said(offer).sdp ?? '', 'offer');
    this.#candidates(connection, { to: dest, id });
    await known.promise;
    connection.close();
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
    this.client.drop();
  }

  #connect(): PeerConnection {
    const connection = new ndc.PeerConnection('file', {
      iceServers: [],
      // It begins with a description's ICE before it has kept its fingerprint: who is quick would be refused.
      disableFingerprintVerification: true,
    });
    this.#connections.push(connection);
    const own: Own = { lines: [], tell: () => {} };
    connection.onLocalCandidate((candidate, sdpMid) => {
      own.lines.push({ candidate, sdpMid, sdpMLineIndex: 0 });
      own.tell();
    });
    this.#own.set(connection, own);
    return connection;
  }

  /**
   * Those that came, and those that will; and ours, which the other hears now: the library turns away who comes before
   * it knows them.
   */
  #candidates(connection: PeerConnection, { to, id }: { readonly to: string; readonly id: string }): void {
    const own = this.#own.get(connection);
    if (own) {
      own.tell = () => {
        for (const candidate of own.lines.splice(0)) this.#say(to, { type: 'ice', id, candidate });
      };
      own.tell();
    }
    const take = (frame: GaleneFrame) => {
      const value = fileValue(frame);
      if (value?.type !== 'ice' || value.id !== id || !value.candidate?.candidate) return;
      connection.addRemoteCandidate(value.candidate.candidate, value.candidate.sdpMid ?? '0');
    };
    for (const frame of this.client.frames) take(frame);
    this.client.on('usermessage', take);
  }

  async #refusal(id: string): Promise<never> {
    const { message } = said(await this.#next('cancel', id));
    throw new Error(`Refused: ${message ?? ''}`);
  }

  #next(type: string, id?: string): Promise<GaleneFrame> {
    const isIt = (frame: GaleneFrame) => {
      const value = fileValue(frame);
      return value?.type === type && (id === undefined || value.id === id);
    };
    return new Promise((resolve) => {
      this.client.on('usermessage', (frame) => {
        if (isIt(frame)) resolve(frame);
      });
    });
  }

  #say(dest: string, value: FileValue & { readonly [key: string]: unknown }): void {
    this.client.userMessage('filetransfer', { dest, value });
  }
}

function fileValue(frame: GaleneFrame): FileValue | undefined {
  return frame.type === 'usermessage' && frame.kind === 'filetransfer' ? (frame.value as FileValue) : undefined;
}

function said(frame: GaleneFrame): FileValue {
  return frame.value as FileValue;
}
