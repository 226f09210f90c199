import { redact, reportLines } from '../../core/checkReport.ts';
import { checksOf, isWell } from '../../core/checks.ts';
import { ENGLISH } from '../../core/texts.ts';
import type { Cli } from '../compose.ts';
import type { ExitCode, Output } from '../output.ts';

/**
 * `hipstatus doctor`: tries every connection, and says what works and what does not.
 * @param home the person's home folder, which is not shown
 */
export async function doctor(
  deps: Pick<Cli, 'makeSelfTest'>,
  output: Output,
  home: string,
  signal: AbortSignal,
): Promise<ExitCode> {
  const facts = await (await deps.makeSelfTest()).run(signal);
  const checks = checksOf(facts, ENGLISH);
  const well = isWell(checks);
  output.data({
    well,
    at: new Date(facts.at).toISOString(),
    checks: checks.map(({ id, title, status, text, nextStep }) => ({
      id,
      title: redact(title, home),
      status,
      text: redact(text, home),
      nextStep: nextStep === null ? null : redact(nextStep, home),
    })),
  });
  for (const line of reportLines(checks, home, ENGLISH)) output.line(line);
  output.line(well ? 'All is well.' : 'Something fails.');
  return well ? 0 : 1;
}
