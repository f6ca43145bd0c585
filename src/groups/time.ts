const RFC3339 = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds since 1970 of a time as RFC 3339 has it; nothing for what is none. */
export function parseTime(text: string): number | undefined {
  const [, date] = RFC3339.exec(text) ?? [];
  // A day that the month does not have would be taken for one of the next.
  if (date === undefined || !isDay(date)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function isDay(date: string): boolean {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return !Number.isNaN(noon) && new Date(noon).toISOString().startsWith(date);
}

/** As RFC 3339 has it; milliseconds only where there are any. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
