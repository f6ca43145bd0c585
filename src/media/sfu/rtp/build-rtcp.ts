import type { ReportBlock, SenderReportFields } from './rtcp.ts';

/** Each gives a packet of its own; several make a compound one by `Buffer.concat`, a report first. */
export function senderReport(report: SenderReportFields, cname: string): Buffer {
  throw new Error(`not yet ${report} ${cname}`);
}

/** At most 31 blocks. The sender's SSRC is 0 where we send nothing ourselves (`spec/galene.md` 2.10). */
export function receiverReport(blocks: readonly ReportBlock[], sender = 0): Buffer {
  throw new Error(`not yet ${blocks} ${sender}`);
}

export function nack(media: number, sequences: readonly number[], sender = 0): Buffer {
  throw new Error(`not yet ${media} ${sequences} ${sender}`);
}

export function pictureLoss(media: number, sender = 0): Buffer {
  throw new Error(`not yet ${media} ${sender}`);
}

export function fullIntraRequest(request: { readonly media: number; readonly sequence: number }, sender = 0): Buffer {
  throw new Error(`not yet ${request} ${sender}`);
}

/** One number for all the SSRCs together. */
export function estimatedBitrate(bitrate: number, media: readonly number[], sender = 0): Buffer {
  throw new Error(`not yet ${bitrate} ${media} ${sender}`);
}

export function goodbye(ssrcs: readonly number[]): Buffer {
  throw new Error(`not yet ${ssrcs}`);
}
