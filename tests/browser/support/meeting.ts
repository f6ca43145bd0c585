import type { Page } from 'playwright-core';

/** Those in the meeting who are shown. */
export function meetingTiles(page: Page) {
  return page.getByRole('list', { name: 'People in the meeting' }).getByRole('listitem');
}

export async function joinMeeting(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Join with camera' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('button', { name: 'Turn camera off' }).waitFor();
}

/** Waits until the picture has a size and its clock advances over several looks, beginning now. */
export async function expectMoving(page: Page, label: string): Promise<void> {
  await page.evaluate((sought) => {
    const video = document.querySelector<HTMLVideoElement & { looks?: number[] }>(`video[aria-label="${sought}"]`);
    if (video) video.looks = [];
  }, label);
  await page.waitForFunction((sought) => {
    const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${sought}"]`);
    if (!video || video.videoWidth === 0) return false;
    const marked = video as HTMLVideoElement & { looks?: number[]; source?: unknown };
    // Of the stream that is there now, which may have taken the place of another.
    if (marked.source !== video.srcObject) marked.looks = [];
    marked.source = video.srcObject;
    const looks = marked.looks ?? [];
    marked.looks = looks;
    if (looks.at(-1) !== video.currentTime) looks.push(video.currentTime);
    return looks.length >= 5;
  }, label);
}
