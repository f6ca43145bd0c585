import { type RefObject, useEffect } from 'react';
import type { MeetingTile } from '../../media/meeting/receiving.ts';
import { type SizeWanted, sizeWanted, UNSEEN_AFTER_MS } from '../../media/meeting/wanting.ts';
import { useSession } from '../session-context.ts';

/** A stage that is dragged larger passes many sizes. */
const SETTLED_MS = 200;

/** Asks for the size of the picture that the tile needs, as it is looked at. */
export function useLook(element: RefObject<HTMLElement | null>, tile: MeetingTile | undefined): void {
  const { meeting } = useSession();
  const { id, hasVideo = false, hasAudio = false, asked = 'high' } = tile ?? {};
  // A picture that is not sent, as nobody looked at it, is none that there is not.
  const hasPicture = hasVideo || asked === 'none';
  useEffect(() => {
    const watched = element.current;
    if (!watched || id === undefined || !hasPicture) return;
    return watchLook(watched, (onScreen) => {
      const { clientWidth: width, clientHeight: height } = watched;
      const look = { width, height, ratio: window.devicePixelRatio, onScreen, hasAudio };
      meeting.look({ id }, sizeWanted(look, asked satisfies SizeWanted));
    });
  }, [element, id, hasPicture, hasAudio, asked, meeting]);
}

/** Calls when it is looked at otherwise than before, and has been for a while. Returns what ends that. */
function watchLook(element: HTMLElement, look: (onScreen: boolean) => void): () => void {
  let timer: number | undefined;
  let inView = true;
  const later = () => {
    window.clearTimeout(timer);
    const isPageSeen = document.visibilityState === 'visible';
    const onScreen = isPageSeen && inView && element.clientWidth > 0;
    const unseenAfter = isPageSeen ? UNSEEN_AFTER_MS.scrolled : UNSEEN_AFTER_MS.hidden;
    timer = window.setTimeout(() => look(onScreen), onScreen ? SETTLED_MS : unseenAfter);
  };
  const sizes = new ResizeObserver(later);
  const views = new IntersectionObserver((entries) => {
    inView = entries.at(-1)?.isIntersecting ?? true;
    later();
  });
  sizes.observe(element);
  views.observe(element);
  document.addEventListener('visibilitychange', later);
  return () => {
    window.clearTimeout(timer);
    sizes.disconnect();
    views.disconnect();
    document.removeEventListener('visibilitychange', later);
  };
}
