/**
 * What a driver throws or rejects with. The message is for the operator's log and never holds what people wrote;
 * the `cause` is the driver's own error.
 */
export class StorageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
  }
}
