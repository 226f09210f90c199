import { app } from 'electron';
import { CHAT_CAPABILITIES } from '../../adapters/chat/registry.ts';
import { electronOpener } from '../../adapters/electron/opener.ts';
import { whereToSave } from '../../adapters/electron/whereToSave.ts';
import { writeAtomic } from '../../adapters/node/atomicFile.ts';
import type { ProviderName } from '../../core/accounts.ts';
import type { Speech } from '../../core/texts.ts';
import type { Accounts } from '../../engine/accounts.ts';
import type { Activity } from '../../engine/activity.ts';
import type { CalendarChoice } from '../../engine/calendarChoice.ts';
import type { PersonsWord } from '../../engine/personsWord.ts';
import type { SelfTest } from '../../engine/selfTest.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { Updates } from '../../engine/updates.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';
import { activityWindow } from './activityWindow.ts';
import { checksWindow } from './checksWindow.ts';
import type { WindowShell } from './pageWindow.ts';
import { PreferencesWindow } from './preferencesWindow.ts';
import { SetupFlow } from './setupFlow.ts';
import { todayWindow } from './todayWindow.ts';
import type { MenuCommand } from './trayView.ts';
import { welcomeWindow } from './welcomeWindow.ts';
import { PromptWindows, type PromptWindowsDeps } from './windows.ts';

export interface WindowsDeps {
  readonly shell: WindowShell;
  readonly engine: SyncEngine;
  readonly settings: SettingsStore;
  readonly accounts: Accounts;
  readonly calendarChoice: CalendarChoice;
  readonly activity: Activity;
  readonly word: PersonsWord;
  readonly selfTest: SelfTest;
  readonly updates: Updates;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly speech: () => Speech;
  /** Whether a browser's sign-in is set up. */
  readonly canSignIn: (provider: ProviderName) => boolean;
  /** Starts the app anew, on sample data; null where it runs on them. */
  readonly startSample: (() => void) | null;
  /** The person's home folder: it is not shown to others. */
  readonly home: string;
  /** What the menu can ask for. */
  readonly run: (command: MenuCommand) => void;
}

/** Builds every window of the app. None of them is open, and none takes memory, before the person wants it. */
export function composeWindows(deps: WindowsDeps) {
  const { shell, engine, settings, accounts, calendarChoice, clock, speech, selfTest, home, run } = deps;
  const about = `HipStatus ${app.getVersion()} on ${process.platform}`;
  const asked = {
    work: {
      email: (address, signal) => accounts.changeEmail(address, signal),
      statusMessage: async (message) => accounts.changeStatusMessage(message),
      add: (provider, answers, signal, browser) => accounts.add(provider, answers, signal, browser),
      renew: (accountId, answers, signal, browser) => accounts.renew(accountId, answers, signal, browser),
      remove: (accountId) => accounts.remove(accountId),
      calendars: (accountId, signal) => calendarChoice.of(accountId, signal),
      chooseCalendars: (accountId, chosen, signal, onSignIn) =>
        calendarChoice.choose(accountId, chosen, signal, onSignIn),
    },
    speech,
    canSignIn: deps.canSignIn,
    opener: electronOpener,
  } satisfies Partial<PromptWindowsDeps>;
  const prompts = new PromptWindows({
    ...asked,
    ...shell,
    settings: () => settings.get(),
    locked: () => settings.locked(),
    onEnd: (prompt, kept) => {
      setup.ended(prompt, kept);
      shell.onClosed();
    },
  });
  const checks = checksWindow(shell, { selfTest, speech, home, about });
  const welcome = welcomeWindow(shell, {
    prompts: asked,
    settings,
    engine,
    look: (accountId, signal) => accounts.look(accountId, signal),
    word: deps.word,
    clock,
    capabilities: CHAT_CAPABILITIES,
    startSample: deps.startSample,
    checkConnections: () => checks.open(),
  });
  const setup = new SetupFlow({ engine, settings, open: () => welcome.open() });
  const activity = activityWindow(shell, {
    engine,
    activity: deps.activity,
    settings: () => settings.get(),
    clock,
    speech,
    home,
    about,
    save: async ({ title, name, text }) => {
      const file = await whereToSave({ title, name });
      if (file !== null) writeAtomic(file, text);
      return file !== null;
    },
  });
  const preferences = new PreferencesWindow(shell, {
    engine,
    settings,
    selfTest,
    clock,
    speech,
    notifier: deps.notifier,
    updates: deps.updates,
    version: app.getVersion(),
    run,
  });
  const today = todayWindow(shell, {
    engine,
    settings: () => settings.get(),
    locked: () => settings.locked(),
    clock,
    speech,
    run,
    go: (place) => {
      if (place === 'setUp') welcome.open();
      if (place === 'why') activity.open('why');
      if (place === 'preferences') preferences.open();
    },
  });
  return { prompts, checks, welcome, setup, activity, preferences, today };
}
