import type { ObjectUrls } from '../previews.ts';

/** For tests: object URLs, and which of them still hold a file. */
export class FakeUrls implements ObjectUrls {
  readonly open: string[] = [];
  #last = 0;

  createObjectURL(): string {
    const url = `blob:${++this.#last}`;
    this.open.push(url);
    return url;
  }

  revokeObjectURL(url: string): void {
    const index = this.open.indexOf(url);
    if (index < 0) throw new Error(`${url} was revoked already, or never was.`);
    this.open.splice(index, 1);
  }
}
