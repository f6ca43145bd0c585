import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import { cx } from '../cx.ts';
import css from './controls.module.css';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  readonly look?: 'primary' | 'secondary' | 'danger';
}

export function Button({ look = 'secondary', ...props }: ButtonProps) {
  return <AriaButton {...props} className={cx(css.button, css[look])} />;
}

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** Its name; shown on hovering, too. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly tone?: 'accent' | 'bad' | undefined;
}

export function IconButton({ label, icon, tone, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      <AriaButton {...props} aria-label={label} className={cx(css.icon)} {...(tone ? { 'data-tone': tone } : {})}>
        {icon}
      </AriaButton>
      <Tooltip className={cx(css.tooltip)} offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}

/** For what is seldom wanted: it looks like a link, and does something here. */
export function TextButton(props: Omit<AriaButtonProps, 'className' | 'style'>) {
  return <AriaButton {...props} className={cx(css.textButton)} />;
}
