import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { App } from 'electron';
import { AppError } from '../../core/appError.ts';

export interface LoginItemDeps {
  readonly app: App;
  readonly platform: NodeJS.Platform;
  /** How this program is started: the executable and its arguments. */
  readonly command: readonly string[];
  /** Linux: `hipstatus.desktop` in the autostart folder, see `autostartFile`. */
  readonly autostartFile: string;
}

/** How this program is started. An AppImage runs from a folder that is gone after it; its own path is in `APPIMAGE`. */
export function startCommand(
  app: Pick<App, 'isPackaged' | 'getAppPath'>,
  execPath: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const appImage = env['APPIMAGE'];
  if (appImage !== undefined && appImage !== '') return [appImage];
  return app.isPackaged ? [execPath] : [execPath, app.getAppPath()];
}

/** The XDG autostart specification's place for one person. */
export function autostartFile(env: Readonly<Record<string, string | undefined>>, homedir: string): string {
  const config = env['XDG_CONFIG_HOME'];
  return `${config?.startsWith('/') ? config : `${homedir}/.config`}/autostart/hipstatus.desktop`;
}

/** Desktop Entry Specification, "The Exec key": quoted, with the reserved characters escaped, twice for `\`. */
const quoted = (argument: string): string =>
  /^[A-Za-z0-9_./@:+,=-]+$/.test(argument)
    ? argument
    : `"${argument
        .replaceAll(/["`$\\]/g, '\\$&')
        .replaceAll('\\', '\\\\')
        .replaceAll('%', '%%')}"`;

export const autostartEntry = (command: readonly string[]): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=HipStatus',
    'Comment=Keeps your chat presence true to your calendar',
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');

/** Starts the app with the person's session, or not. */
export class LoginItem {
  readonly #deps: LoginItemDeps;

  constructor(deps: LoginItemDeps) {
    this.#deps = deps;
  }

  isSet(): boolean {
    const { app, platform } = this.#deps;
    return platform === 'linux' ? this.#entry() !== null : app.getLoginItemSettings(this.#options()).openAtLogin;
  }

  /** Does nothing when it is so already. Throws `AppError('unavailable')` where it can't be done. */
  set(openAtLogin: boolean): void {
    const { app, platform } = this.#deps;
    if (platform === 'linux') this.#write(openAtLogin);
    else if (this.isSet() !== openAtLogin) app.setLoginItemSettings({ ...this.#options(), openAtLogin });
  }

  /** Windows takes the command; macOS knows its apps by themselves. */
  #options(): { path?: string; args?: string[] } {
    const { platform, command } = this.#deps;
    const [path = '', ...args] = command;
    return platform === 'win32' ? { path, args: args.map((argument) => `"${argument}"`) } : {};
  }

  #entry(): string | null {
    try {
      return readFileSync(this.#deps.autostartFile, 'utf8');
    } catch {
      return null;
    }
  }

  #write(openAtLogin: boolean): void {
    const { autostartFile: file, command } = this.#deps;
    const wanted = openAtLogin ? autostartEntry(command) : null;
    if (this.#entry() === wanted) return;
    try {
      mkdirSync(dirname(file), { recursive: true });
      if (wanted === null) rmSync(file, { force: true });
      else writeFileSync(file, wanted);
    } catch (cause) {
      throw new AppError('unavailable', `${file} could not be changed.`, { cause });
    }
  }
}
