import { describe, expect, it } from 'vitest';
import { doctor } from '../../../src/cli/commands/doctor.ts';
import { AppError } from '../../../src/core/appError.ts';
import { FakeCli, record } from './fakeCli.ts';

const { signal } = new AbortController();

describe('hipstatus doctor', () => {
  it('ends with 0 when all is well, and shows no address', async () => {
    const [cli, seen] = [new FakeCli(), record()];
    expect(await doctor(cli, seen.output, '/home/ada', signal)).toBe(0);
    expect(seen.text).toMatch(/^ok {6}Network/);
    expect(seen.lines.at(-1)).toBe('All is well.');
    expect(seen.text).not.toContain('ada@example.com');
  });

  it('ends with 1 when something fails, for programs too', async () => {
    const [cli, seen] = [new FakeCli(), record(true)];
    cli.slack.fail({ kind: 'refused', error: new AppError('unauthorized', 'Token of ada@example.com.') });
    expect(await doctor(cli, seen.output, '/home/ada', signal)).toBe(1);
    expect(seen.json).toMatchObject({ well: false, at: '2026-01-05T09:57:00.000Z' });
    const checks = seen.json['checks'] as { id: string; status: string; text: string }[];
    expect(checks.find(({ id }) => id === 'chat.slack')).toMatchObject({
      status: 'failed',
      text: 'Token of a…@example.com.',
    });
    expect(checks.find(({ id }) => id === 'chat.hipchat')).toMatchObject({ status: 'ok' });
  });
});
