import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Fetch, watchFetch } from '../adapters/http.ts';
import { createActivityFile } from '../adapters/node/activityFile.ts';
import { cronCadence } from '../adapters/node/cadence.ts';
import { type CertificateFile, readCertificateFiles } from '../adapters/node/certificateFiles.ts';
import { createClaimStore } from '../adapters/node/claimStore.ts';
import { acquireLock, type Held, lockHolder } from '../adapters/node/instanceLock.ts';
import { createKeychainSecrets } from '../adapters/node/keychainSecrets.ts';
import { readLegacyPreferences } from '../adapters/node/legacyPreferences.ts';
import { openManaged } from '../adapters/node/managedSettings.ts';
import { nodeNetworkProbe } from '../adapters/node/networkProbe.ts';
import { nodeFetch, systemCertificates } from '../adapters/node/nodeFetch.ts';
import { type AppPaths, appPaths, type Machine, makeFolders } from '../adapters/node/paths.ts';
import { createPlainLogger } from '../adapters/node/plainLogger.ts';
import { createSettingsFile } from '../adapters/node/settingsFile.ts';
import { createStateFile, requestSync, type StateFile, watchSyncRequests } from '../adapters/node/stateFile.ts';
import { systemClock } from '../adapters/node/systemClock.ts';
import { createProviders } from '../adapters/providers.ts';
import type { SyncState } from '../core/syncState.ts';
import { syncStateSchema } from '../core/syncStateSchema.ts';
import { Accounts, type AccountsDeps } from '../engine/accounts.ts';
import { Activity } from '../engine/activity.ts';
import { CalendarChoice } from '../engine/calendarChoice.ts';
import { PersonsWord } from '../engine/personsWord.ts';
import { RemoteWords } from '../engine/remoteWords.ts';
import { SelfTest } from '../engine/selfTest.ts';
import { LayeredSettingsStore, withBundleId } from '../engine/settings.ts';
import { SyncEngine } from '../engine/syncEngine.ts';
import { SyncTriggers } from '../engine/syncTriggers.ts';
import type { ActivityLog } from '../ports/activityLog.ts';
import type { ClaimStore } from '../ports/claimStore.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import { openBrowser } from './openBrowser.ts';
import { type ReadCounts, withReadCounts } from './readCounts.ts';
import { clockEvents } from './systemEvents.ts';

export interface ComposeOptions extends Machine {
  /** The login name. */
  readonly user: string;
  /** The file that runs, two folders beneath package.json: `out/main/cli.cjs`, `src/cli/main.ts`. */
  readonly programFile: string;
  readonly debug: boolean;
  /** Such as `process.stderr`. */
  readonly logTo: { write(line: string): unknown };
}

/** An engine and what belongs to it. */
export interface EngineRoom {
  readonly engine: SyncEngine;
  readonly triggers: SyncTriggers;
  /** What the person says in a hub, obeyed from its start to its stop. */
  readonly remoteWords: RemoteWords;
  /** Listens from its start, which comes before the engine's, to its stop. */
  readonly activity: Activity;
  /** Events of the last read, by calendar account. */
  readonly counts: ReadCounts;
}

/** What the commands work with. */
export interface Cli {
  readonly paths: AppPaths;
  /** What runs here, such as `HipStatus 2.0.0 on linux`. */
  readonly about: string;
  readonly activityLog: ActivityLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly claims: ClaimStore;
  readonly providers: Providers;
  readonly stateFile: StateFile<SyncState>;
  /** The process of the HipStatus that runs now; null for none. */
  runningPid(): Promise<number | null>;
  /** Takes the right to write presence, or says who has it. */
  lock(): Promise<Held | { readonly heldBy: number }>;
  /** Asks the running HipStatus to sync. */
  requestSync(): void;
  makeEngine(): EngineRoom;
  makeSelfTest(): Promise<SelfTest>;
  readonly calendarChoice: CalendarChoice;
  accounts(hooks: Pick<AccountsDeps, 'onRenewed' | 'onLeft'>): Accounts;
  /** Follows the settings file, the organisation's values and requests to sync; returns the stop. */
  follow(onSyncRequest: () => void): () => void;
}

/** What the packaged program's package.json says. */
function packaged(programFile: string): { readonly bundleId?: string | undefined; readonly version: string } {
  const file = join(dirname(programFile), '..', '..', 'package.json');
  const schema = z.object({ bundleId: z.string().optional(), version: z.string().default('') });
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Run from elsewhere: the default holds.
    return { version: '' };
  }
}

