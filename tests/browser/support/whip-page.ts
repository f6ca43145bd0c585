import type { Page } from 'playwright-core';

/** What a page does that knows WHIP and WHEP from their documents alone: plain requests, and a plain connection. */
export interface WhipInPage {
  publish(url: string): Promise<number>;
  play(url: string): Promise<number>;
  restart(): Promise<number>;
  /** What a request is answered that changes nothing. */
  ask(): Promise<number>;
  close(): Promise<number>;
}

export async function installWhip(page: Page): Promise<WhipInPage> {
  await page.evaluate(install);
  const call =
    (name: string) =>
    (...values: readonly string[]): Promise<number> =>
      page.evaluate(
        ([method, given]) => {
          const { whip } = window as unknown as {
            whip: Record<string, (...each: readonly string[]) => Promise<number>>;
          };
          return whip[method]?.(...given) ?? 0;
        },
        [name, values] as const,
      );
  return {
    publish: call('publish'),
    play: call('play'),
    restart: call('restart'),
    ask: call('ask'),
    close: call('close'),
  };
}

/** Waits until pictures are shown that move. */
export async function showsMovingPicture(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as unknown as { seen: number[] }).seen = [];
  });
  await page.waitForFunction(() => {
    const { seen } = window as unknown as { seen: number[] };
    const video = document.querySelector('video');
    if (!video || video.videoWidth === 0) return false;
    if (seen.at(-1) !== video.currentTime) seen.push(video.currentTime);
    return seen.length >= 10;
  });
}

/** Runs in the page: nothing of this file is in scope. */
function install(): void {
  const connection = new RTCPeerConnection();
  let resource = '';
  let etag = '';
  let answer = '';

  const lineOf = (sdp: string, name: string) => new RegExp(`^a=${name}:(.*?)\r?$`, 'm').exec(sdp)?.[1] ?? '';
  const patch = (lines: readonly string[], match: string) => {
    const { sdp = '' } = connection.localDescription ?? {};
    const way = ['ice-ufrag', 'ice-pwd'].map((name) => `a=${name}:${lineOf(sdp, name)}`);
    return fetch(resource, {
      method: 'PATCH',
      headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': match },
      body: `${[...way, ...lines].join('\r\n')}\r\n`,
    });
  };

  /** One request after the other: a restart changes the tag. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(step: () => Promise<Result>): Promise<Result> => {
    const done = turn.then(step);
    turn = done;
    return done;
  };
  const found = ({ sdpMid, candidate }: RTCIceCandidate): void => {
    void inTurn(() => patch([`a=mid:${sdpMid}`, `a=${candidate}`], etag));
  };

  async function begin(url: string): Promise<number> {
    const early: RTCIceCandidate[] = [];
    connection.onicecandidate = ({ candidate }) => candidate && early.push(candidate);
    await connection.setLocalDescription();
    const body = connection.localDescription?.sdp ?? '';
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body });
    if (response.status !== 201) return response.status;
    resource = new URL(response.headers.get('location') ?? '', url).href;
    etag = response.headers.get('etag') ?? '';
    answer = await response.text();
    await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    connection.onicecandidate = ({ candidate }) => candidate && found(candidate);
    for (const candidate of early) found(candidate);
    return response.status;
  }

  async function restart(): Promise<number> {
    connection.restartIce();
    await connection.setLocalDescription();
    const response = await patch([], '*');
    if (response.status !== 200) return response.status;
    etag = response.headers.get('etag') ?? '';
    const fragment = await response.text();
    for (const name of ['ice-ufrag', 'ice-pwd', 'fingerprint']) {
      answer = answer.replaceAll(new RegExp(`^a=${name}:.*?\r?$`, 'gm'), `a=${name}:${lineOf(fragment, name)}\r`);
    }
    const candidates = fragment.match(/^a=candidate:.*?\r?\n/gm) ?? [];
    answer = answer.replaceAll(/^a=candidate:.*?\r?\n/gm, '').replace(/^a=mid:.*?\r?\n/m, `$&${candidates.join('')}`);
    await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    return response.status;
  }

  const whip: WhipInPage = {
    async publish(url) {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: true });
      for (const track of stream.getTracks()) {
        connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      }
      return begin(url);
    },
    async play(url) {
      const video = document.createElement('video');
      Object.assign(video, { muted: true, autoplay: true });
      document.body.append(video);
      for (const kind of ['audio', 'video']) connection.addTransceiver(kind, { direction: 'recvonly' });
      connection.ontrack = ({ streams }) => {
        video.srcObject = streams[0] ?? null;
      };
      return begin(url);
    },
    restart: () => inTurn(restart),
    ask: () => inTurn(async () => (await patch([], etag)).status),
    async close() {
      connection.close();
      return (await fetch(resource, { method: 'DELETE' })).status;
    },
  };
  (window as unknown as { whip: WhipInPage }).whip = whip;
}
