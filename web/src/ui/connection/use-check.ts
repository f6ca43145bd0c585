import { useCallback, useEffect, useRef, useState } from 'react';
import { type CheckFinding, checkFindings } from '../../media/check/findings.ts';
import { runCheck } from '../../media/check/run-check.ts';

interface Check {
  /** Undefined while it is being found out. */
  readonly findings: readonly CheckFinding[] | undefined;
  readonly again: () => void;
}

/** Begins at once. What comes of an earlier run, or after the dialog is closed, is nobody's business any more. */
export function useCheck(servers: readonly RTCIceServer[]): Check {
  const [findings, setFindings] = useState<readonly CheckFinding[]>();
  const run = useRef(0);
  const ice = useRef(servers);
  const again = useCallback(() => {
    run.current += 1;
    const own = run.current;
    setFindings(undefined);
    void runCheck(ice.current).then((facts) => {
      if (own === run.current) setFindings(checkFindings(facts));
    });
  }, []);
  useEffect(() => {
    again();
    return () => {
      run.current += 1;
    };
  }, [again]);
  return { findings, again };
}
