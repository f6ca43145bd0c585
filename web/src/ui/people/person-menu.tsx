import { useEffect, useRef } from 'react';
import { Header, Menu, MenuItem, MenuSection, Popover, Text } from 'react-aria-components';
import type { WireMember } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { memberNamed } from '../../room/selectors.ts';
import controls from '../controls/controls.module.css';
import { cx } from '../cx.ts';
import { useCameras, useRoom, useScope, useUi } from '../session-context.ts';
import { meetingActions } from './meeting-actions.ts';
import css from './people.module.css';
import { operatorActions, type PersonAction, personalActions } from './person-actions.tsx';

const FIRST = '[role=menuitem]:not([aria-disabled=true])';

/** One menu for all people of the page: hundreds of rows need not have one each. */
export function PersonMenu() {
  const { person } = useUi();
  const { ui } = useScope();
  const anchor = useRef<Element | null>(null);
  anchor.current = person?.anchor ?? anchor.current;
  return (
    <Popover
      className={cx(controls.popover)}
      triggerRef={anchor}
      isOpen={person !== undefined}
      onOpenChange={(open) => !open && ui.closePerson()}
      placement="bottom end"
      aria-label={t('people.actions', { name: person?.name ?? '' })}
    >
      {person && <Actions name={person.name} />}
    </Popover>
  );
}

function Actions({ name }: { readonly name: string }) {
  const scope = useScope();
  const room = useRoom((current) => current);
  const cameras = useCameras((state) => state);
  // Somebody who left can still be written to, muted, blocked.
  const member: Pick<WireMember, 'name' | 'camera' | 'operator' | 'noDirect'> = memberNamed(room, name) ?? {
    name,
    camera: 0,
    operator: false,
  };
  const about = { member, present: memberNamed(room, name) !== undefined, room, cameras, scope };
  const personal = personalActions(about);
  const here = memberNamed(room, name);
  const moderating = room.self?.operator && here ? meetingActions(scope.session, here) : [];
  const operator = [...moderating, ...operatorActions(about)];
  const run = (key: string | number) => {
    scope.ui.closePerson();
    [...personal, ...operator].find((action) => action.id === key)?.run();
  };
  const menu = useRef<HTMLDivElement>(null);
  // `autoFocus` focuses the menu alone where a plain button opened it. The items are rendered after it.
  useEffect(() => {
    const frame = requestAnimationFrame(() => menu.current?.querySelector<HTMLElement>(FIRST)?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <Menu ref={menu} className={cx(controls.menu)} onAction={run} aria-label={t('people.actions', { name })}>
      <Section title={name} actions={personal} />
      {operator.length > 0 && <Section title={t('person.section-operator')} actions={operator} />}
    </Menu>
  );
}

function Section({ title, actions }: { readonly title: string; readonly actions: readonly PersonAction[] }) {
  return (
    <MenuSection>
      <Header className={cx(controls.sectionTitle)}>{title}</Header>
      {actions.map(({ id, text, icon: Icon, danger, prevented }) => (
        <MenuItem
          key={id}
          id={id}
          textValue={text}
          className={cx(controls.item)}
          isDisabled={prevented !== undefined}
          {...(danger ? { 'data-tone': 'bad' } : {})}
        >
          <Icon size={17} aria-hidden />
          {prevented === undefined ? (
            text
          ) : (
            <span className={css.prevented}>
              <Text slot="label">{text}</Text>
              <Text slot="description">{prevented}</Text>
            </span>
          )}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
