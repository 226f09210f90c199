import type { ChatNow } from '../../core/dayState.ts';
import { busyTimes } from '../../core/overrides.ts';
import type { Settings } from '../../core/settings.ts';
import type { SyncState } from '../../core/syncState.ts';
import { type Instant, MINUTE } from '../../core/time.ts';
import type { PersonsWord } from '../../engine/personsWord.ts';
import type { WelcomeTrialView } from '../ipc/welcomeView.ts';

/** What a trial is judged by. */
export interface TrialFacts {
  readonly state: SyncState;
  readonly chats: readonly ChatNow[];
  readonly settings: Settings;
  /** Dotted paths of the keys that the organisation has set. */
  readonly locked: ReadonlySet<string>;
  readonly now: Instant;
}

/** "Show me as busy for one minute": a word of the person's as from the menu, and whether the chats have followed it. */
export class WelcomeTrial {
  readonly #word: Pick<PersonsWord, 'busy' | 'notBusy'>;
  #until: Instant | null = null;

  constructor(word: Pick<PersonsWord, 'busy' | 'notBusy'>) {
    this.#word = word;
  }

  /** Throws as `SettingsStore.update` does. Nothing happens where it would change nothing. */
  begin(facts: TrialFacts): void {
    if (this.#isOn(facts) || whyNot(facts) !== null) return;
    this.#word.busy(MINUTE);
    this.#until = facts.now + MINUTE;
  }

  /** Ends it before its time. */
  stop(facts: TrialFacts): void {
    if (!this.#isOn(facts)) return;
    this.#word.notBusy();
    this.#until = facts.now;
  }

  view(facts: TrialFacts): WelcomeTrialView {
    const until = this.#until;
    if (until === null) {
      const because = whyNot(facts);
      return { phase: because === null ? 'ready' : 'blocked', because, until: null };
    }
    const { state, chats } = facts;
    // What is left alone or out of reach can't follow; its own line says so.
    const able = state.chats.filter(({ status }) => status === 'ok').map(({ id }) => id);
    const followers = chats.filter(({ id }) => able.includes(id));
    if (this.#isOn(facts)) {
      const isShown = followers.length > 0 && followers.every(({ isOurs }) => isOurs);
      return { phase: isShown ? 'shown' : 'starting', because: null, until };
    }
    // A meeting may have begun meanwhile: then the chats go on to show that.
    const isOver = state.now?.state != null || followers.every(({ isOurs }) => !isOurs);
    return { phase: isOver ? 'over' : 'ending', because: null, until: null };
  }

  #isOn({ settings, now }: TrialFacts): boolean {
    return this.#until !== null && now < this.#until && busyTimes(settings.overrides).length > 0;
  }
}

function whyNot({ state, settings, locked, now }: TrialFacts): WelcomeTrialView['because'] {
  if ([...locked].some((path) => path === 'overrides' || path.startsWith('overrides.'))) return 'locked';
  if (state.phase === 'paused') return 'paused';
  if (busyTimes(settings.overrides).some(({ end }) => end > now)) return 'busy';
  return settings.chats.length === 0 ? 'noChat' : null;
}
