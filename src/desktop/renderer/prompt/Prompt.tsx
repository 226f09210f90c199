import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Bridge } from '../../ipc/contract.ts';
import type { PromptAnswer, PromptView } from '../../ipc/promptView.ts';
import { Mark } from '../ui/Mark.tsx';
import { usePage } from '../ui/speech.tsx';
import { useFit } from '../ui/useFit.ts';
import { Code } from './Code.tsx';
import { Field } from './Field.tsx';
import { Outcome } from './Outcome.tsx';

interface PromptProps {
  readonly bridge: Bridge;
  readonly first: PromptView;
}

/** What was typed lives here and nowhere else in the window; it is kept over every change of the view. */
const firstAnswer = ({ fields }: PromptView): PromptAnswer =>
  Object.fromEntries(fields.map(({ name, value }) => [name, value]));

/** The one window component: shows whatever view the main process gives, and hands back what the person does. */
export function Prompt({ bridge, first }: PromptProps): JSX.Element {
  const [view, setView] = useState(first);
  const [answer, setAnswer] = useState(() => firstAnswer(first));
  const form = useRef<HTMLFormElement>(null);
  const isBusy = view.progress !== null;
  useFit(form, bridge);

  useEffect(() => bridge.changed(setView), [bridge]);

  usePage(view.language, view.title);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      void bridge.cancel(null);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [bridge]);

  // At the opening and after every wrong answer, the person goes on typing; while they wait, Escape and Tab still work.
  const isDone = view.outcome !== null;
  useEffect(() => {
    const find = (selector: string) => form.current?.querySelector<HTMLElement>(selector);
    const start = () => find('[aria-invalid=true]') ?? find('input, button[type=submit], li button');
    const target = isBusy ? find('[data-progress]') : start();
    target?.focus();
    if (target instanceof HTMLInputElement && target.type !== 'password') target.select();
  }, [isBusy, isDone, view.error]);

  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (!isBusy && view.submitLabel !== null) void bridge.submit({ ...firstAnswer(view), ...answer });
  };
  const act = (action: string) => () => void bridge.act(action);
  const describedBy = `message${view.error === null ? '' : ' error'}`;
  const isForCode = (id: string) => id === 'copyCode' || id === 'openCodePage';
  const others = view.actions.filter(({ id }) => !isForCode(id));
  // Beside a field, the first stands with the other buttons; ways to go elsewhere are a list.
  const inRow = view.fields.length > 0 ? others.slice(0, 1) : [];
  const listed = others.slice(inRow.length);

  const isChoice = view.fields.some(({ inputType }) => inputType === 'checkbox');

  return (
    <form
      ref={form}
      noValidate
      onSubmit={onSubmit}
      aria-labelledby="title"
      aria-describedby="message"
      aria-busy={isBusy}
    >
      <Mark />
      <div class="content">
        <h1 id="title">{view.title}</h1>
        <p id="message">{view.message}</p>
        {view.code !== null && (
          <Code code={view.code} actions={view.actions.filter(({ id }) => isForCode(id))} act={act} />
        )}
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
              onInput={(value) => setAnswer((before) => ({ ...before, [field.name]: value }))}
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
      </div>
      <div class="buttons">
        {inRow.map(({ id, label }) => (
          <button key={id} type="button" class="aside" onClick={act(id)}>
            {label}
          </button>
        ))}
        {view.cancelLabel !== null && (
          <button type="button" onClick={() => void bridge.cancel(null)}>
            {view.cancelLabel}
          </button>
        )}
        {view.submitLabel !== null && (
          <button type="submit" class="default" disabled={isBusy}>
            {view.submitLabel}
          </button>
        )}
      </div>
    </form>
  );
}
