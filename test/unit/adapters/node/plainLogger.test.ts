import { describe, expect, it } from 'vitest';
import { createPlainLogger, type LogLevel } from '../../../../src/adapters/node/plainLogger.ts';

const setUp = (level: LogLevel) => {
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line) };
  return { lines, logger: createPlainLogger({ stream, level, now: () => Date.parse('2026-01-05T09:00:00.123Z') }) };
};

describe('createPlainLogger', () => {
  it('writes time, level, name, message and facts', () => {
    const { lines, logger } = setUp('debug');
    logger.info('Started');
    logger.named('sync').named('slack').warn('Waiting', { seconds: 120, code: 'rateLimited', next: null, again: true });
    expect(lines).toEqual([
      '2026-01-05T09:00:00.123Z info  Started\n',
      '2026-01-05T09:00:00.123Z warn  sync.slack: Waiting seconds=120 code=rateLimited next=null again=true\n',
    ]);
  });

  it('keeps quiet below its level', () => {
    const { lines, logger } = setUp('warn');
    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    expect(lines.map((line) => line.trim().slice(-1))).toEqual(['c', 'd']);
  });

  it('lets no value forge a line', () => {
    const { lines, logger } = setUp('info');
    logger.info('one\ntwo\u001b[31m', { text: 'a b="c"\n2026-01-05 error', empty: '' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toBe(
      '2026-01-05T09:00:00.123Z info  one two [31m text="a b=\\"c\\"\\n2026-01-05 error" empty=""\n',
    );
  });
});
