/** A room that has a definition. */
export interface GroupRef {
  readonly name: string;
  readonly definedBy: string;
  /** Where all who come are sent instead. */
  readonly redirect?: string;
}
