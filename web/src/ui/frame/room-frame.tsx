import { ChannelsPane } from '../channels/channels-pane.tsx';
import { ConnectionBanner } from '../notices/connection-banner.tsx';
import { ToastList } from '../notices/toast-list.tsx';
import { PeoplePane } from '../people/people-pane.tsx';
import { PersonMenu } from '../people/person-menu.tsx';
import { useScope, useUi } from '../session-context.ts';
import { TalkPane } from '../talk/talk-pane.tsx';
import { TransferCorner } from '../transfers/transfer-corner.tsx';
import { Dialogs } from './dialogs.tsx';
import css from './frame.module.css';
import { PaneTabs } from './pane-tabs.tsx';
import { usePageTitle } from './use-page-title.ts';

/** Channels, conversation and people side by side, or one of them on narrow screens. */
export function RoomFrame({ onLeave }: { readonly onLeave: () => void }) {
  const { pane } = useUi();
  const { ui } = useScope();
  usePageTitle();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what lies over the conversation, wherever it was pressed.
    <div
      className={css.frame}
      data-pane={pane}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && pane === 'people') ui.show('talk');
      }}
    >
      <ConnectionBanner />
      <div className={css.panes}>
        <ChannelsPane />
        <TalkPane />
        {pane === 'people' && (
          <button
            type="button"
            tabIndex={-1}
            aria-hidden="true"
            className={css.curtain}
            onClick={() => ui.show('talk')}
          />
        )}
        <PeoplePane />
      </div>
      <TransferCorner />
      <PaneTabs />
      <PersonMenu />
      <Dialogs onLeave={onLeave} />
      <ToastList />
    </div>
  );
}
