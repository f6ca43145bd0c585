import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Area } from './stage-layout.ts';

/** How large an element is, in CSS pixels without its padding; nothing before it is known. */
export function useArea(element: RefObject<HTMLElement | null>): Area | undefined {
  const [area, setArea] = useState<Area>();
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setArea((known) => (known?.width === width && known.height === height ? known : { width, height }));
    });
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return area;
}
