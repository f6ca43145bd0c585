/** RTCP packets as they are read. Times are as on the wire; SSRCs, timestamps and counts are unsigned. */
export type RtcpPacket =
  | SenderReport
  | ReceiverReport
  | SourceDescription
  | Goodbye
  | NackRequest
  | PictureLoss
  | FullIntraRequest
  | EstimatedBitrate;

export interface NtpTime {
  readonly seconds: number;
  readonly fraction: number;
}

export interface SenderReportFields {
  readonly ssrc: number;
  readonly ntp: NtpTime;
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
}

export interface SenderReport extends SenderReportFields {
  readonly kind: 'sender-report';
  readonly blocks: readonly ReportBlock[];
}

export interface ReceiverReport {
  readonly kind: 'receiver-report';
  readonly sender: number;
  readonly blocks: readonly ReportBlock[];
}

export interface ReportBlock {
  readonly ssrc: number;
  /** In 256ths, 0 to 255. */
  readonly fractionLost: number;
  /** Signed: duplicates make it negative. */
  readonly cumulativeLost: number;
  /** The highest sequence number, with the number of wraps above it. */
  readonly highestSequence: number;
  /** In units of the clock rate. */
  readonly jitter: number;
  /** The middle 32 bits of the last sender report's time, and how long ago it came in 65536ths of a second. */
  readonly lastSr: number;
  readonly delaySinceLastSr: number;
}

export interface SourceDescription {
  readonly kind: 'source-description';
  readonly sources: readonly { readonly ssrc: number; readonly cname: string }[];
}

export interface Goodbye {
  readonly kind: 'goodbye';
  readonly ssrcs: readonly number[];
}

export interface NackRequest {
  readonly kind: 'nack';
  readonly sender: number;
  readonly media: number;
  readonly sequences: readonly number[];
}

export interface PictureLoss {
  readonly kind: 'picture-loss';
  readonly sender: number;
  readonly media: number;
}

export interface FullIntraRequest {
  readonly kind: 'full-intra-request';
  readonly sender: number;
  readonly requests: readonly { readonly media: number; readonly sequence: number }[];
}

export interface EstimatedBitrate {
  readonly kind: 'estimated-bitrate';
  readonly sender: number;
  /** Bits per second. */
  readonly bitrate: number;
  readonly media: readonly number[];
}
