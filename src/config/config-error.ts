/** The operator's mistake, told in one line: which file or option, and what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
