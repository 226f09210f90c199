import { activityReport } from '../../core/activityWords.ts';
import type { Cli } from '../compose.ts';
import type { ExitCode, Output } from '../output.ts';

/**
 * `hipstatus activity`: what HipStatus has done in the last days, as it can be shown to a help desk. Reads one file only.
 * @param home the person's home folder, which is not shown
 */
export async function activity(
  { activityLog, about, clock }: Pick<Cli, 'activityLog' | 'about' | 'clock'>,
  output: Output,
  home: string,
): Promise<ExitCode> {
  const entries = activityLog.entries();
  const now = clock.now();
  output.data({
    about,
    at: new Date(now).toISOString(),
    entries: entries.map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry })),
  });
  output.line(activityReport(entries, { about, now, home }).trimEnd());
  return 0;
}
