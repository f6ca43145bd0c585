/** Those that the hub waits by: a script that is played twice comes out the same, however slow the machine is. */
export const TIMERS = [
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const satisfies readonly string[];
