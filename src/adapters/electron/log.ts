import electronLog from 'electron-log/node';
import type { LogFields, Logger } from '../../ports/logger.ts';

export interface LogOptions {
  readonly file: string;
  readonly debug: boolean;
  /** Also to standard error, for a person who has started the app in a terminal. */
  readonly console: boolean;
}

/** Then the file becomes `HipStatus.old.log`, over the one before; bytes. */
const MAX_SIZE = 1024 ** 2;

const value = (field: string | number | boolean | null): string =>
  typeof field === 'string' && /[\s="]|^$/.test(field) ? JSON.stringify(field) : String(field);

/** `message key=value …`; values with blanks are quoted, so that a line stays one line. */
export const logLine = (message: string, fields: LogFields = {}): string =>
  [message, ...Object.entries(fields).map(([key, field]) => `${key}=${value(field)}`)].join(' ');

/**
 * The log file, written by electron-log. Its Node side is used: the one for Electron opens IPC channels that any window
 * could write to, and injects a script into windows.
 */
export function createLog({ file, debug, console: toConsole }: LogOptions): Logger {
  const log = electronLog.create({ logId: 'hipstatus' });
  const level = debug ? 'debug' : 'info';
  log.scope.labelPadding = false;
  log.transports.file.setAppName('HipStatus');
  log.transports.file.resolvePathFn = () => file;
  log.transports.file.maxSize = MAX_SIZE;
  log.transports.file.level = level;
  log.transports.file.format = '{y}-{m}-{d} {h}:{i}:{s}.{ms}{z} [{level}]{scope} {text}';
  log.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  log.transports.console.level = toConsole ? level : false;
  log.transports.console.format = '{h}:{i}:{s}.{ms} [{level}]{scope} {text}';
  const named = (scope: string): Logger => {
    const to = scope === '' ? log : log.scope(scope);
    return {
      debug: (message, fields) => to.debug(logLine(message, fields)),
      info: (message, fields) => to.info(logLine(message, fields)),
      warn: (message, fields) => to.warn(logLine(message, fields)),
      error: (message, fields) => to.error(logLine(message, fields)),
      named: (name) => named(scope === '' ? name : `${scope}.${name}`),
    };
  };
  return named('');
}
