import { errorMessage } from './bootstrap.ts';

export interface UploadRequest {
  readonly file: Blob;
  /** From the welcome. */
  readonly session: string;
  /** From 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/** The server or the network did not take the file. The message is for people; it may be empty. */
export class UploadError extends Error {}

/** Sends an image; resolves to its attachment id. XMLHttpRequest, because fetch tells nothing of its progress. */
export function uploadImage(upload: UploadRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/attachments');
    request.setRequestHeader('authorization', `Bearer ${upload.session}`);
    request.setRequestHeader('content-type', upload.file.type || 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) upload.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      const id = attachmentId(request.response);
      if (request.status < 300 && id !== undefined) resolve(id);
      else reject(new UploadError(errorMessage(request.response)));
    };
    request.onerror = () => reject(new UploadError(''));
    request.onabort = () => reject(new UploadError(''));
    request.send(upload.file);
  });
}

function attachmentId(body: unknown): string | undefined {
  const { attachment } = (body ?? {}) as { attachment?: { id?: unknown } };
  return typeof attachment?.id === 'string' ? attachment.id : undefined;
}
