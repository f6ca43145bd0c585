import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UploadError, uploadImage } from './upload.ts';

/** The part of XMLHttpRequest that is used; the test answers. */
class FakeRequest {
  static last: FakeRequest;
  readonly headers: Record<string, string> = {};
  readonly upload: { onprogress?: (event: object) => void } = {};
  readonly sent: unknown[] = [];
  opened: readonly string[] = [];
  status = 0;
  response: unknown = null;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;

  constructor() {
    FakeRequest.last = this;
  }

  open(...how: string[]): void {
    this.opened = how;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  send(body: unknown): void {
    this.sent.push(body);
  }

  answer(status: number, response: unknown): void {
    this.status = status;
    this.response = response;
    this.onload?.();
  }
}

beforeEach(() => {
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const png = new Blob(['x'], { type: 'image/png' });

test('sends the bytes with the proof of who sends them, and answers with the attachment', async () => {
  const answer = uploadImage({ file: png, session: 's3cret' });
  const { opened, headers, sent } = FakeRequest.last;
  expect(opened).toEqual(['POST', '/api/attachments']);
  expect(headers).toEqual({ authorization: 'Bearer s3cret', 'content-type': 'image/png' });
  expect(sent).toEqual([png]);
  FakeRequest.last.answer(201, { attachment: { id: 'Zk3v' } });
  await expect(answer).resolves.toBe('Zk3v');
});

test('a file of no known type is sent as bytes', () => {
  void uploadImage({ file: new Blob(['x']), session: 's' });
  expect(FakeRequest.last.headers['content-type']).toBe('application/octet-stream');
});

test('tells how far it is, where that is known', () => {
  const parts: number[] = [];
  void uploadImage({ file: png, session: 's', onProgress: (part) => parts.push(part) });
  const { onprogress } = FakeRequest.last.upload;
  onprogress?.({ lengthComputable: false, loaded: 1, total: 0 });
  onprogress?.({ lengthComputable: true, loaded: 0, total: 0 });
  onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
  onprogress?.({ lengthComputable: true, loaded: 4, total: 4 });
  expect(parts).toEqual([0.25, 1]);
});

test.each([
  [
    'a refusal, in its words',
    413,
    { error: { code: 'too-large', message: 'That is too large.' } },
    'That is too large.',
  ],
  ['an answer of a proxy', 502, null, ''],
  ['an answer without an attachment', 201, { attachment: {} }, ''],
])('rejects on %s', async (_, status, body, message) => {
  const answer = uploadImage({ file: png, session: 's' });
  FakeRequest.last.answer(status, body);
  const error = await answer.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UploadError);
  expect(error).toMatchObject({ message });
});

test.each(['onerror', 'onabort'] as const)('rejects without a word on %s', async (event) => {
  const answer = uploadImage({ file: png, session: 's' });
  FakeRequest.last[event]?.();
  await expect(answer).rejects.toThrow(new UploadError(''));
});
