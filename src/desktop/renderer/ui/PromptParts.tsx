import type { JSX } from 'preact';
import type { PromptAnswer, PromptView } from '../../ipc/promptView.ts';
import { Code } from './Code.tsx';
import { Field } from './Field.tsx';
import { Outcome } from './Outcome.tsx';

interface PromptPartsProps {
  readonly view: PromptView;
  readonly answer: PromptAnswer;
  readonly type: (name: string, value: string) => void;
  readonly act: (action: string) => () => void;
}

const isForCode = ({ id }: { readonly id: string }) => id === 'copyCode' || id === 'openCodePage';

/** Its other buttons: beside a field, the first stands with the window's own; ways to go elsewhere are a list. */
export function buttonsOf({ actions, fields }: PromptView) {
  const others = actions.filter((action) => !isForCode(action));
  const inRow = fields.length > 0 ? others.slice(0, 1) : [];
  return { inRow, listed: others.slice(inRow.length) };
}

/** What a prompt asks, with all that can be said of it. `#message` says what it is about. */
export function PromptParts({ view, answer, type, act }: PromptPartsProps): JSX.Element {
  const isBusy = view.progress !== null;
  const describedBy = `message${view.error === null ? '' : ' error'}`;
  const isChoice = view.fields.some(({ inputType }) => inputType === 'checkbox');
  const { listed } = buttonsOf(view);
  return (
    <>
      {view.code !== null && <Code code={view.code} actions={view.actions.filter(isForCode)} act={act} />}
      <div class={isChoice ? 'choices' : ''}>
        {view.fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            reveal={view.reveal}
            value={answer[field.name] ?? field.value}
            describedBy={describedBy}
            disabled={isBusy}
            invalid={view.error !== null && (view.errorField ?? view.fields[0]?.name) === field.name}
            onInput={(value) => type(field.name, value)}
          />
        ))}
      </div>
      {view.outcome !== null && <Outcome outcome={view.outcome} />}
      <p id="error" role="alert">
        {view.error}
      </p>
      <p data-progress tabIndex={-1} role="status" class={isBusy ? 'progress' : ''}>
        {isBusy && <span class="spinner" aria-hidden="true" />}
        {view.progress}
      </p>
      {listed.length > 0 && (
        <ul class="ways">
          {listed.map(({ id, label }) => (
            <li key={id}>
              <button type="button" class="link" onClick={act(id)}>
                {label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
