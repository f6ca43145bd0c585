import type { DragEvent } from 'react';
import { useSession } from '../session-context.ts';
import { useDrop } from '../talk/use-drop.ts';
import { sendFiles } from './send-files.ts';

/** Files that are let go over somebody are sent to them, and are nothing of what is behind. */
export function useFileDrop(name: string) {
  const session = useSession();
  const { over, handlers } = useDrop((files) => sendFiles(session, { name, files }));
  const alone = (handle: (event: DragEvent) => void) => (event: DragEvent) => {
    event.stopPropagation();
    handle(event);
  };
  return {
    over,
    handlers: {
      onDragOver: alone(handlers.onDragOver),
      onDragLeave: alone(handlers.onDragLeave),
      onDrop: alone(handlers.onDrop),
    },
  };
}
