import { join } from 'node:path';
import { app, BrowserWindow, type Session } from 'electron';
import type { ProxyLogin } from '../../adapters/electron/fetch.ts';
import { ElectronUpdater } from '../../adapters/electron/updater.ts';
import { createUpdateMemory } from '../../adapters/node/updateMemory.ts';
import { asAppError } from '../../core/appError.ts';
import type { NoticeAction } from '../../core/notice.ts';
import type { Speech } from '../../core/texts.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import { UpdateNotice } from '../../engine/updateNotice.ts';
import { Updates } from '../../engine/updates.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';
import type { Shell } from './shell.ts';

export interface UpdatesShell {
  readonly home: string;
  readonly session: Session;
  readonly proxyLogin: ProxyLogin;
  readonly engine: SyncEngine;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly endWith: Shell['endWith'];
  readonly notifier: Notifier;
  readonly speech: () => Speech;
  /** What a click on a notice asks for. */
  readonly onAction: (action: NoticeAction) => void;
}

/** What stands for `app-update.yml` in tests of the app as it lies in the work tree; a packaged app does not look at it. */
const TEST_CONFIG = 'HIPSTATUS_TEST_UPDATE_CONFIG';

/** Once the presence is given back and the home folder is free. The new version may not take us for a first one that runs. */
async function installOrReturn(install: () => Promise<void>, logger: Logger): Promise<void> {
  app.releaseSingleInstanceLock();
  try {
    await install();
  } catch (thrown) {
    const { code, reason } = asAppError(thrown);
    logger.error('The update could not be installed', { code, reason });
    const image = process.env['APPIMAGE'];
    app.relaunch({ ...(image === undefined ? {} : { execPath: image }), args: process.argv.slice(1) });
  }
}

/** Updates as the rest of the app knows them. */
export interface AppUpdates {
  readonly updates: Updates;
  /** For the menu, which has no window to say in what came of it. */
  look(): Promise<void>;
  install(): Promise<void>;
  /** @returns the stop */
  start(): () => void;
}

export function composeUpdates(shell: UpdatesShell): AppUpdates {
  const { home, session, proxyLogin, endWith, notifier, speech, onAction, ...deps } = shell;
  const updateConfig = app.isPackaged ? null : (process.env[TEST_CONFIG] ?? null);
  const version = app.getVersion();
  const updates = new Updates({
    ...deps,
    updater: new ElectronUpdater({
      session,
      proxyLogin,
      clock: deps.clock,
      version,
      installation: {
        platform: process.platform,
        env: process.env,
        resources: process.resourcesPath,
        execPath: process.execPath,
        isPackaged: app.isPackaged || updateConfig !== null,
      },
      updateConfig,
    }),
    memory: createUpdateMemory(join(home, 'updates.json')),
    isWindowOpen: () => BrowserWindow.getAllWindows().some((window) => window.isVisible()),
    restart: (install) => endWith(() => installOrReturn(install, deps.logger)),
  });
  const notice = new UpdateNotice({ updates, settings: deps.settings, notifier, speech, onAction, version });
  return {
    updates,
    look: () => updates.look().then(() => notice.answer()),
    install: () => updates.install().then(() => notice.answer()),
    start() {
      updates.start();
      notice.start();
      return () => {
        notice.stop();
        updates.stop();
      };
    },
  };
}
