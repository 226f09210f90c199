import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChecksAction, ChecksLine, ChecksView } from '../../ipc/checksView.ts';
import type { Bridge } from '../../ipc/contract.ts';
import { Mark } from '../ui/Mark.tsx';
import { useFit } from '../ui/useFit.ts';
import { usePage } from '../ui/usePage.ts';

interface ChecksProps {
  readonly bridge: Bridge;
  readonly first: ChecksView;
}

/** How long the button says that it has copied; milliseconds. */
const SAID_FOR = 2_000;

const SIGNS: Readonly<Record<ChecksLine['status'], string>> = { ok: '✓', failed: '✕', unknown: '–' };

function Line({ line }: { readonly line: ChecksLine }): JSX.Element {
  const { id, title, status, word, text, nextStep } = line;
  return (
    <li class={status} data-check={id}>
      <span class="sign" role="img" aria-label={word}>
        {SIGNS[status]}
      </span>
      <div>
        <strong>{title}</strong>
        <p>{text}</p>
        {nextStep !== null && nextStep !== '' && <p class="next">{nextStep}</p>}
      </div>
    </li>
  );
}

/** The self-test: a list to read, and buttons to repeat, copy and close. */
export function Checks({ bridge, first }: ChecksProps): JSX.Element {
  const [view, setView] = useState(first);
  const [isCopied, setCopied] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { language, title, message, isRunning, lines, labels } = view;
  const [fitting] = useState({ fit: bridge.checksFit });
  useFit(form, fitting);

  useEffect(() => {
    const stop = bridge.checksChanged(setView);
    // What was told before anybody listened is asked for.
    void bridge.checks(null).then((now) => (now.ok ? setView(now.value) : undefined));
    return stop;
  }, [bridge]);

  usePage(language, title);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      void bridge.checksAct('close');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [bridge]);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SAID_FOR);
    return () => clearTimeout(timer);
  }, [isCopied]);

  // Not `disabled`: that would take the focus from the button that was pressed.
  const mayNot: Readonly<Record<ChecksAction, boolean>> = {
    again: isRunning,
    copy: isRunning || lines.length === 0,
    close: false,
  };
  const act = (action: ChecksAction) => () => {
    if (mayNot[action]) return;
    void bridge.checksAct(action);
    if (action === 'copy') setCopied(true);
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    act('close')();
  };

  return (
    <main>
      <form ref={form} onSubmit={onSubmit} aria-labelledby="title" aria-describedby="message" aria-busy={isRunning}>
        <Mark />
        <div class="content">
          <h1 id="title">{title}</h1>
          <p id="message" role="status">
            {isRunning && <span class="spinner" aria-hidden="true" />}
            {message}
          </p>
        </div>
        {lines.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
          <ul class="checks" tabIndex={0} aria-label={title}>
            {lines.map((line) => (
              <Line key={line.id} line={line} />
            ))}
          </ul>
        )}
        <div class="buttons">
          <button type="button" class="aside" aria-disabled={mayNot.copy} onClick={act('copy')}>
            {isCopied ? labels.copied : labels.copy}
          </button>
          <button type="button" aria-disabled={mayNot.again} onClick={act('again')}>
            {labels.again}
          </button>
          <button type="submit" class="default">
            {labels.close}
          </button>
        </div>
      </form>
    </main>
  );
}
