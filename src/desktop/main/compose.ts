import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, session } from 'electron';
import { trustCertificates } from '../../adapters/electron/certificates.ts';
import { createElectronFetch, type ProxyLogin } from '../../adapters/electron/fetch.ts';
import { createLog } from '../../adapters/electron/log.ts';
import { autostartFile, LoginItem, startCommand } from '../../adapters/electron/loginItem.ts';
import { electronNetworkProbe } from '../../adapters/electron/networkProbe.ts';
import { ElectronNotifier } from '../../adapters/electron/notifier.ts';
import { electronOpener } from '../../adapters/electron/opener.ts';
import { ElectronSettingsFile } from '../../adapters/electron/settingsFile.ts';
import { ElectronSystemEvents } from '../../adapters/electron/systemEvents.ts';
import { type Fetch, watchFetch } from '../../adapters/http.ts';
import { createActivityFile } from '../../adapters/node/activityFile.ts';
import { cronCadence } from '../../adapters/node/cadence.ts';
import { readCertificateFiles } from '../../adapters/node/certificateFiles.ts';
import { createClaimStore } from '../../adapters/node/claimStore.ts';
import { acquireLock } from '../../adapters/node/instanceLock.ts';
import { trustedFiles } from '../../adapters/node/networkProbe.ts';
import { systemCertificates } from '../../adapters/node/nodeFetch.ts';
import { proxyCredentials } from '../../adapters/node/proxyEnvironment.ts';
import { sweepSampleHomes } from '../../adapters/node/sampleHomes.ts';
import { createStateFile, watchSyncRequests } from '../../adapters/node/stateFile.ts';
import { systemClock } from '../../adapters/node/systemClock.ts';
import { createProviders } from '../../adapters/providers.ts';
import { AppError } from '../../core/appError.ts';
import { syncStateSchema } from '../../core/syncStateSchema.ts';
import { speechOf } from '../../core/texts.ts';
import { Accounts } from '../../engine/accounts.ts';
import { Activity } from '../../engine/activity.ts';
import { CalendarChoice } from '../../engine/calendarChoice.ts';
import { Notices } from '../../engine/notices.ts';
import { PersonsWord } from '../../engine/personsWord.ts';
import { RemoteWords } from '../../engine/remoteWords.ts';
import { SelfTest } from '../../engine/selfTest.ts';
import { LayeredSettingsStore, withBundleId } from '../../engine/settings.ts';
import { SyncEngine } from '../../engine/syncEngine.ts';
import { SyncTriggers } from '../../engine/syncTriggers.ts';
import { Commands } from './commands.ts';
import { composeUpdates } from './composeUpdates.ts';
import { composeWindows } from './composeWindows.ts';
import { hardenSession } from './hardening.ts';
import { sampleSwitch } from './sampleMode.ts';
import type { Compose } from './shell.ts';
import { ownSurroundings, sampleSurroundings } from './surroundings.ts';
import { systemLocale } from './systemLocale.ts';
import { Tidier } from './tidy.ts';
import { trayView } from './trayView.ts';

/** The app's own bundle id: written into package.json when it is packaged under another one. */
function packagedBundleId(): string | undefined {
  const { bundleId } = JSON.parse(readFileSync(join(app.getAppPath(), 'package.json'), 'utf8')) as {
    bundleId?: unknown;
  };
  return typeof bundleId === 'string' ? bundleId : undefined;
}

