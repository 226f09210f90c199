import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PromptAnswer, PromptView } from '../../ipc/promptView.ts';

/** What was typed lives here and nowhere else in the window; it is kept over every change of the view. */
export function useAnswer(view: PromptView): {
  readonly answer: PromptAnswer;
  readonly type: (name: string, value: string) => void;
} {
  const [typed, setTyped] = useState<PromptAnswer>({});
  const first = Object.fromEntries(view.fields.map(({ name, value }) => [name, value]));
  return {
    answer: { ...first, ...typed },
    type: (name, value) => setTyped((before) => ({ ...before, [name]: value })),
  };
}

/**
 * At the opening and after every wrong answer, the person goes on typing; while they wait, Escape and Tab still work.
 * @param start where the person begins: the first of these that is there
 */
export function usePromptFocus(
  form: RefObject<HTMLElement | null>,
  view: PromptView,
  ...start: readonly string[]
): void {
  const isBusy = view.progress !== null;
  const isDone = view.outcome !== null;
  useEffect(() => {
    const find = (selector: string) => form.current?.querySelector<HTMLElement>(selector) ?? null;
    const places = isBusy ? ['[data-progress]'] : ['[aria-invalid=true]', ...start];
    const target = places.map(find).find((place) => place !== null);
    target?.focus();
    if (target instanceof HTMLInputElement && target.type !== 'password') target.select();
  }, [isBusy, isDone, view.error]);
}
