import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** What the places depend on; in a program `process.platform`, `process.env` and `os.homedir()`. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
}

/** Where HipStatus keeps what it keeps. Secrets are not among it: they are in the OS keychain. */
export interface AppPaths {
  /** The one folder. */
  readonly home: string;
  readonly settingsFile: string;
  readonly claimsFile: string;
  readonly stateFile: string;
  readonly activityFile: string;
  readonly logFile: string;
  /** What belongs to the running program: its lock, requests to it. */
  readonly runDir: string;
}

const NAME = 'HipStatus';

/** The XDG base directory specification: relative values are to be ignored. */
const xdg = (machine: Machine, variable: string, ...fallback: readonly string[]): string => {
  const value = machine.env[variable];
  return value !== undefined && path.posix.isAbsolute(value) ? value : path.posix.join(machine.homedir, ...fallback);
};

function defaultPlaces(machine: Machine): { readonly home: string; readonly logFile: string } {
  const { platform, env, homedir } = machine;
  if (platform === 'darwin') {
    return {
      home: path.posix.join(homedir, 'Library', 'Application Support', NAME),
      logFile: path.posix.join(homedir, 'Library', 'Logs', `${NAME}.log`),
    };
  }
  if (platform === 'win32') {
    const home = path.win32.join(env['APPDATA'] || path.win32.join(homedir, 'AppData', 'Roaming'), NAME);
    return { home, logFile: path.win32.join(home, 'logs', `${NAME}.log`) };
  }
  return {
    home: path.posix.join(xdg(machine, 'XDG_CONFIG_HOME', '.config'), NAME),
    logFile: path.posix.join(xdg(machine, 'XDG_STATE_HOME', '.local', 'state'), NAME, `${NAME}.log`),
  };
}

/** All places; `HIPSTATUS_HOME=DIR` moves every one of them, the log too (to `DIR/logs`). */
export function appPaths(machine: Machine): AppPaths {
  const { join, resolve } = machine.platform === 'win32' ? path.win32 : path.posix;
  const moved = machine.env['HIPSTATUS_HOME'];
  const { home, logFile } =
    moved === undefined || moved === ''
      ? defaultPlaces(machine)
      : { home: resolve(moved), logFile: join(resolve(moved), 'logs', `${NAME}.log`) };
  return {
    home,
    settingsFile: join(home, 'settings.json'),
    claimsFile: join(home, 'claims.json'),
    stateFile: join(home, 'state.json'),
    activityFile: join(home, 'activity.jsonl'),
    logFile,
    runDir: join(home, 'run'),
  };
}

/** Makes the folders that are missing, for their owner alone (0700). Folders that are there stay as they are. */
export function makeFolders(paths: AppPaths): void {
  for (const folder of [paths.home, paths.runDir, path.dirname(paths.logFile)]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}
