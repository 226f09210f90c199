import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { app, dialog, Menu, powerMonitor } from 'electron';
import { appPaths, makeFolders } from '../../adapters/node/paths.ts';
import { makeSampleHome } from '../../adapters/node/sampleHome.ts';
import { AppError } from '../../core/appError.ts';
import { errorWords } from '../../core/errorWords.ts';
import { DEFAULT_BUNDLE_ID } from '../../core/secretNames.ts';
import { speechOf, text } from '../../core/texts.ts';
import { registerScheme } from './appProtocol.ts';
import { hardenContents } from './hardening.ts';
import { type Ending, logDefects, stopBeforeQuit, wantsDebug, wantsSample } from './lifecycle.ts';
import type { RunningApp } from './shell.ts';
import { startingView } from './startingView.ts';
import { systemLocale } from './systemLocale.ts';
import { TrayHost } from './tray.ts';

// The icon comes first and everything else is loaded after it: keep the imports of this file few and light.

/** Milliseconds. The icon is announced in several turns with the desktop; loading the rest would hold them up. */
const TRAY_FIRST = 60;

// V8's baseline compiler trades memory for speed; what runs every five minutes needs none of it. Hot loops are still optimised.
setFlagsFromString('--no-sparkplug');

const sample = wantsSample(process.argv);
const machine = { platform: process.platform, env: process.env, homedir: homedir() };
const paths = appPaths(sample ? { ...machine, env: { HIPSTATUS_HOME: makeSampleHome() } } : machine);
makeFolders(paths);
app.setPath('userData', paths.home);
const chromiumDir = join(paths.home, 'chromium');
mkdirSync(chromiumDir, { recursive: true, mode: 0o700 });
app.setPath('sessionData', chromiumDir);
app.setPath('crashDumps', join(paths.home, 'crashes'));
app.setAppUserModelId(DEFAULT_BUNDLE_ID);
// A few small windows now and then: a process for the graphics card does not pay.
app.disableHardwareAcceleration();
// Nor does 3D drawn in software, which Chromium would then load for pages (10 MB); ours have none.
app.commandLine.appendSwitch('disable-software-rasterizer');
// The pages come from the program's own files, and answers of services are kept nowhere.
app.commandLine.appendSwitch('disable-http-cache');
app.dock?.hide();
Menu.setApplicationMenu(null);
registerScheme();
hardenContents(app);

let running: Promise<RunningApp> | null = null;
let ending: Ending | null = null;

/** Before the person's settings are read, the system's language is all that is known. */
const systemSpeech = () => speechOf('system', systemLocale(app), {});

async function start(): Promise<RunningApp> {
  const iconDir = join(app.getAppPath(), 'assets', 'generated', 'tray');
  const tray = new TrayHost({ iconDir, platform: process.platform }, startingView(systemSpeech()));
  tray.onCommand(({ kind }) => (kind === 'quit' ? app.quit() : undefined));
  await sleep(TRAY_FIRST);
  const { compose } = await import('./compose.ts');
  const started = await compose({
    paths,
    sample,
    debug: wantsDebug(process.argv.slice(1)),
    tray,
    preloadFile: join(__dirname, '..', 'preload', 'prompt.cjs'),
    rendererDir: join(__dirname, '..', 'renderer'),
    quit: () => app.quit(),
    endWith: (last) => ending?.endWith(last),
  });
  logDefects(started.logger);
  return started;
}

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => void running?.then((started) => started.showFirst()));
  // Without this, Electron would quit with its last window.
  app.on('window-all-closed', () => undefined);
  ending = stopBeforeQuit(app, async () => (await running)?.stop());
  void app.whenReady().then(() => {
    running = start();
    powerMonitor.on('shutdown', () => app.quit());
    running.catch((thrown: unknown) => {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      process.stderr.write(`HipStatus could not start: ${message}\n`);
      const speech = systemSpeech();
      dialog.showErrorBox(
        text('start.failed', speech),
        thrown instanceof AppError ? errorWords(thrown, speech) : message,
      );
      app.exit(1);
    });
  });
} else {
  app.exit(0);
}
