import { useCallback, useRef, useState } from 'react';
import { errorText } from '../../connection/server.ts';
import { uploadImage } from '../../connection/upload.ts';
import { t } from '../../i18n/t.ts';
import type { Thread } from '../../room/thread.ts';
import { useSession } from '../session-context.ts';

/** An image that was chosen and not sent yet. */
export interface TrayImage {
  readonly id: number;
  readonly file: File;
  readonly previewUrl: string;
  /** From 0 to 1 while it is sent. */
  readonly progress?: number;
}

export interface Tray {
  readonly images: readonly TrayImage[];
  readonly sending: boolean;
  readonly add: (files: readonly File[]) => void;
  readonly remove: (id: number) => void;
  /** Sends all, in order; what fails stays. */
  readonly send: () => Promise<void>;
}

const MAX_IMAGES = 10;

/** Images wait here until they are looked at and sent. They go to the thread that is open then. */
export function useTray(thread: Thread | undefined): Tray {
  const session = useSession();
  const [images, setImages] = useState<readonly TrayImage[]>([]);
  const [sending, setSending] = useState(false);
  const lastId = useRef(0);

  const add = useCallback(
    (files: readonly File[]) => {
      const { accepted, refusals } = sift(files, { room: MAX_IMAGES - images.length, session, thread });
      for (const refusal of refusals) session.toasts.show(refusal, 'bad');
      const added = accepted.map((file) => ({ id: ++lastId.current, file, previewUrl: URL.createObjectURL(file) }));
      if (added.length > 0) setImages((known) => [...known, ...added]);
    },
    [images.length, session, thread],
  );

  const remove = useCallback((id: number) => {
    setImages((known) => {
      const gone = known.find((image) => image.id === id);
      if (gone) URL.revokeObjectURL(gone.previewUrl);
      return known.filter((image) => image.id !== id);
    });
  }, []);

  const send = async () => {
    if (!thread || sending) return;
    setSending(true);
    for (const image of images) {
      const advance = (progress: number) =>
        setImages((known) => known.map((each) => (each.id === image.id ? { ...each, progress } : each)));
      try {
        advance(0);
        const { file, previewUrl } = image;
        const attachment = await uploadImage({
          file,
          room: session.bootstrap.room,
          session: session.session,
          onProgress: advance,
        });
        session.talk.postImage(thread.target, { attachment, fileName: file.name, previewUrl });
        // The message shows the preview until the server's picture is there: the URL stays.
        setImages((known) => known.filter((each) => each.id !== image.id));
      } catch (error) {
        setImages((known) => known.map(({ progress: _, ...each }) => each));
        const why =
          error instanceof Error && error.message ? errorText(error) : t('image.failed', { name: image.file.name });
        session.toasts.show(why, 'bad');
        break;
      }
    }
    setSending(false);
  };

  return { images, sending, add, remove, send };
}

interface Sieve {
  readonly room: number;
  readonly session: ReturnType<typeof useSession>;
  readonly thread: Thread | undefined;
}

function sift(files: readonly File[], { room, session, thread }: Sieve) {
  const refusals = new Set<string>();
  const { maxImageBytes } = session.bootstrap;
  const accepted = files.filter((file) => {
    const name = file.name || 'image';
    if (!photosPermitted(session, thread)) refusals.add(t('image.no-photos'));
    else if (!file.type.startsWith('image/')) refusals.add(t('image.not-image', { name }));
    else if (file.size > maxImageBytes) {
      refusals.add(t('image.too-large', { name, size: Math.floor(maxImageBytes / 1_048_576) }));
    } else return true;
    return false;
  });
  if (accepted.length > room) refusals.add(t('image.too-many', { count: MAX_IMAGES }));
  return { accepted: accepted.slice(0, room), refusals: [...refusals] };
}

export function photosPermitted(session: ReturnType<typeof useSession>, thread: Thread | undefined): boolean {
  const target = thread?.target;
  if (!target || 'to' in target) return target !== undefined;
  return session.room.get().channels.find((channel) => channel.id === target.channel)?.photos ?? false;
}
