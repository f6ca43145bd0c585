import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The processes that forward for the server, which are children of this one. */
export async function forwarders(): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, ...args] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && args.join(' ').includes('worker-main') ? [Number(pid)] : [];
  });
}
