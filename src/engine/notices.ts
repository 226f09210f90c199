import { settingsWords } from '../core/errorWords.ts';
import { listed } from '../core/localFormat.ts';
import type { Notice, NoticeAction } from '../core/notice.ts';
import { problemNotices } from '../core/problemNotices.ts';
import type { SyncState } from '../core/syncState.ts';
import { type Speech, type TextKey, text } from '../core/texts.ts';
import { type Instant, MINUTE } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { PresenceChange } from './chatWorker.ts';
import type { SyncEngine } from './syncEngine.ts';

export interface NoticesDeps {
  readonly engine: SyncEngine;
  readonly settings: SettingsStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly speech: () => Speech;
  /** What a click asks for. */
  readonly onAction: (action: NoticeAction) => void;
}

/** A chat that follows another's change within this time is the same change: one notice for one cause. */
const SAME_CHANGE = 5 * MINUTE;

const STATUS_ID = 'status';

/** Shows each cause once, and takes the notice back when the cause has gone. */
export class Notices {
  readonly #deps: NoticesDeps;
  readonly #shown = new Set<string>();
  #lastChange: { readonly title: string; readonly at: Instant } | null = null;
  #stops: readonly (() => void)[] = [];

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { engine } = this.#deps;
    this.#stops = [
      engine.onState((state) => this.#reconcile(state)),
      engine.onWritten((changes) => this.#changed(changes)),
    ];
    this.#reconcile(engine.state());
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    for (const id of this.#shown) this.#deps.notifier.close(id);
    this.#shown.clear();
  }

  #reconcile(state: SyncState): void {
    const { settings, notifier } = this.#deps;
    const speech = this.#deps.speech();
    const problems = settings.problems();
    const wanted = problemNotices(
      state,
      settings.get(),
      problems.length === 0 ? null : settingsWords(problems, speech),
      speech,
    );
    const ids = new Set(wanted.map(({ id }) => id));
    for (const id of [...this.#shown].filter((shown) => !ids.has(shown))) {
      this.#shown.delete(id);
      notifier.close(id);
    }
    for (const notice of wanted) {
      if (this.#shown.has(notice.id)) continue;
      this.#shown.add(notice.id);
      this.#show(notice);
    }
  }

  #changed(changes: readonly PresenceChange[]): void {
    const { settings, clock } = this.#deps;
    const speech = this.#deps.speech();
    const { notifications } = settings.get();
    const first = changes[0];
    if (!notifications.status || first === undefined) return;
    const title = text(titleOf(first), speech);
    const now = clock.now();
    const isSame = this.#lastChange?.title === title && now - this.#lastChange.at < SAME_CHANGE;
    this.#lastChange = { title, at: now };
    if (isSame) return;
    const chats = listed(
      changes.map(({ chat }) => chat),
      speech,
    );
    const body = text('notice.status.body', speech, { chats });
    this.#show({ id: STATUS_ID, title, body, silent: true, action: { kind: 'none' } });
  }

  #show(notice: Notice): void {
    this.#deps.notifier.show(notice, () => this.#deps.onAction(notice.action));
  }
}

function titleOf({ kind, state }: PresenceChange): TextKey {
  // A chat that shows only the text.
  if (kind === 'set' && state === 'available') return 'notice.text.title';
  if (kind === 'set')
    return state === 'dnd' ? 'notice.dnd.title' : state === 'busy' ? 'notice.busy.title' : 'notice.away.title';
  return state === 'available' ? 'notice.available.title' : 'notice.restored.title';
}
