import { errorWords } from '../../core/errorWords.ts';
import { remedyOf } from '../../core/remedy.ts';
import type { Settings } from '../../core/settings.ts';
import type { SyncState } from '../../core/syncState.ts';
import type { Speech } from '../../core/texts.ts';
import { MINUTE } from '../../core/time.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { TodayAction, TodayPlace, TodayView } from '../ipc/todayView.ts';
import { fixOf } from './fix.ts';
import type { MenuCommand } from './trayView.ts';
import { wordsNow } from './wordsNow.ts';

export interface TodaySessionDeps {
  readonly engine: Pick<SyncEngine, 'state' | 'day' | 'onState'>;
  readonly settings: () => Settings;
  /** Dotted paths of the keys that the organisation has set. */
  readonly locked: () => ReadonlySet<string>;
  readonly clock: Clock;
  readonly speech: () => Speech;
  /** What the buttons ask for is what the menu can ask for. */
  readonly run: (command: MenuCommand) => void;
  readonly go: (place: TodayPlace) => void;
  readonly onView: (view: TodayView) => void;
  /** The person has closed it, or gone elsewhere. */
  readonly onEnd: () => void;
}

/** The Today window, from opening to closing. Knows nothing of windows. */
export class TodaySession {
  readonly #deps: TodaySessionDeps;
  readonly #unsubscribe: () => void;
  #minute: Timer | null = null;

  constructor(deps: TodaySessionDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.engine.onState(() => this.#tell());
    this.#tick();
  }

  view(): TodayView {
    const { engine, settings, locked, clock, speech } = this.#deps;
    const state = engine.state();
    const { picture, isKnown, isWhole, chats } = engine.day();
    const words = wordsNow({ state, settings: settings(), locked: locked(), now: clock.now() });
    return {
      speech: speech(),
      state,
      day: picture,
      isKnown,
      isWhole,
      chats: [...chats],
      may: { pause: words.mayPause, notFor: words.mayNotFor, busy: words.mayBusy },
      busyUntil: words.busyUntil,
      troubles: this.#troubles(state),
    };
  }

  act(action: TodayAction): void {
    const { run, go, onEnd } = this.#deps;
    switch (action.kind) {
      case 'setUp':
      case 'preferences':
      case 'why':
        onEnd();
        go(action.kind);
        break;
      case 'close':
        onEnd();
        break;
      case 'fix':
        this.#fix(action.account);
        break;
      default:
        run(action);
    }
  }

  stop(): void {
    this.#unsubscribe();
    this.#minute?.stop();
  }

  #troubles(state: SyncState): TodayView['troubles'] {
    const { settings, speech } = this.#deps;
    return Object.fromEntries(
      [...state.calendars, ...state.chats].flatMap((account) => {
        if (account.error === null) return [];
        const words = errorWords(account.error, speech(), account.label);
        return [[account.id, { words, fix: fixOf(remedyOf(account, settings()), speech())?.label ?? null }]];
      }),
    );
  }

  #fix(id: string): void {
    const { engine, settings, speech, run, onEnd } = this.#deps;
    const { calendars, chats } = engine.state();
    const account = [...calendars, ...chats].find((one) => one.id === id);
    const fix = account === undefined ? null : fixOf(remedyOf(account, settings()), speech());
    if (fix === null) return;
    onEnd();
    run(fix.command);
  }

  #tell(): void {
    this.#deps.onView(this.view());
  }

  /** The line of now goes on, also while nothing happens. */
  #tick(): void {
    const { clock } = this.#deps;
    this.#minute = clock.after(MINUTE - (clock.now() % MINUTE), () => {
      this.#tell();
      this.#tick();
    });
  }
}
