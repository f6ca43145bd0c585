import { useEffect, useRef, useState } from 'react';
import type { DeviceChoice } from '../../media/camera-choice.ts';
import { BOTH, CaptureError, type CaptureFailure, capture, type Parts, stopStream } from '../../media/capture.ts';

export type PreviewState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready'; readonly stream: MediaStream }
  | { readonly kind: 'failed'; readonly failure: CaptureFailure };

/** A camera to look at. It is stopped in the end, unless somebody takes it. */
export function usePreview({ camera, microphone }: DeviceChoice, { audio, video }: Parts = BOTH) {
  const [state, setState] = useState<PreviewState>({ kind: 'opening' });
  const [attempt, setAttempt] = useState(0);
  const taken = useRef<MediaStream>(undefined);

  // Each attempt opens the devices again.
  useEffect(() => {
    let stale = false;
    let opened: MediaStream | undefined;
    setState({ kind: 'opening' });
    const devices = { ...(camera ? { camera } : {}), ...(microphone ? { microphone } : {}) };
    capture(devices, { audio, video }).then(
      (stream) => {
        if (stale) return stopStream(stream);
        opened = stream;
        setState({ kind: 'ready', stream });
      },
      (error: unknown) => {
        if (!stale) setState({ kind: 'failed', failure: error instanceof CaptureError ? error.failure : 'busy' });
      },
    );
    return () => {
      stale = true;
      if (opened !== taken.current) stopStream(opened);
    };
  }, [camera, microphone, audio, video, attempt]);

  return {
    state,
    retry: () => setAttempt((count) => count + 1),
    /** From now on it belongs to the caller. Only while ready. */
    take: (): MediaStream => {
      if (state.kind !== 'ready') throw new Error('The preview is not ready.');
      taken.current = state.stream;
      return state.stream;
    },
  };
}
