import { useEffect, useRef } from 'react';

interface VideoPictureProps {
  readonly stream: MediaStream | undefined;
  readonly label: string;
  readonly muted: boolean;
  /** From 0 to 1. */
  readonly volume?: number;
  /** As in a mirror: how people know themselves. */
  readonly mirrored?: boolean;
  readonly className: string;
  /** The browser plays no sound before somebody touched the page. */
  readonly onSilenced?: () => void;
}

export function VideoPicture({ stream, label, muted, volume = 1, mirrored, className, onSilenced }: VideoPictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const silenced = useRef(onSilenced);
  silenced.current = onSilenced;
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream ?? null;
    if (!stream) return;
    element.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      silenced.current?.();
      element.muted = true;
      void element.play().catch(() => undefined);
    });
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  useEffect(() => {
    if (video.current) video.current.volume = volume;
  }, [volume]);
  return (
    <video
      ref={video}
      className={className}
      data-mirrored={mirrored || undefined}
      aria-label={label}
      muted={muted}
      autoPlay
      playsInline
    />
  );
}
