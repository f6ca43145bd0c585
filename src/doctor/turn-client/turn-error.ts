/** Why a STUN or TURN server could not be asked. */
export type TurnFault =
  /** Its name is unknown, or the way to it is closed. */
  | 'unreachable'
  /** It says nothing. */
  | 'silent'
  /** Its certificate is not one that browsers take. */
  | 'certificate'
  /** Something is there, but it speaks another protocol. */
  | 'garbled'
  /** It says no, with a code of its own. */
  | 'refused';

export class TurnError extends Error {
  override readonly name = 'TurnError';
  readonly fault: TurnFault;
  /** Of RFC 8489 and 8656 (401, 403, 486 …), where it said one. */
  readonly code: number | undefined;

  constructor(fault: TurnFault, reason: string, code?: number) {
    super(reason);
    this.fault = fault;
    this.code = code;
  }
}
