import {
  chmodSync,
  existsSync,
  type FSWatcher,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Changes, type WaitOptions } from './wait.ts';

/** One address or file that the app asked the desktop to open. */
export interface OpenedCall {
  /** Counts up from 1. */
  readonly seq: number;
  readonly target: string;
}

export interface OpenedOptions {
  /**
   * A command that each address is handed to, as its last argument: a stub browser. It runs with the environment of the app;
   * its output goes to `handler.log` in the folder.
   */
  readonly handler?: readonly string[];
}

export interface OpenedWait extends WaitOptions {
  /** Only those opened later than this one (its `seq`). */
  readonly after?: number;
}

// One line a call, written in one piece, so that two calls at once do not mix.
const SCRIPT = `#!/bin/sh
here=$(dirname "$0")
printf '%s\\n' "$1" >> "$here/../opened.log"
[ -x "$here/../handler" ] && "$here/../handler" "$1" >> "$here/../handler.log" 2>&1 &
exit 0
`;

/**
 * A recorded `xdg-open`: Electron's `shell.openExternal` runs the first one on PATH. Give {@link Opened.env} to the app.
 */
export class Opened {
  readonly folder: string;
  readonly #log: string;
  readonly #changes = new Changes();
  readonly #watcher: FSWatcher;

  constructor({ handler }: OpenedOptions = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'opened-'));
    this.#log = join(this.folder, 'opened.log');
    mkdirSync(join(this.folder, 'bin'));
    const script = join(this.folder, 'bin', 'xdg-open');
    writeFileSync(script, SCRIPT);
    chmodSync(script, 0o755);
    if (handler) this.handle(handler);
    this.#watcher = watch(this.folder, () => this.#changes.notify());
  }

  /** Sets the stub browser, or takes it away. */
  handle(handler: readonly string[] | undefined): void {
    const path = join(this.folder, 'handler');
    rmSync(path, { force: true });
    if (handler === undefined) return;
    const words = handler.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    writeFileSync(path, `#!/bin/sh\nexec ${words} "$1"\n`, { mode: 0o755 });
  }

  /** The environment that puts the recorded `xdg-open` first. */
  get env(): { readonly PATH: string } {
    return { PATH: `${join(this.folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  }

  get all(): readonly OpenedCall[] {
    if (!existsSync(this.#log)) return [];
    const lines = readFileSync(this.#log, 'utf8').split('\n').slice(0, -1);
    return lines.map((target, i) => ({ seq: i + 1, target }));
  }

  get lastSeq(): number {
    return this.all.length;
  }

  /** What the stub browser printed. */
  get handlerLog(): string {
    const path = join(this.folder, 'handler.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Waits for an address; gives the first that fits. */
  waitFor(look: (target: string) => boolean, options: OpenedWait = {}): Promise<OpenedCall> {
    const { after = 0, ...wait } = options;
    return this.#changes.until(
      () => this.all.find(({ seq, target }) => seq > after && look(target)),
      { what: 'an address to be opened', ...wait },
      () => this.all.map(({ target }) => target).join('\n'),
    );
  }

  close(): void {
    this.#watcher.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
