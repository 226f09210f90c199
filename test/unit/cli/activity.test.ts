import { describe, expect, it } from 'vitest';
import { activity } from '../../../src/cli/commands/activity.ts';
import { sync } from '../../../src/cli/commands/sync.ts';
import { at, meeting } from '../../fakes/events.ts';
import { FakeCli, record } from './fakeCli.ts';

describe('activity', () => {
  it('shows what a run has decided and written, for people and for programs', async () => {
    const cli = new FakeCli([meeting('09:30', '10:30', { subject: 'Merger' })]);
    await sync(cli, record().output);
    const shown = record();
    expect(await activity(cli, shown.output, '/home/ada')).toBe(0);
    expect(shown.text.split('\n')).toEqual([
      'HipStatus 2.0.0 on linux, 2026-01-05T09:57:00.000Z',
      'Activity of the last 7 days: 5 entries',
      '',
      '2026-01-05T09:57:00.000Z  program    HipStatus started',
      '2026-01-05T09:57:00.000Z  decision   Do not disturb until 2026-01-05T10:30:00.000Z, because of one event',
      '2026-01-05T09:57:00.000Z  written    HipChat 1: set to Do not disturb',
      '2026-01-05T09:57:00.000Z  written    Slack 1: set to Do not disturb',
      '2026-01-05T09:57:00.000Z  program    HipStatus ended',
    ]);
    const json = record(true);
    await activity(cli, json.output, '/home/ada');
    expect(json.json).toMatchObject({
      about: 'HipStatus 2.0.0 on linux',
      entries: [{ kind: 'program' }, { kind: 'decision', at: new Date(at('09:57')).toISOString() }, {}, {}, {}],
    });
  });
});
