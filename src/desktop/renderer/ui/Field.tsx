import type { InputHTMLAttributes, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PromptField, PromptView } from '../../ipc/promptView.ts';

interface FieldProps {
  readonly field: PromptField;
  readonly reveal: PromptView['reveal'];
  readonly value: string;
  readonly describedBy: string;
  readonly disabled: boolean;
  readonly invalid: boolean;
  readonly onInput: (value: string) => void;
}

/** One of several things to choose. */
function Choice({ field, value, describedBy, disabled, onInput }: FieldProps): JSX.Element {
  return (
    <label class="choice">
      <input
        type="checkbox"
        name={field.name}
        checked={value === 'yes'}
        disabled={disabled}
        aria-describedby={describedBy}
        onChange={(event) => onInput(event.currentTarget.checked ? 'yes' : '')}
      />
      <span>{field.label}</span>
    </label>
  );
}

/** A labelled input. A masked one has a button that shows what was typed, for checking a pasted token. */
function Input({ field, reveal, value, describedBy, disabled, invalid, onInput }: FieldProps): JSX.Element {
  const [isShown, setShown] = useState(false);
  const isMasked = field.inputType === 'password';
  const id = `field-${field.name}`;
  const hintId = `${id}-hint`;
  // Preact's types tie the attributes to one literal `type`; here it is known only when it runs.
  const attributes = {
    id,
    name: field.name,
    type: isMasked && isShown ? 'text' : field.inputType,
    value,
    placeholder: field.placeholder,
    required: field.required,
    disabled,
    'aria-invalid': invalid,
    'aria-describedby': field.hint === '' ? describedBy : `${hintId} ${describedBy}`,
    autoComplete: 'off',
    autoCapitalize: 'off',
    autoCorrect: 'off',
    spellcheck: false,
    onInput: (event: InputEvent) => onInput((event.currentTarget as HTMLInputElement).value),
  } as InputHTMLAttributes<HTMLInputElement>;
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      <div class={isMasked ? 'input masked' : 'input'}>
        <input {...attributes} />
        {isMasked && value !== '' && (
          <button
            type="button"
            class="reveal"
            disabled={disabled}
            aria-pressed={isShown}
            aria-controls={id}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? reveal.hide : reveal.show}
          </button>
        )}
      </div>
      {field.hint !== '' && (
        <p id={hintId} class="hint">
          {field.hint}
        </p>
      )}
    </div>
  );
}

/** What a person types, or chooses. */
export function Field(props: FieldProps): JSX.Element {
  return props.field.inputType === 'checkbox' ? <Choice {...props} /> : <Input {...props} />;
}
