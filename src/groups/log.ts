/** The part of a logger that the groups need. */
export interface GroupsLog {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
}
