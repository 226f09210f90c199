import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog, logLine } from '../../../../src/adapters/electron/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'hipstatus-log-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the log', () => {
  it('keeps a line one line', () => {
    expect(logLine('Read', { count: 3, ok: true, error: null, text: 'two\nlines', empty: '' })).toBe(
      'Read count=3 ok=true error=null text="two\\nlines" empty=""',
    );
  });

  it.each([
    [false, ['[info]', '(calendar.graph)']],
    [true, ['[debug]', '[info]', '(calendar.graph)']],
  ])('with debug %s writes to the file, for its owner alone', (debug, marks) => {
    const file = join(folder, `debug-${debug}`, 'HipStatus.log');
    const log = createLog({ file, debug, console: false });
    log.debug('Detail');
    log.named('calendar').named('graph').info('Read', { events: 2 });
    const written = readFileSync(file, 'utf8');
    expect(written.includes('Detail')).toBe(debug);
    expect(written).toContain('Read events=2');
    for (const mark of marks) expect(written).toContain(mark);
    expect(statSync(file).mode & 0o077).toBe(0);
  });
});
