import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  Button,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Switch,
  Text,
} from 'react-aria-components';
import { cx } from '../cx.ts';
import css from './controls.module.css';

interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

export function TextField({ label, hint, error, ...props }: TextFieldProps) {
  return (
    <AriaTextField {...props} isInvalid={error !== undefined} className={cx(css.field)}>
      <Label className={cx(css.label)}>{label}</Label>
      <Input className={cx(css.input)} />
      {hint && (
        <Text slot="description" className={cx(css.hint)}>
          {hint}
        </Text>
      )}
      <FieldError className={cx(css.error)}>{error}</FieldError>
    </AriaTextField>
  );
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly text: string;
}

interface ChoiceFieldProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly onChange: (value: V) => void;
}

export function ChoiceField<V extends string>({ label, value, choices, onChange }: ChoiceFieldProps<V>) {
  const pick = (key: unknown) => {
    const choice = choices.find((each) => each.value === key);
    if (choice) onChange(choice.value);
  };
  return (
    <Select className={cx(css.field)} value={value} onChange={pick}>
      <Label className={cx(css.label)}>{label}</Label>
      <Button className={cx(css.select)}>
        <SelectValue className={cx(css.selectValue)} />
        <ChevronDown size={16} aria-hidden />
      </Button>
      <Popover className={cx(css.popover)}>
        <ListBox className={cx(css.menu)}>
          {choices.map((choice) => (
            <ListBoxItem key={choice.value} id={choice.value} textValue={choice.text} className={cx(css.item)}>
              {choice.text}
              {choice.value === value && <Check size={16} aria-hidden />}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

interface SwitchFieldProps {
  readonly children: ReactNode;
  readonly hint?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

export function SwitchField({ children, hint, on, onChange }: SwitchFieldProps) {
  return (
    <Switch className={cx(css.switch)} isSelected={on} onChange={onChange}>
      <span className={css.switchText}>
        {children}
        {hint && <span className={css.hint}>{hint}</span>}
      </span>
      <span className={css.track} aria-hidden />
    </Switch>
  );
}
