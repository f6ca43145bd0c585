import { useEffect } from 'react';
import { useScope, useUi } from '../session-context.ts';

/** Figures are counted each second, and only while they are shown. Alt+Shift+S shows and hides them. */
export function useFigures(): boolean {
  const { session, ui } = useScope();
  const { measuring } = session.meeting;
  const on = useUi().stage.figures;
  useEffect(() => {
    measuring.show({ on });
    return () => measuring.show({ on: false });
  }, [measuring, on]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      // By its place: with Alt, keys of some systems are other letters.
      if (event.code !== 'KeyS' || !event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      ui.setStage({ figures: !ui.state.get().stage.figures });
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [ui]);
  return on;
}
