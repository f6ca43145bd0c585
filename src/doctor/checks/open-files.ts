import { type Finding, ok, skip, warn } from '../finding.ts';

/** Beside connections: the database, logs, sockets of media. */
const SPARE = 200;

/** `limit` is what the system allows this process; undefined where that is not known. */
export function openFilesFindings(connections: number, limit: number | undefined): readonly Finding[] {
  if (limit === undefined) return [skip('how many files may be open is not known on this system')];
  if (limit >= connections + SPARE) return [ok(`${limit} files may be open, for ${connections} connections`)];
  const what = `only ${limit} files may be open, and limits.connections is ${connections}`;
  return [warn(what, `Put LimitNOFILE=${connections + 1_000} into the service, or run "ulimit -n" before the start.`)];
}
