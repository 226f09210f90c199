import { accountLabel } from '../../core/accounts.ts';
import { type ActivityEntry, activityAccount } from '../../core/activity.ts';
import { activityReport } from '../../core/activityWords.ts';
import { asAppError } from '../../core/appError.ts';
import { isAllDay } from '../../core/calendarEvent.ts';
import type { Settings } from '../../core/settings.ts';
import { type Speech, text } from '../../core/texts.ts';
import { dateAt } from '../../core/time.ts';
import type { JudgedEvent, WhyPicture } from '../../core/why.ts';
import type { Activity } from '../../engine/activity.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ActivityAction, ActivitySaved, ActivityTab, ActivityView, EventOnView } from '../ipc/activityView.ts';

export interface ActivitySessionDeps {
  readonly engine: Pick<SyncEngine, 'state' | 'why' | 'onState'>;
  readonly activity: Pick<Activity, 'entries' | 'onEntry'>;
  readonly settings: () => Settings;
  readonly clock: Pick<Clock, 'now' | 'zone'>;
  readonly speech: () => Speech;
  readonly logger: Logger;
  /** The person's home folder: it is not shown to others. */
  readonly home: string;
  /** What runs here, such as `HipStatus 2.0.0 on linux`: heads what is copied and saved. */
  readonly about: string;
  readonly copy: (text: string) => void;
  /** Asks the person where, and writes it there; false when they have thought better of it. Throws `AppError`. */
  readonly save: (file: { readonly title: string; readonly name: string; readonly text: string }) => Promise<boolean>;
  readonly onView: (view: ActivityView) => void;
  readonly onEntry: (entry: ActivityEntry) => void;
  /** The person has closed it. */
  readonly onEnd: () => void;
}

/** Why and Activity in their window, from opening to closing. Knows nothing of windows. */
export class ActivitySession {
  readonly #deps: ActivitySessionDeps;
  readonly #stops: readonly (() => void)[];
  #tab: ActivityTab;

  constructor(tab: ActivityTab, deps: ActivitySessionDeps) {
    this.#deps = deps;
    this.#tab = tab;
    this.#stops = [deps.engine.onState(() => this.#tell()), deps.activity.onEntry((entry) => deps.onEntry(entry))];
  }

  view(): ActivityView {
    const { engine, settings, clock, speech } = this.#deps;
    const state = engine.state();
    const picture = engine.why();
    const { calendars, chats } = settings();
    const errors = new Map(state.chats.map(({ id, error }) => [id, error?.code ?? null]));
    return {
      speech: speech(),
      zone: clock.zone(),
      now: clock.now(),
      tab: this.#tab,
      why: picture.why,
      on: this.#on(picture),
      next: picture.next === null ? null : { state: picture.next.effect, at: picture.next.start },
      unread: state.calendars.flatMap(({ label, error }) => (error === null ? [] : [{ label, error: error.code }])),
      chats: picture.chats.map(({ account, wanted, differences, leftOut, remembered }) => ({
        id: account.id,
        label: accountLabel(account),
        wanted: wanted === null ? null : { state: wanted.state, text: wanted.text },
        differences: [...differences],
        leftOut: [...leftOut],
        remembered,
        error: errors.get(account.id) ?? null,
      })),
      accounts: [...calendars, ...chats].map((account) => ({
        ...activityAccount(account.id, account.provider),
        label: accountLabel(account),
      })),
    };
  }

  entries(): ActivityEntry[] {
    return [...this.#deps.activity.entries()];
  }

  /** What is copied and saved. */
  report(): string {
    const { activity, about, home, clock } = this.#deps;
    return activityReport(activity.entries(), { about, home, now: clock.now() });
  }

  /** Brings a tab to the front. */
  show(tab: ActivityTab): void {
    this.#tab = tab;
    this.#tell();
  }

  act(action: ActivityAction): void {
    switch (action.kind) {
      case 'tab':
        this.show(action.tab);
        break;
      case 'copy':
        this.#deps.copy(this.report());
        break;
      case 'close':
        this.#deps.onEnd();
    }
  }

  async save(): Promise<ActivitySaved> {
    const { clock, save, speech, logger } = this.#deps;
    const title = text('activity.saveAs', speech());
    const name = `HipStatus-activity-${dateAt(clock.now(), clock.zone())}.txt`;
    try {
      return (await save({ title, name, text: this.report() })) ? 'saved' : 'cancelled';
    } catch (thrown) {
      const { code, reason } = asAppError(thrown);
      logger.warn('The Activity could not be saved', { code, reason });
      return 'failed';
    }
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #on({ on }: WhyPicture<JudgedEvent>): EventOnView[] {
    const zone = this.#deps.clock.zone();
    return on.map(({ event, interval: { start, end }, verdict }) => ({
      start,
      end,
      isAllDay: isAllDay(event, zone),
      subject: event.subject,
      verdict: verdict.counts
        ? { counts: true, effect: verdict.effect, isOutOfOffice: verdict.isOutOfOffice }
        : { counts: false, because: verdict.because },
    }));
  }

  #tell(): void {
    this.#deps.onView(this.view());
  }
}
