import { useEffect, useRef, useState } from 'preact/hooks';
import type { Draft } from '../../../core/draft.ts';
import { changedPaths, mergeDrafts } from '../../../core/draftMerge.ts';
import type { Bridge, Envelope } from '../../ipc/contract.ts';
import type { PreferencesDraft, PreferencesTried, PreferencesTry, PreferencesView } from '../../ipc/preferencesView.ts';

type Sample = PreferencesTry['sample'];
type Outcome = NonNullable<PreferencesTried['outcome']>;

/** What the person has typed in Rules and Messages, and what comes of it. */
export interface DraftHandle {
  readonly draft: Draft;
  readonly isDirty: boolean;
  /** What others have changed meanwhile, too; what was typed here is kept. */
  readonly conflicts: readonly string[];
  readonly faults: PreferencesTried['faults'];
  /** Of the last draft that nothing was wrong with. */
  readonly outcome: Outcome | null;
  readonly sample: Sample;
  change(change: Partial<Draft>): void;
  look(sample: Sample): void;
  save(): Promise<Envelope<null>>;
  discard(): void;
}

interface State extends PreferencesDraft {
  readonly conflicts: readonly string[];
}

const NEXT: Sample = { kind: 'next' };
const NOTHING: PreferencesTried = { faults: [], outcome: null };

/** Asks one after the other; of those that are asked meanwhile only the last. */
function useLatest<Request, Answer>(ask: (request: Request) => Promise<Answer>, onAnswer: (answer: Answer) => void) {
  const waiting = useRef<{ request: Request } | null>(null);
  const isAsking = useRef(false);
  return async (request: Request): Promise<void> => {
    waiting.current = { request };
    if (isAsking.current) return;
    isAsking.current = true;
    while (waiting.current !== null) {
      const next = waiting.current;
      waiting.current = null;
      onAnswer(await ask(next.request));
    }
    isAsking.current = false;
  };
}

/** The draft lives here; the main process is told of every change, and says what would come of it. */
export function useDraft(bridge: Bridge, view: PreferencesView, first: PreferencesDraft | null): DraftHandle {
  const [state, setState] = useState<State>(() => ({ ...(first ?? fresh(view)), conflicts: [] }));
  const [sample, setSample] = useState<Sample>(NEXT);
  const [tried, setTried] = useState<PreferencesTried>(NOTHING);
  const saved = useRef(view.saved);
  saved.current = view.saved;
  const isDirty = changedPaths(state.base, state.mine).length > 0;
  const ask = useLatest(bridge.preferencesTry, (answer) => {
    if (!answer.ok) return;
    // What is drawn stays, as long as there is nothing new to draw.
    setTried(({ outcome }) => ({ ...answer.value, outcome: answer.value.outcome ?? outcome }));
  });

  const savedKey = JSON.stringify(view.saved);
  useEffect(() => setState((before) => taken(before, view.saved)), [savedKey]);

  useEffect(() => {
    void ask({ draft: isDirty ? { base: state.base, mine: state.mine } : null, sample });
  }, [state, sample, view]);

  const reset = (): void => setState({ base: saved.current, mine: saved.current, conflicts: [] });
  return {
    draft: state.mine,
    isDirty,
    conflicts: state.conflicts,
    faults: tried.faults,
    outcome: tried.outcome,
    sample,
    change: (change) => setState((before) => ({ ...before, mine: { ...before.mine, ...change } })),
    look: setSample,
    save: async () => {
      const answer = await bridge.preferencesAct({ kind: 'save', draft: { base: state.base, mine: state.mine } });
      if (answer.ok) reset();
      return answer;
    },
    discard: () => {
      reset();
      void bridge.preferencesAct({ kind: 'discard' });
    },
  };
}

const fresh = ({ saved }: PreferencesView): PreferencesDraft => ({ base: saved, mine: saved });

/** The settings have changed: what the person has not touched follows them. */
function taken(before: State, saved: Draft): State {
  const { draft, conflicts } = mergeDrafts(before.base, before.mine, saved);
  const still = before.conflicts.filter((path) => changedPaths(saved, draft).includes(path));
  return { base: saved, mine: draft, conflicts: [...new Set([...still, ...conflicts])] };
}
