/** A session description as far as it concerns us. Whatever is here was checked to be of its form, and is bounded. */
export interface Description {
  /** The mids that share the first transport. */
  readonly bundle: readonly string[];
  readonly sections: readonly Section[];
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface Section {
  /** `audio`, `video`, or something that we reject, `application` for instance. */
  readonly media: string;
  readonly protocol: string;
  readonly mid: string;
  readonly direction: Direction;
  /** Port 0 without `bundle-only`: there is nothing behind it any more. */
  readonly isRejected: boolean;
  /** As in the `m=` line. */
  readonly formats: readonly string[];
  readonly codecs: readonly Codec[];
  readonly extensions: readonly Extension[];
  /** Extensions may be written in both forms within one stream (RFC 8285 6). */
  readonly allowsMixed: boolean;
  readonly transport: TransportParameters | undefined;
  readonly candidates: readonly string[];
  readonly ssrcs: readonly number[];
  /** The second ones of `ssrc-group:FID`: they repeat packets of the first. */
  readonly repairSsrcs: readonly number[];
  /** Of `a=simulcast:send`, in its order; only those that have an `a=rid` line. */
  readonly rids: readonly string[];
}

export interface Codec {
  readonly payloadType: number;
  /** In lower case. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  /** Of `a=fmtp`, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface Extension {
  readonly id: number;
  readonly uri: string;
}

/** What ICE and DTLS need to know of one end. */
export interface TransportParameters {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: Fingerprint;
  readonly setup: Setup;
}

export type Setup = 'actpass' | 'active' | 'passive';

export interface Fingerprint {
  readonly algorithm: string;
  readonly value: string;
}
