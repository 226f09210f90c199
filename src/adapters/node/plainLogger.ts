import type { Instant } from '../../core/time.ts';
import type { LogFields, Logger } from '../../ports/logger.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];

export interface PlainLoggerOptions {
  /** Such as `process.stderr`. */
  readonly stream: { write(line: string): unknown };
  /** The lowest level that is written. */
  readonly level: LogLevel;
  readonly now: () => Instant;
}

/** Words as they are, everything else quoted, so that no value can break or forge a line. */
const plain = (value: string | number | boolean | null): string =>
  typeof value === 'string' && !/^[\w@.:/+-]+$/.test(value) ? JSON.stringify(value) : String(value);

/** One line of a log: `message key=value …`, without a line break. */
export function logLine(message: string, fields: LogFields = {}): string {
  const facts = Object.entries(fields).map(([key, value]) => `${key}=${plain(value)}`);
  return [message.replaceAll(/\p{Cc}+/gu, ' '), ...facts].join(' ');
}

/** Lines of `2026-01-05T09:00:00.000Z info  name: message key=value` on a stream: the command line's log. */
export function createPlainLogger(options: PlainLoggerOptions, name = ''): Logger {
  const lowest = LEVELS.indexOf(options.level);
  const at =
    (level: LogLevel) =>
    (message: string, fields?: LogFields): void => {
      if (LEVELS.indexOf(level) < lowest) return;
      const time = new Date(options.now()).toISOString();
      const prefix = name === '' ? '' : `${name}: `;
      options.stream.write(`${time} ${level.padEnd(5)} ${prefix}${logLine(message, fields)}\n`);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    named: (child) => createPlainLogger(options, name === '' ? child : `${name}.${child}`),
  };
}
