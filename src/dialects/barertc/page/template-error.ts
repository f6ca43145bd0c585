/** A mistake in a template. The message begins with the line where it can be told. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