/** Builds the command line on the same parts as the app: the only place that says `new`. */
export async function compose(options: ComposeOptions): Promise<Cli> {
  const clock = systemClock;
  const now = () => clock.now();
  const { platform, homedir } = options;
  const paths = appPaths(options);
  const logger = createPlainLogger({ stream: options.logTo, level: options.debug ? 'debug' : 'error', now });

  const program = packaged(options.programFile);
  const bundleId = withBundleId(program.bundleId);
  const managed = await openManaged({ ...options, bundleId: bundleId.id });
  const legacy = await readLegacyPreferences({ homedir, bundleId: bundleId.id });
  const settingsFile = createSettingsFile(paths.settingsFile, now);
  const settings = new LayeredSettingsStore({
    file: settingsFile,
    readManaged: () => bundleId.beneath(managed.read()),
    readLegacy: () => legacy,
    logger: logger.named('settings'),
  });

  const secrets = createKeychainSecrets({
    bundleId: () => settings.get().organisation.bundleId,
    platform,
    clock,
  });
  let files: readonly CertificateFile[] | undefined;
  const certificateFiles = () => {
    files ??= readCertificateFiles(settings.get().organisation.trustedCertificateFiles, logger.named('certificates'));
    return files;
  };
  let network: Fetch | undefined;
  const fetch = (): Fetch => {
    network ??= nodeFetch({
      trustedCertificates: certificateFiles().flatMap(({ certificates }) => certificates.map(String)),
    });
    return network;
  };
  const claims = createClaimStore({ file: paths.claimsFile, logger: logger.named('claims'), now });
  const services = (over: (fetch: Fetch) => Fetch = (given) => given) => ({
    fetch: over(fetch()),
    now,
    secrets,
    claims,
    certificates: () => [
      ...systemCertificates(),
      ...certificateFiles().flatMap(({ certificates }) => certificates.map(String)),
    ],
    organisation: settings.get().organisation,
    openAddress: (url: string) => openBrowser(platform, url),
  });
  const { providers, signIn, words } = createProviders(() => services());
  const systemEvents = clockEvents({
    now,
    monotonic: () => performance.now(),
    zone: () => clock.zone(),
    repeat: (every, call) => {
      const timer = setInterval(call, every);
      return () => clearInterval(timer);
    },
  });

  const stateFile = createStateFile(paths.stateFile, syncStateSchema);
  const activityLog = createActivityFile({ file: paths.activityFile, now, logger: logger.named('activity') });

  return {
    paths,
    about: `HipStatus ${program.version} on ${platform}`.replace('  ', ' '),
    activityLog,
    clock,
    logger,
    settings,
    secrets,
    claims,
    providers,
    stateFile,
    runningPid: () => lockHolder(paths.runDir),
    lock: () => {
      makeFolders(paths);
      return acquireLock(paths.runDir);
    },
    requestSync: () => requestSync(paths.runDir),
    makeEngine: () => {
      const { providers: counted, counts } = withReadCounts(providers);
      const engine = new SyncEngine({ settings, secrets, providers: counted, claims, clock, logger });
      const triggers = new SyncTriggers({
        engine,
        clock,
        cadence: cronCadence,
        settings,
        systemEvents,
        logger: logger.named('triggers'),
      });
      const remoteWords = new RemoteWords({
        sources: words,
        word: new PersonsWord({ engine, settings, clock }),
        engine,
        settings,
        systemEvents,
        clock,
        logger: logger.named('words'),
      });
      const activity = new Activity({ engine, settings, systemEvents, clock, log: activityLog });
      return { engine, triggers, remoteWords, activity, counts };
    },
    makeSelfTest: async () => {
      // What an app that has crashed left behind says nothing about now.
      const isRunning = (await lockHolder(paths.runDir)) !== null;
      return new SelfTest({
        settings,
        secrets,
        clock,
        network: nodeNetworkProbe({ fetch: fetch(), now, files: certificateFiles(), env: options.env }),
        providers: (onCall) => createProviders(() => services((given) => watchFetch(given, onCall))).providers,
        state: () => (isRunning ? stateFile.read() : null),
      });
    },
    calendarChoice: new CalendarChoice({ settings, secrets, providers, signIn, clock }),
    accounts: (hooks) =>
      new Accounts({
        settings,
        secrets,
        providers,
        signIn,
        clock,
        ...hooks,
      }),
    follow: (onSyncRequest) => {
      const stops = [
        settingsFile.watch(() => settings.reload()),
        managed.watch(() => settings.reload()),
        watchSyncRequests(paths.runDir, onSyncRequest),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
