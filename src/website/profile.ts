import { type Profile, WebhookError } from './port.ts';

/** Longer ones are cut: they are shown in a small window. */
const MAX_FIELDS = 100;
const MAX_NAME_LENGTH = 200;
const MAX_HEADLINE_LENGTH = 1000;
const MAX_VALUE_LENGTH = 10_000;

/**
 * From `{StatusCode, Data: {OK, Error, Headline, ProfileFields: [{Name, Value}]}}`, or what is in its `Data` alone.
 * Throws {@link WebhookError} where it is something else.
 */
export function readProfile(answer: unknown): Profile | { readonly error: string } {
  const outer = asRecord(answer);
  const data = asRecord(outer?.Data) ?? outer;
  if (data?.OK === true) {
    const fields = Array.isArray(data.ProfileFields) ? data.ProfileFields.slice(0, MAX_FIELDS) : [];
    return { headline: textOf(data.Headline, MAX_HEADLINE_LENGTH), fields: fields.map(readField) };
  }
  const error = textOf(data?.Error, MAX_HEADLINE_LENGTH);
  if (error === '') throw new WebhookError('invalid', { status: 200 });
  return { error };
}

function readField(field: unknown): Profile['fields'][number] {
  const record = asRecord(field);
  return { name: textOf(record?.Name, MAX_NAME_LENGTH), value: textOf(record?.Value, MAX_VALUE_LENGTH) };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}

function textOf(value: unknown, maxLength: number): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, maxLength).toWellFormed() : '';
}
