import { type RefObject, useEffect } from 'react';
import type { MeetingTile } from '../../media/meeting/receiving.ts';
import { sizeWanted } from '../../media/meeting/wanting.ts';
import { useSession } from '../session-context.ts';

/** A stage that is dragged larger passes many sizes. */
const SETTLED_MS = 200;

/** Asks for the size of the picture that the tile needs, as it is looked at. */
export function useLook(element: RefObject<HTMLElement | null>, tile: MeetingTile | undefined): void {
  const { meeting } = useSession();
  const { id, hasVideo = false } = tile ?? {};
  useEffect(() => {
    const watched = element.current;
    if (!watched || id === undefined || !hasVideo) return;
    let timer: number | undefined;
    let inView = true;
    const look = () => {
      const { clientWidth: width, clientHeight: height } = watched;
      const onScreen = inView && width > 0 && document.visibilityState === 'visible';
      meeting.look({ id }, sizeWanted({ width, height, ratio: window.devicePixelRatio, onScreen }));
    };
    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(look, SETTLED_MS);
    };
    const sizes = new ResizeObserver(later);
    const views = new IntersectionObserver(([entry]) => {
      inView = entry?.isIntersecting ?? true;
      later();
    });
    sizes.observe(watched);
    views.observe(watched);
    document.addEventListener('visibilitychange', later);
    return () => {
      window.clearTimeout(timer);
      sizes.disconnect();
      views.disconnect();
      document.removeEventListener('visibilitychange', later);
    };
  }, [element, id, hasVideo, meeting]);
}
