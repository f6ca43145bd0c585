/**
 * Which full intra requests were seen: one is repeated with its number until the keyframe comes (RFC 5104 4.3.1), and
 * that is the same request still.
 */
export class FirMemory {
  isNew(sender: number, request: { readonly media: number; readonly sequence: number }): boolean {
    throw new Error(`not yet ${sender} ${request}`);
  }
}
