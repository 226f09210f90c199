import type { ComponentChildren, JSX } from 'preact';
import { useWords } from '../ui/speech.tsx';
import { type Field, useField } from './form.tsx';

/** What is wrong with a field, told at once to those who listen. */
export const FieldError = ({ field: { error, errorId } }: { readonly field: Field }): JSX.Element => (
  <p id={errorId} role="alert" class={error === '' ? '' : 'error'}>
    {error}
  </p>
);

/** Says that the organisation has set something. */
export function LockedHint({ id }: { readonly id: string }): JSX.Element {
  const { t } = useWords();
  return (
    <p id={id} class="hint locked">
      {t('preferences.locked')}
    </p>
  );
}

/** The attributes that tie an input to its error and hint. */
export const described = ({ error, errorId, disabled, id }: Field, hint = '') => ({
  'aria-invalid': error !== '',
  'aria-describedby':
    [error === '' ? '' : errorId, hint === '' && !disabled ? '' : `${id}-hint`].filter((one) => one !== '').join(' ') ||
    undefined,
});

interface RowProps {
  readonly field: Field;
  readonly label: string;
  readonly hint?: string;
  /** The input has a row of its own. */
  readonly isWhole?: boolean;
  readonly children: ComponentChildren;
}

/** A label, its input, and beneath what is to be known of it. */
export function Row({ field, label, hint = '', isWhole = false, children }: RowProps): JSX.Element {
  return (
    <div class={isWhole ? 'setting whole' : 'setting'}>
      <label for={field.id}>{label}</label>
      {children}
      {field.disabled ? (
        <LockedHint id={`${field.id}-hint`} />
      ) : (
        hint !== '' && (
          <p id={`${field.id}-hint`} class="hint">
            {hint}
          </p>
        )
      )}
      <FieldError field={field} />
    </div>
  );
}

interface NumberProps {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

/** A number of minutes. What is typed stays, also when it is none. */
export function MinutesField({ path, label, hint = '', value, onInput }: NumberProps): JSX.Element {
  const { t } = useWords();
  const field = useField(path);
  return (
    <Row field={field} label={label} hint={hint}>
      <span class="with-unit">
        <input
          id={field.id}
          class="minutes"
          inputMode="numeric"
          autoComplete="off"
          value={value}
          disabled={field.disabled}
          {...described(field, hint)}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        <span aria-hidden="true">{t('preferences.minutes')}</span>
      </span>
    </Row>
  );
}

interface SelectProps<Value extends string> {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few. */
export function SelectField<Value extends string>(props: SelectProps<Value>): JSX.Element {
  const { path, label, hint = '', value, options, onChange } = props;
  const field = useField(path);
  return (
    <Row field={field} label={label} hint={hint}>
      <select
        id={field.id}
        value={value}
        disabled={field.disabled}
        {...described(field, hint)}
        onChange={(event) => {
          const chosen = options.find((one) => one.value === event.currentTarget.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Row>
  );
}

interface CheckProps {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Yes or no, as a part of the draft: a box and no switch, because it takes effect only when it is saved. */
export function CheckField({ path, label, hint = '', checked, onChange }: CheckProps): JSX.Element {
  const field = useField(path);
  return (
    <Row field={field} label={label} hint={hint}>
      <input
        id={field.id}
        type="checkbox"
        checked={checked}
        disabled={field.disabled}
        {...described(field, hint)}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </Row>
  );
}
