import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  FieldError,
  Input,
  Label,
  Text,
  ToggleButton,
} from 'react-aria-components';
import { t } from '../../i18n/t.ts';
import { cx } from '../cx.ts';
import css from './controls.module.css';

interface PasswordFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children' | 'type'> {
  readonly label: string;
  /** For the browser's own keeping of passwords. */
  readonly autoComplete: 'current-password' | 'new-password' | 'off';
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

const MAX_LENGTH = 256;

/** A text that nobody who looks over the shoulder should read, unless its writer wants to see it. */
export function PasswordField({ label, hint, error, ...props }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <AriaTextField
      maxLength={MAX_LENGTH}
      {...props}
      type={shown ? 'text' : 'password'}
      isInvalid={error !== undefined}
      className={cx(css.field)}
    >
      <Label className={cx(css.label)}>{label}</Label>
      <div className={css.secret}>
        <Input className={cx(css.input)} autoCapitalize="none" spellCheck={false} />
        <ToggleButton
          isSelected={shown}
          onChange={setShown}
          aria-label={t('password.show')}
          className={cx(css.icon, css.reveal)}
        >
          <Icon size={18} aria-hidden />
        </ToggleButton>
      </div>
      {hint && (
        <Text slot="description" className={cx(css.hint)}>
          {hint}
        </Text>
      )}
      <FieldError className={cx(css.error)}>{error}</FieldError>
    </AriaTextField>
  );
}
