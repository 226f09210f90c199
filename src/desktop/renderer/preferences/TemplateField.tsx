import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { MARKS, type Mark } from '../../../core/templates.ts';
import type { PreferencesTry } from '../../ipc/preferencesView.ts';
import { useWords } from '../ui/speech.tsx';
import { described, FieldError, LockedHint, Row } from './fields.tsx';
import { type Field, useField, useForm } from './form.tsx';

interface InputProps {
  readonly field: Field;
  readonly value: string;
  readonly hint: string;
  readonly isEmoji: boolean;
  readonly disabled: boolean;
  /** What the preview is turned to, while it is typed. */
  readonly sample: PreferencesTry['sample'];
  readonly onInput: (value: string) => void;
}

/** A status text, with buttons that put in what is filled in later; or an emoji. */
function TemplateInput({ field, value, hint, isEmoji, disabled, sample, onInput }: InputProps): JSX.Element {
  const { t } = useWords();
  const { look } = useForm();
  const input = useRef<HTMLInputElement>(null);
  const insert = (mark: Mark): void => {
    const element = input.current;
    if (element === null) return;
    const [start, end] = [element.selectionStart ?? value.length, element.selectionEnd ?? value.length];
    element.setRangeText(`{${mark}}`, start, end, 'end');
    onInput(element.value);
    element.focus();
  };
  return (
    <div class="template">
      <input
        ref={input}
        id={field.id}
        autoComplete="off"
        value={value}
        disabled={disabled}
        {...described({ ...field, disabled: field.disabled }, hint)}
        onFocus={() => look(sample)}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {!isEmoji && !disabled && (
        <div class="row marks">
          <span class="soft small">{t('preferences.marks')}</span>
          {MARKS.map((mark) => (
            <button key={mark} type="button" class="small-button" onClick={() => insert(mark)}>
              {t(`preferences.marks.${mark}`)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

interface TemplateFieldProps {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly isEmoji?: boolean;
  readonly value: string;
  readonly sample: PreferencesTry['sample'];
  readonly onInput: (value: string) => void;
}

/** One of the usual texts, or its emoji. */
export function TemplateField({ path, label, hint = '', isEmoji = false, ...rest }: TemplateFieldProps): JSX.Element {
  const field = useField(path);
  return (
    <Row field={field} label={label} hint={hint} isWhole>
      <TemplateInput field={field} hint={hint} isEmoji={isEmoji} disabled={field.disabled} {...rest} />
    </Row>
  );
}

interface OwnTemplateProps {
  readonly path: string;
  readonly label: string;
  /** Whose it is, for those who do not see what is above. */
  readonly of: string;
  readonly isEmoji?: boolean;
  /** Null: as everywhere. */
  readonly value: string | null;
  readonly usual: string;
  readonly sample: PreferencesTry['sample'];
  readonly onChange: (value: string | null) => void;
}

/** A text or emoji that may be the usual one. */
export function OwnTemplate(props: OwnTemplateProps): JSX.Element {
  const { path, label, of, isEmoji = false, value, usual, sample, onChange } = props;
  const { t } = useWords();
  const field = useField(path);
  return (
    <fieldset class="setting whole" aria-label={`${of}: ${label}`}>
      <label class="check">
        <input
          type="checkbox"
          checked={value !== null}
          disabled={field.disabled}
          onChange={(event) => onChange(event.currentTarget.checked ? usual : null)}
        />
        {t('preferences.messages.own', { what: label })}
      </label>
      {value !== null && (
        <>
          <label for={field.id} class="unseen">
            {`${of}: ${label}`}
          </label>
          <TemplateInput
            field={field}
            hint=""
            value={value}
            isEmoji={isEmoji}
            disabled={field.disabled}
            sample={sample}
            onInput={onChange}
          />
        </>
      )}
      {field.disabled && <LockedHint id={`${field.id}-hint`} />}
      <FieldError field={field} />
    </fieldset>
  );
}
