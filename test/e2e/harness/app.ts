import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { needsNoSandbox, resolveElectron } from '../../../scripts/electron-runtime.mjs';
import { Changes, type WaitOptions } from './wait.ts';

export interface AppOptions {
  /** The app's folder (with package.json). Not for a packaged app: see `executable`. */
  readonly main?: string;
  /** A packaged app's executable, instead of `main`. */
  readonly executable?: string;
  /** Where the app keeps everything: HIPSTATUS_HOME. */
  readonly home?: string;
  /** Added to the session's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments for the app itself. */
  readonly args?: readonly string[];
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * How an app that has done all its work may end. Electron 33 crashes now and then in its own last breath, when everything is given
 * back and closed (docs/decisions/electron-runtime.md).
 */
export const GOOD_ENDS = ['0', 'SIGSEGV'];

/** The exit code, or else the signal. */
export const endOf = ({ code, signal }: Exit): string => String(code ?? signal);

const QUIT_MS = 15_000;

/** A running app as a process: its output, its end. */
export class AppProcess {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #changes = new Changes();
  #output = '';

  constructor(child: ChildProcess) {
    if (child.pid === undefined) throw new Error('the app did not start');
    this.#child = child;
    this.pid = child.pid;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#changes.notify();
      });
    }
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  /** Everything it printed so far. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits for a text in its output; gives the match. */
  waitForOutput(pattern: RegExp, options: WaitOptions = {}): Promise<RegExpMatchArray> {
    const look = () => this.#output.match(pattern) ?? undefined;
    return this.#changes.until(look, { what: `output ${pattern}`, ...options }, () => this.#output.slice(-2000));
  }

  /** What a crash or a power cut does: no code of the app runs any more. */
  async kill9(): Promise<Exit> {
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  /** Asks it to end (SIGTERM, which Electron takes as quit); kills it when it does not within 15 s. */
  async terminate(): Promise<Exit> {
    if (this.running) this.#child.kill('SIGTERM');
    return this.waitForExit(QUIT_MS);
  }

  /** Waits for its end. @throws Error, after killing it, when it does not come */
  async waitForExit(timeoutMs = QUIT_MS): Promise<Exit> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    const exit = await this.exited;
    clearTimeout(timer);
    if (exit.signal === 'SIGKILL')
      throw new Error(`the app did not end within ${timeoutMs} ms; it printed:\n${this.#output}`);
    return exit;
  }
}

/** An app whose windows and main process Playwright can reach. What it printed before Playwright had it is not in `output`. */
export class LaunchedApp extends AppProcess {
  readonly electron: ElectronApplication;

  constructor(electron: ElectronApplication) {
    super(electron.process());
    this.electron = electron;
  }

  /** The open windows, oldest first. */
  get windows(): readonly Page[] {
    return this.electron.windows();
  }

  /** Waits for a window that fits, already open or to come; by default any. Its page has loaded. */
  async waitForWindow(
    look: (page: Page) => boolean | Promise<boolean> = () => true,
    options: WaitOptions = {},
  ): Promise<Page> {
    const changes = new Changes();
    const changed = () => changes.notify();
    const watchPage = (page: Page) => page.on('domcontentloaded', changed).on('close', changed);
    this.electron.on('window', changed).on('window', watchPage);
    for (const page of this.windows) watchPage(page);
    try {
      return await changes.until(
        async () => {
          for (const page of [...this.windows].reverse()) {
            if (page.isClosed()) continue;
            await page.waitForLoadState('domcontentloaded');
            if (await look(page)) return page;
          }
          return undefined;
        },
        { what: 'a window', ...options },
        () => this.windows.map((page) => page.url()).join('\n'),
      );
    } finally {
      this.electron.off('window', changed).off('window', watchPage);
      for (const page of this.windows) page.off('domcontentloaded', changed).off('close', changed);
    }
  }

  /** Makes the app believe in a light or dark desktop (Electron's nativeTheme), so that pages and icons follow. */
  async setTheme(theme: 'light' | 'dark' | 'system'): Promise<void> {
    await this.electron.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
  }

  /** Makes a window's page larger, as Ctrl and plus do. @param factor 1 is the usual size */
  async zoom(page: Page, factor: number): Promise<void> {
    const window = await this.electron.browserWindow(page);
    await window.evaluate(({ webContents }, zoomFactor) => {
      webContents.zoomFactor = zoomFactor;
    }, factor);
  }

  /** A window as the screen shows it, zoom included: a PNG. */
  async picture(page: Page): Promise<Buffer> {
    const window = await this.electron.browserWindow(page);
    const png = await window.evaluate(async (shown) => (await shown.capturePage()).toPNG().toString('base64'));
    return Buffer.from(png, 'base64');
  }

  /** Quits as the menu's Quit does, and waits for the end. */
  async quit(): Promise<Exit> {
    // The answer is lost when the process ends first.
    await this.electron.evaluate(({ app }) => app.quit()).catch(() => undefined);
    return this.waitForExit();
  }
}

/** The person's language and region, as Linux has them. @param name such as `de_AT` */
export const inLocale = (name: string): Readonly<Record<string, string>> => {
  return { LANG: `${name}.UTF-8`, LC_ALL: `${name}.UTF-8`, LANGUAGE: name };
};

async function command(options: AppOptions): Promise<{ path: string; args: string[]; env: Record<string, string> }> {
  const { main, executable, home, env = {}, args = [] } = options;
  const runtime = executable === undefined ? await resolveElectron() : undefined;
  const path = executable ?? runtime?.path;
  if (path === undefined || (main === undefined && executable === undefined))
    throw new Error('main or executable is needed');
  const noSandbox = needsNoSandbox(dirname(path)) ? ['--no-sandbox'] : [];
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return {
    path,
    args: [...noSandbox, ...(main === undefined ? [] : [main]), ...args],
    env: {
      ...Object.fromEntries(inherited),
      // The same words and times wherever the tests run.
      ...inLocale('en_GB'),
      ...(home === undefined ? {} : { HIPSTATUS_HOME: home }),
      ...env,
    },
  };
}

/** Starts an app under Playwright. It must allow `--inspect` (development does; a packaged app does not: {@link startApp}). */
export async function launchApp(options: AppOptions): Promise<LaunchedApp> {
  const { path, args, env } = await command(options);
  return new LaunchedApp(
    await _electron.launch({ executablePath: path, args, env, colorScheme: null, timeout: 60_000 }),
  );
}

/** Starts an app as a plain process, as a person's click does: for kill -9, the second start, and packaged apps. */
export async function startApp(options: AppOptions): Promise<AppProcess> {
  const { path, args, env } = await command(options);
  return new AppProcess(spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
}
