import { WebSocket } from 'ws';
import type { GaleneFrame } from '../../../../src/dialects/galene/client.ts';
import { LossyLink } from '../../../../src/dialects/galene/client-lossy-link.ts';
import type { SocketLike } from '../../../../src/dialects/galene/client-options.ts';

/** Between a client and the server: all ways of UDP lead through here, and can be cut; those found later are open. */
export class Wall {
  #link = new LossyLink(() => true);

  /** A connection on which both ends hear of ways through the wall alone. */
  connect(url: string): SocketLike {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const inside: SocketLike = {
      ...{ onopen: null, onmessage: null, onclose: null, onerror: null },
      send: (text) => {
        // Who knew the client's own addresses would come past the wall.
        if ((JSON.parse(text) as GaleneFrame).type !== 'ice') socket.send(text);
      },
      close: (code, reason) => socket.close(code, reason),
      terminate: () => socket.terminate(),
    };
    let turn: Promise<void> = Promise.resolve();
    socket.onopen = () => inside.onopen?.({});
    socket.onerror = () => inside.onerror?.({});
    socket.onclose = ({ code, reason }) => inside.onclose?.({ code, reason });
    socket.onmessage = ({ data }) => {
      turn = turn.then(async () => {
        for (const frame of await this.#rewritten(JSON.parse(String(data)) as GaleneFrame)) {
          inside.onmessage?.({ data: JSON.stringify(frame) });
        }
      });
    };
    return inside;
  }

  cut(): void {
    this.#link.close();
    this.#link = new LossyLink(() => true);
  }

  close(): void {
    this.#link.close();
  }

  async #rewritten(frame: GaleneFrame): Promise<readonly GaleneFrame[]> {
    const { id = '', sdp, candidate } = frame;
    if (candidate) return this.#ways(id, [candidate.candidate]);
    if (sdp === undefined) return [frame];
    const found = [...sdp.matchAll(/^a=(candidate:.*?)\r?\n/gm)].map(([, line = '']) => line);
    const stripped = sdp.replace(/^a=candidate:.*\r?\n/gm, '');
    return [{ ...frame, sdp: stripped }, ...(await this.#ways(id, found))];
  }

  async #ways(id: string, candidates: readonly string[]): Promise<readonly GaleneFrame[]> {
    const through = await Promise.all(candidates.map((candidate) => this.#link.through(candidate)));
    return through.flatMap((candidate) =>
      candidate === undefined ? [] : [{ type: 'ice', id, candidate: { candidate } }],
    );
  }
}
