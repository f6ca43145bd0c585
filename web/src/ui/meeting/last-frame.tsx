import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import css from './meeting.module.css';

interface LastFrameProps {
  /** What has the picture in it. */
  readonly of: RefObject<HTMLElement | null>;
  readonly stream: MediaStream | undefined;
}

/** Where another stream takes the place of one, the last picture stays until there is a new one. */
export function LastFrame({ of, stream }: LastFrameProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const former = useRef(stream);
  // Before the picture itself goes over to the new stream, which it does in an effect of its own.
  useLayoutEffect(() => {
    const isAnother = former.current !== undefined && former.current !== stream;
    former.current = stream;
    const video = of.current?.querySelector('video');
    if (isAnother && video && canvas.current) keep(video, canvas.current);
  }, [of, stream]);
  useEffect(() => {
    const video = of.current?.querySelector('video');
    const over = () => {
      if (canvas.current) canvas.current.hidden = true;
    };
    video?.addEventListener('loadeddata', over);
    return () => video?.removeEventListener('loadeddata', over);
  }, [of]);
  return <canvas ref={canvas} className={css.lastFrame} hidden aria-hidden />;
}

function keep(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return;
  canvas.width = videoWidth;
  canvas.height = videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  canvas.hidden = false;
}
