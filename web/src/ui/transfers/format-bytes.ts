const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** As people say it: "17 bytes", "16.4 kB", "2 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes;
  let unit: string = '';
  for (const next of UNITS) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value.toFixed(value < 99.95 ? 1 : 0).replace(/\.0$/, '')} ${unit}`;
}
