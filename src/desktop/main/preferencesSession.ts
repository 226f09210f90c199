import { AppError } from '../../core/appError.ts';
import type { AccountFact } from '../../core/checkFacts.ts';
import { changeOf, draftOf, settingsWith } from '../../core/draft.ts';
import { draftFaults } from '../../core/draftFaults.ts';
import { changedPaths, mergeDrafts } from '../../core/draftMerge.ts';
import { previewOf } from '../../core/messagePreview.ts';
import { remedyOf } from '../../core/remedy.ts';
import type { Settings } from '../../core/settings.ts';
import { type Speech, text } from '../../core/texts.ts';
import type { SelfTest } from '../../engine/selfTest.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { Updates } from '../../engine/updates.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';
import { type PreferencesTab, tabOfField } from '../ipc/preferencesTabs.ts';
import type {
  PreferencesAction,
  PreferencesDraft,
  PreferencesTried,
  PreferencesTry,
  PreferencesView,
} from '../ipc/preferencesView.ts';
import { fixOf } from './fix.ts';
import { moved, preferencesViewOf, type Trial } from './preferencesViews.ts';
import type { MenuCommand } from './trayView.ts';
import { actOnUpdates } from './updateSession.ts';

export interface PreferencesSessionDeps {
  readonly engine: Pick<SyncEngine, 'state' | 'onState' | 'dayWith' | 'timelineWith'>;
  readonly settings: SettingsStore;
  readonly selfTest: Pick<SelfTest, 'tryOne'>;
  readonly clock: Clock;
  readonly speech: () => Speech;
  readonly notifier: Notifier;
  readonly updates: Pick<Updates, 'state' | 'onState' | 'look' | 'install'>;
  /** The one that runs. */
  readonly version: string;
  /** What leads out of the window is what the menu can ask for. */
  readonly run: (command: MenuCommand) => void;
  readonly onView: (view: PreferencesView) => void;
}

const TEST_NOTICE = 'preferences-test';

/** The Preferences window, from opening to closing. Knows nothing of windows. */
export class PreferencesSession {
  readonly #deps: PreferencesSessionDeps;
  readonly #stop = new AbortController();
  readonly #trials = new Map<string, Trial>();
  readonly #stops: readonly (() => void)[];
  #tab: { readonly name: PreferencesTab; readonly asked: number };
  #draft: PreferencesDraft | null = null;

  constructor(deps: PreferencesSessionDeps, tab: PreferencesTab) {
    this.#deps = deps;
    this.#tab = { name: tab, asked: 1 };
    const show = () => deps.onView(this.view());
    this.#stops = [deps.engine.onState(show), deps.settings.subscribe(show), deps.updates.onState(show)];
  }

  view(): PreferencesView {
    const { engine, settings, clock, speech, updates, version } = this.#deps;
    return preferencesViewOf({
      update: updates.state(),
      version,
      state: engine.state(),
      settings: settings.get(),
      locked: settings.locked(),
      trials: this.#trials,
      tab: this.#tab,
      speech: speech(),
      zone: clock.zone(),
    });
  }

  /** Turns to a tab. */
  select(tab: PreferencesTab): void {
    this.#tab = { name: tab, asked: this.#tab.asked + 1 };
    this.#show();
  }

  get draft(): PreferencesDraft | null {
    return this.#draft;
  }

  /** Whether the person has typed something that is not saved. */
  get isDirty(): boolean {
    return this.#draft !== null && changedPaths(this.#draft.base, this.#draft.mine).length > 0;
  }

  /** Where the first thing is that keeps the draft from being saved; null when nothing does. */
  get faultTab(): PreferencesTab | null {
    const [fault] = this.#draft === null ? [] : this.#faults(this.#draft);
    return fault === undefined ? null : tabOfField(fault.path);
  }

