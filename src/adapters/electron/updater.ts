import type { Session } from 'electron';
import type { UpdateInfo } from 'electron-updater';
import { MINUTE } from '../../core/time.ts';
import type { UpdateChannel } from '../../core/updateState.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { FoundUpdate, Updater, UpdateSource } from '../../ports/updater.ts';
import type { ProxyLogin } from './fetch.ts';
import { keepFile } from './keepFile.ts';
import { withPatience } from './patience.ts';
import { notInstalledError, stalledError, updateError } from './updateErrors.ts';
import type { UpdaterRuntime } from './updaterRuntime.ts';
import { type Installation, updateSupport } from './updateSupport.ts';

export interface ElectronUpdaterDeps {
  /** The session that the app's own calls go through. */
  readonly session: Session;
  readonly proxyLogin: ProxyLogin;
  readonly clock: Clock;
  readonly version: string;
  readonly installation: Installation;
  /** For tests of an app that is not packaged: what stands for `app-update.yml`. Null otherwise. */
  readonly updateConfig: string | null;
}

/** The list of versions is small. */
const LOOK_PATIENCE = MINUTE;
/** Without a byte for so long, a download is given up. */
const STALL_PATIENCE = 2 * MINUTE;
/** Until the installer runs (Windows), the file is in place (AppImage), or the person has given their password (deb). */
const INSTALL_PATIENCE = 5 * MINUTE;

/** The names that electron-builder gives the lists: `latest-linux.yml`, `beta-linux.yml`. */
const LISTS: Readonly<Record<UpdateChannel, string>> = { stable: 'latest', beta: 'beta' };

/** Whether a version for a part of all is for this computer, too. */
const isWithin = (share: number, percentage: number): boolean => Number.isNaN(percentage) || share * 100 < percentage;

/**
 * New versions by electron-updater, from a folder of files on a web server (its "generic" provider). It verifies what it loads: by
 * SHA-512 of the feed everywhere, on macOS and Windows by the app's signature too.
 */
export class ElectronUpdater implements Updater {
  readonly #deps: ElectronUpdaterDeps;
  #loaded: UpdaterRuntime | null = null;

  constructor(deps: ElectronUpdaterDeps) {
    this.#deps = deps;
  }

  get version(): string {
    return this.#deps.version;
  }

  support() {
    return updateSupport(this.#deps.installation);
  }

  async look({ feed, channel, share }: UpdateSource, signal: AbortSignal): Promise<FoundUpdate | null> {
    const { updater } = await this.#load();
    updater.isUserWithinRollout = ({ stagingPercentage }) => isWithin(share, Number(stagingPercentage ?? 100));
    return this.#within(LOOK_PATIENCE, signal, async () => {
      // Multiple ranges in one request are what proxies and simple servers get wrong.
      updater.setFeedURL({ provider: 'generic', url: feed, channel: LISTS[channel], useMultipleRangeRequest: false });
      // Whoever has left the channel for trying out goes back to what is finished, when they say so.
      const isPreview = updater.currentVersion.prerelease.length > 0;
      updater.allowDowngrade = isPreview && channel === 'stable';
      const answer = await updater.checkForUpdates();
      if (answer?.isUpdateAvailable !== true) return null;
      const { version, releaseNotes }: UpdateInfo = answer.updateInfo;
      return { version, notes: releaseNotes, isOlder: updater.currentVersion.compare(version) > 0 };
    });
  }

  async download(onPercent: (percent: number) => void, signal: AbortSignal): Promise<void> {
    const { updater, newToken } = await this.#load();
    const token = newToken();
    await this.#within(STALL_PATIENCE, signal, async (goOn) => {
      const progress = ({ percent }: { readonly percent: number }) => {
        goOn();
        onPercent(percent);
      };
      const cancel = () => token.cancel();
      signal.addEventListener('abort', cancel);
      updater.on('download-progress', progress);
      try {
        await updater.downloadUpdate(token);
      } finally {
        signal.removeEventListener('abort', cancel);
        updater.off('download-progress', progress);
      }
    });
  }

  async install(): Promise<void> {
    const { platform, env } = this.#deps.installation;
    const image = platform === 'linux' ? (env['APPIMAGE'] ?? null) : null;
    const install = () => this.#quitAndInstall();
    await (image === null ? install() : keepFile(image, install));
  }

  /** Ends when the new version is on its way: in place and started, or with an installer that waits for our end. */
  async #quitAndInstall(): Promise<void> {
    const { updater, onceQuitting } = await this.#load();
    const timers: Timer[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const failed = (thrown: unknown) => reject(notInstalledError(thrown));
        updater.once('error', failed);
        // What it ends with everywhere; on macOS not before the installer waits for our end.
        onceQuitting(resolve);
        timers.push(this.#deps.clock.after(INSTALL_PATIENCE, () => failed(undefined)));
        updater.quitAndInstall(true, true);
      });
    } finally {
      for (const timer of timers) timer.stop();
    }
  }

  async #load(): Promise<UpdaterRuntime> {
    if (this.#loaded !== null) return this.#loaded;
    const { session, proxyLogin, updateConfig } = this.#deps;
    const { openUpdater } = await import('./updaterRuntime.ts');
    this.#loaded ??= openUpdater({ session, proxyLogin, config: updateConfig });
    return this.#loaded;
  }

  /** @param limit milliseconds without a sign of life */
  async #within<T>(limit: number, signal: AbortSignal, work: (goOn: () => void) => Promise<T>): Promise<T> {
    const { requests } = await this.#load();
    requests.begin();
    let isStalled = false;
    const giveUp = (reason: 'stalled' | 'aborted') => {
      isStalled = reason === 'stalled';
      requests.fail(stalledError());
    };
    try {
      return await withPatience({ clock: this.#deps.clock, limit, signal, giveUp }, work);
    } catch (thrown) {
      throw isStalled ? stalledError() : updateError(thrown, requests.status);
    }
  }
}
