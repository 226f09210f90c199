import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Bridge } from '../../ipc/contract.ts';
import type { PromptView } from '../../ipc/promptView.ts';
import { Mark } from '../ui/Mark.tsx';
import { buttonsOf, PromptParts } from '../ui/PromptParts.tsx';
import { useAnswer, usePromptFocus } from '../ui/useAnswer.ts';
import { useEscape } from '../ui/useEscape.ts';
import { useFit } from '../ui/useFit.ts';
import { usePage } from '../ui/usePage.ts';

interface PromptProps {
  readonly bridge: Bridge;
  readonly first: PromptView;
}

/** The one window component: shows whatever view the main process gives, and hands back what the person does. */
export function Prompt({ bridge, first }: PromptProps): JSX.Element {
  const [view, setView] = useState(first);
  const { answer, type } = useAnswer(view);
  const form = useRef<HTMLFormElement>(null);
  const isBusy = view.progress !== null;
  useFit(form, bridge);
  useEffect(() => bridge.changed(setView), [bridge]);
  usePage(view.language, view.title);
  const cancel = (): void => void bridge.cancel(null);
  useEscape(cancel);
  usePromptFocus(form, view, 'input, button[type=submit], li button');

  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (!isBusy && view.submitLabel !== null) void bridge.submit(answer);
  };
  const act = (action: string) => () => void bridge.act(action);

  return (
    <main>
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
          <PromptParts view={view} answer={answer} type={type} act={act} />
        </div>
        <div class="buttons">
          {buttonsOf(view).inRow.map(({ id, label }) => (
            <button key={id} type="button" class="aside" onClick={act(id)}>
              {label}
            </button>
          ))}
          {view.cancelLabel !== null && (
            <button type="button" onClick={cancel}>
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
    </main>
  );
}