  /** What would come of a draft. It is kept in mind until it is saved or discarded. */
  try({ draft, sample }: PreferencesTry): PreferencesTried {
    const { engine, clock, speech, settings } = this.#deps;
    this.#draft = draft;
    const wanted = this.#merged(draft);
    const faults = draft === null ? [] : this.#faults(draft);
    if (faults.length > 0) return { faults: [...faults], outcome: null };
    const preview = previewOf({
      sample,
      settings: wanted,
      chats: engine.state().chats.flatMap(({ id, capabilities }) => {
        const account = wanted.chats.find((chat) => chat.id === id);
        return account === undefined ? [] : [{ account, capabilities }];
      }),
      ...engine.timelineWith(wanted),
      words: {
        subject: text('preferences.sample.subject', speech()),
        location: text('preferences.sample.location', speech()),
      },
      now: clock.now(),
      zone: clock.zone(),
    });
    return { faults: [], outcome: { before: engine.dayWith(settings.get()), day: engine.dayWith(wanted), preview } };
  }

  /** Saves the draft that is under way. Throws `AppError('invalidInput')` when something is wrong with it. */
  save(): void {
    if (this.#draft !== null) this.#save(this.#draft);
  }

  /** Throws `AppError` for what can't be done. */
  act(action: Exclude<PreferencesAction, { readonly kind: 'close' }>): void | Promise<void> {
    const { settings, run } = this.#deps;
    switch (action.kind) {
      case 'tab':
        this.#tab = { ...this.#tab, name: action.tab };
        break;
      case 'set':
        settings.update(action.change as Partial<Settings>);
        break;
      case 'move':
        settings.update(moved(settings.get(), action.account, action.by));
        break;
      case 'fix':
        this.#fix(action.account);
        break;
      case 'test':
        void this.#test(action.account);
        break;
      case 'save':
        this.#save(action.draft);
        break;
      case 'discard':
        this.#draft = null;
        break;
      case 'update':
        return actOnUpdates(action.action, this.#deps);
      case 'testNotice':
        this.#showNotice();
        break;
      case 'helpDesk':
        run({ kind: 'openAddress', url: settings.get().organisation.helpDeskUrl });
        break;
      default:
        run(action);
    }
  }

  stop(): void {
    this.#stop.abort();
    for (const stop of this.#stops) stop();
  }

  #save(draft: PreferencesDraft): void {
    const { settings } = this.#deps;
    const [fault] = this.#faults(draft);
    if (fault !== undefined) throw new AppError('invalidInput', `${fault.path}: ${fault.message}`);
    const now = settings.get();
    const change = changeOf(mergeDrafts(draft.base, draft.mine, draftOf(now)).draft, now);
    if (Object.keys(change).length > 0) settings.update(change);
    this.#draft = null;
    this.#show();
  }

  #merged(draft: PreferencesDraft | null): Settings {
    const now = this.#deps.settings.get();
    return draft === null ? now : settingsWith(mergeDrafts(draft.base, draft.mine, draftOf(now)).draft, now);
  }

  #faults(draft: PreferencesDraft) {
    const now = this.#deps.settings.get();
    return draftFaults(mergeDrafts(draft.base, draft.mine, draftOf(now)).draft, now);
  }

  #showNotice(): void {
    const { notifier, speech } = this.#deps;
    const title = text('preferences.testNotice.title', speech());
    const body = text('preferences.testNotice.body', speech());
    notifier.show({ id: TEST_NOTICE, title, body, silent: true, action: { kind: 'none' } }, () => undefined);
  }

  #fix(id: string): void {
    const { engine, settings, speech, run } = this.#deps;
    const { calendars, chats } = engine.state();
    const account = [...calendars, ...chats].find((one) => one.id === id);
    const fix = account === undefined ? null : fixOf(remedyOf(account, settings.get()), speech());
    if (fix !== null) run(fix.command);
  }

  async #test(id: string): Promise<void> {
    const before = this.#trials.get(id);
    if (before?.isRunning === true) return;
    this.#trials.set(id, { isRunning: true, at: before?.at ?? null, fact: before?.fact ?? null });
    this.#show();
    const fact = await this.#tried(id);
    if (fact === null) this.#trials.delete(id);
    else this.#trials.set(id, { isRunning: false, at: this.#deps.clock.now(), fact });
    this.#show();
  }

  /** Null when the account has gone meanwhile. */
  async #tried(id: string): Promise<AccountFact | null> {
    try {
      return await this.#deps.selfTest.tryOne(id, this.#stop.signal);
    } catch {
      return null;
    }
  }

  #show(): void {
    if (!this.#stop.signal.aborted) this.#deps.onView(this.view());
  }
}