/** Builds the app: the only place that says `new`. */
export const compose: Compose = async ({ paths, sample, debug, tray, preloadFile, rendererDir, quit, endWith }) => {
  const clock = systemClock;
  const now = () => clock.now();
  const machine = { platform: process.platform, env: process.env, homedir: homedir() };
  const logger = createLog({ file: paths.logFile, debug, console: debug || process.stderr.isTTY });
  logger.info('HipStatus starts', { version: app.getVersion(), electron: process.versions['electron'] ?? '', debug });

  const lock = await acquireLock(paths.runDir);
  if ('heldBy' in lock) {
    throw new AppError('conflict', `Another HipStatus (process ${lock.heldBy}) uses ${paths.home}. Quit it first.`, {
      reason: 'otherInstance',
    });
  }

  const bundleId = withBundleId(packagedBundleId());
  const system = systemLocale(app);
  const around = sample
    ? await sampleSurroundings(paths, clock, speechOf('system', system, {}))
    : await ownSurroundings(machine, bundleId.id, clock);
  const settingsFile = new ElectronSettingsFile({ file: paths.settingsFile, now });
  const settings = new LayeredSettingsStore({
    file: settingsFile,
    readManaged: () => bundleId.beneath(around.managed.read()),
    readLegacy: () => around.legacy,
    logger: logger.named('settings'),
  });

  const speech = () => {
    const { language, organisation } = settings.get();
    return around.spoken(speechOf(language, system, organisation.texts));
  };
  const secrets = around.secrets(() => settings.get().organisation.bundleId);
  // In memory, as its name has no `persist:`; and nothing of an answer is kept there either.
  const network = session.fromPartition('network', { cache: false });
  hardenSession(network);
  const files = readCertificateFiles(settings.get().organisation.trustedCertificateFiles, logger.named('certificates'));
  const trusted = files.flatMap(({ certificates }) => certificates);
  if (trusted.length > 0) trustCertificates(network, trusted, now);
  const proxyLogin: ProxyLogin = (host, port) => proxyCredentials(host, port, process.env);
  const fetch = around.reached(createElectronFetch(network, proxyLogin));
  const claims = createClaimStore({ file: paths.claimsFile, logger: logger.named('claims'), now });
  const services = (over: (fetch: Fetch) => Fetch = (given) => given) => ({
    fetch: over(fetch),
    now,
    secrets,
    claims,
    certificates: () => [...systemCertificates(), ...trusted.map(String)],
    organisation: settings.get().organisation,
    openAddress: (url: string) => electronOpener.openAddress(url),
  });
  const { providers, signIn, words } = createProviders(() => services());
  const engine = new SyncEngine({ settings, secrets, providers, claims, clock, logger });
  const systemEvents = new ElectronSystemEvents({ now, monotonic: () => performance.now(), zone: () => clock.zone() });
  const triggers = new SyncTriggers({
    engine,
    clock,
    cadence: cronCadence,
    settings,
    systemEvents,
    logger: logger.named('triggers'),
  });
  const activity = new Activity({
    engine,
    settings,
    systemEvents,
    clock,
    log: createActivityFile({ file: paths.activityFile, now, logger: logger.named('activity') }),
  });
  const word = new PersonsWord({ engine, settings, clock });
  const remoteWords = new RemoteWords({
    sources: words,
    word,
    engine,
    settings,
    systemEvents,
    clock,
    logger: logger.named('words'),
  });
  const accounts = new Accounts({
    settings,
    secrets,
    providers,
    signIn,
    clock,
    onRenewed: (accountId) => {
      remoteWords.renew(accountId);
      return engine.renew(accountId);
    },
    onLeft: ({ id }) => engine.left(id),
  });

  const tidier = new Tidier(clock);
  const { startSample, endSample } = sampleSwitch(app, quit);
  const icon = join(app.getAppPath(), 'assets', 'generated', 'icons', '256x256.png');
  const notifier = new ElectronNotifier({ logger, ...(process.platform === 'darwin' ? {} : { icon }) });
  const updating = composeUpdates({
    home: paths.home,
    session: network,
    proxyLogin,
    engine,
    settings,
    clock,
    logger: logger.named('updates'),
    endWith,
    notifier,
    speech,
    onAction: (action) => commands.act(action),
  });
  const windows = composeWindows({
    shell: {
      platform: process.platform,
      preloadFile,
      rendererDir,
      iconBounds: () => tray.bounds(),
      logger: logger.named('windows'),
      onClosed: () => tidier.soon(),
    },
    engine,
    settings,
    accounts,
    calendarChoice: new CalendarChoice({ settings, secrets, providers, signIn, clock }),
    activity,
    word,
    selfTest: new SelfTest({
      settings,
      secrets,
      clock,
      network: electronNetworkProbe({ fetch, now, session: network, trustedFiles: () => trustedFiles(files, now()) }),
      providers: (onCall) => createProviders(() => services((given) => watchFetch(given, onCall))).providers,
      state: () => engine.state(),
    }),
    updates: updating.updates,
    notifier,
    clock,
    speech,
    canSignIn: (provider) => signIn(provider) !== null,
    startSample: sample ? null : startSample,
    home: machine.homedir,
    run: (command) => commands.run(command),
  });
  const commands: Commands = new Commands({
    engine,
    settings,
    word,
    prompter: windows.prompts,
    opener: electronOpener,
    logFile: paths.logFile,
    checkConnections: () => windows.checks.open(),
    preferences: (tab) => windows.preferences.open(tab),
    setUp: () => windows.welcome.open(),
    updates: () => updating,
    endSample,
    showToday: () => windows.today.open(),
    showActivity: (tab) => windows.activity.open(tab),
    quit,
    logger,
  });
  const notices = new Notices({
    engine,
    settings,
    notifier,
    clock,
    speech,
    onAction: (action) => commands.act(action),
  });
  const loginItem = new LoginItem({
    app,
    platform: process.platform,
    command: startCommand(app, process.execPath, process.env),
    autostartFile: autostartFile(process.env, machine.homedir),
  });
  const stateFile = createStateFile(paths.stateFile, syncStateSchema);

  const show = () => {
    const state = engine.state();
    stateFile.write(state);
    const given = { state, settings: settings.get(), locked: settings.locked(), now: now(), zone: clock.zone() };
    tray.show(trayView({ ...given, sample, speech: speech(), update: updating.updates.state() }));
  };
  const applyLoginItem = () => {
    if (around.mayLaunchAtLogin) commands.attempt(() => loginItem.set(settings.get().launchAtLogin));
  };
  tray.onCommand((command) => commands.run(command));
  tray.onClick(() => windows.today.toggle());
  const stops = [
    engine.onState(show),
    settings.subscribe(show),
    settings.subscribe(applyLoginItem),
    settingsFile.watch(() => settings.reload()),
    around.managed.watch(() => settings.reload()),
    watchSyncRequests(paths.runDir, () => void engine.refresh()),
  ];

  await accounts.adoptKnownToken().catch(() => undefined);
  activity.start();
  await engine.start();
  notices.start();
  triggers.start();
  remoteWords.start();
  stops.push(
    updating.updates.onState(show),
    updating.updates.onState(() => tidier.soon()),
    updating.start(),
  );
  show();
  applyLoginItem();
  void engine.refresh().finally(() => tidier.soon());
  void windows.setup.start();
  void sweepSampleHomes(tmpdir()).catch(() => undefined);

  return {
    logger,
    showFirst: () => {
      if (!windows.prompts.focusOpen() && !windows.setup.begin()) windows.today.open();
    },
    stop: async () => {
      logger.info('HipStatus ends');
      // Nobody gives new work to an app that ends, and on macOS an installer waits for every window.
      for (const window of BrowserWindow.getAllWindows()) window.destroy();
      remoteWords.stop();
      triggers.stop();
      for (const stop of stops) stop();
      await engine.stop();
      activity.stop();
      await secrets.settled();
      notices.stop();
      tidier.stop();
      stateFile.remove();
      await around.close();
      lock.release();
    },
  };
};
