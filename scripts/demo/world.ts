import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browse, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CLI = join(ROOT, 'out', 'main', 'cli.cjs');

/** What scripts/demo.mjs has found out and made ready. */
export interface Job {
  readonly stay: boolean;
  /** Whether the session has no tray and no notifications of its own. */
  readonly panel: boolean;
  readonly color: boolean;
  /** Null: the command line instead of the app. */
  readonly electron: { readonly path: string; readonly version: string; readonly noSandbox: boolean } | null;
}

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A keychain of the demo's own, so that a person's real tokens are not touched. */
const BUNDLE_ID = 'com.jamfsw.hipstatus.demo';
const HELP_DESK = 'https://help.contoso.example/';

/** The sandbox, a private home folder, and HipStatus in it. */
export class World {
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Kinds of the keychain items that are there because of us. */
  readonly #kept = new Set<string>();
  #app: ChildProcess | null = null;
  #appExit: Promise<number | null> = Promise.resolve(null);

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.folder = mkdtempSync(join(tmpdir(), 'hipstatus-demo-'));
    this.home = join(this.folder, 'home');
    const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env;
    this.env = {
      ...inherited,
      HIPSTATUS_HOME: this.home,
      HIPSTATUS_MANAGED: join(this.folder, 'managed.json'),
      // "Start at login" of the person's own HipStatus is kept there and must stay as it is.
      ...(process.platform === 'linux' ? { XDG_CONFIG_HOME: join(this.folder, 'config') } : {}),
    };
  }

  static async open(): Promise<World> {
    const world = new World(await startSandbox());
    world.#writeFiles();
    return world;
  }

  #writeFiles(): void {
    const { sandbox, folder, home } = this;
    const { urls, known, certificate } = sandbox;
    const certificateFile = join(folder, 'sandbox.pem');
    const json = (file: string, value: unknown) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(certificateFile, certificate.cert);
    json(join(folder, 'managed.json'), {
      organisation: {
        graphAuthority: new URL(urls.entra).origin,
        graphBaseUrl: new URL(urls.graph).origin,
        graphClientId: known.clientId,
        hipchatServer: new URL(urls.hipchat).origin,
        slackApiUrl: urls.slack,
        helpDeskUrl: HELP_DESK,
        trustedCertificateFiles: [certificateFile],
        bundleId: BUNDLE_ID,
      },
    });
    json(join(home, 'settings.json'), {
      version: 1,
      email: known.account,
      chats: ['hipchat', 'slack'].map((provider) => ({ id: provider, provider, email: '' })),
    });
    // The device page asks again every so many seconds; a demo need not wait long.
    sandbox.entra.device.intervalSeconds = 1;
  }

  /** Runs `hipstatus …` to its end. */
  cli(args: readonly string[], input = '', onLine: (line: string) => void = () => undefined): Promise<CliResult> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CLI, ...args], { env: this.env, stdio: ['pipe', 'pipe', 'pipe'] });
      let out = '';
      let err = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const known = out.lastIndexOf('\n') + 1;
        out += text;
        for (const line of out.slice(known).split('\n').slice(0, -1)) onLine(line);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
      });
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? 1, out, err }));
      child.stdin.on('error', () => undefined).end(input);
    });
  }

  /** Puts a secret into the demo's own keychain item. */
  async keep(kind: string, value: string): Promise<CliResult> {
    const result = await this.cli(['secret', 'set', kind], value);
    if (result.code === 0) this.#kept.add(kind);
    return result;
  }

  /** Ada signs in: HipStatus shows a code, she enters it in her browser. */
  async signIn(onCode: (code: string, address: string) => void): Promise<CliResult> {
    const { known, certificate } = this.sandbox;
    let browsing: Promise<unknown> = Promise.resolve();
    const result = await this.cli(['sign-in', '--device-code', '--json'], '', (line) => {
      const { deviceCode } = JSON.parse(line) as { deviceCode?: { userCode: string; verificationUri: string } };
      if (deviceCode === undefined) return;
      const { userCode: code, verificationUri } = deviceCode;
      onCode(code, verificationUri);
      browsing = browse(verificationUri, { account: known.account, code, ca: certificate.cert });
      browsing.catch(() => undefined);
    });
    await browsing;
    if (result.code === 0) this.#kept.add('msalcache');
    return result;
  }

  /** Starts the app, or the command line that does its work; `onOutput` hears what it prints. */
  start({ electron }: Job, onOutput: (text: string) => void): void {
    const [program, args] =
      electron === null
        ? [process.execPath, [CLI, 'sync', '--watch', '--debug']]
        : [electron.path, [...(electron.noSandbox ? ['--no-sandbox'] : []), ROOT]];
    const child = spawn(program, args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#app = child;
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onOutput);
    this.#appExit = new Promise((resolve) => {
      child.once('error', (error) => {
        onOutput(`${error.message}\n`);
        resolve(1);
      });
      child.once('exit', (code) => resolve(code));
    });
  }

  get appIsRunning(): boolean {
    const app = this.#app;
    return app !== null && app.pid !== undefined && app.exitCode === null && app.signalCode === null;
  }

  /** Quits it as the person does, and waits for its end. Resolves with its exit code. */
  async quit(): Promise<number | null> {
    if (this.appIsRunning) this.#app?.kill('SIGTERM');
    const patience = setTimeout(() => this.#app?.kill('SIGKILL'), 15_000);
    const code = await this.#appExit;
    clearTimeout(patience);
    return code;
  }

  /**
   * Leaves nothing behind: no process, no keychain item, no file. Resolves with what could not be removed.
   * @param hasOwnKeychain the keychain is the session's own and goes with it
   */
  async close(hasOwnKeychain: boolean): Promise<readonly string[]> {
    await this.quit();
    const left: string[] = [];
    for (const kind of hasOwnKeychain ? [] : this.#kept) {
      const { code } = await this.cli(['secret', 'delete', kind]);
      if (code !== 0) left.push(`the keychain item ${BUNDLE_ID}.${kind}`);
    }
    await this.sandbox.close();
    // Chromium's last helper may still be writing.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    return left;
  }
}
