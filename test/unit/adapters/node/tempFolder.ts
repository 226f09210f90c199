import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { LogFields, Logger } from '../../../../src/ports/logger.ts';

/** A folder of its own, gone when the test is over. */
export function tempFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hipstatus-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface LogRecord {
  readonly level: keyof Omit<Logger, 'named'>;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps what it is told. */
export function recordingLogger(): Logger & { readonly records: readonly LogRecord[] } {
  const records: LogRecord[] = [];
  const at =
    (level: LogRecord['level']) =>
    (message: string, fields: LogFields = {}): void => {
      records.push({ level, message, fields });
    };
  const logger = {
    records,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    named: () => logger,
  };
  return logger;
}
