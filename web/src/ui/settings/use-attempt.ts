import { useState } from 'react';

/** Something that the server may refuse, with what it said about it last. */
export interface Attempt {
  readonly busy: boolean;
  readonly refusal: string | undefined;
  /** Resolves to whether it was done. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

export function useAttempt(explain: (error: unknown) => string): Attempt {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setRefusal(explain(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, run };
}
