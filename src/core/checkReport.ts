import type { Check, CheckStatus } from './checks.ts';
import { type Speech, text } from './texts.ts';

/** Takes out what a help desk need not know: addresses of people, and the person's own folder. */
export const redact = (text: string, home: string): string =>
  (home.length > 1 ? text.replaceAll(home, '~') : text).replaceAll(
    /([\p{L}\p{N}])[\p{L}\p{N}._%+'-]*@([\p{L}\p{N}.-]+\.\p{L}+)/gu,
    '$1…@$2',
  );

const markOf = (status: CheckStatus, speech: Speech): string =>
  status === 'failed' ? text('check.report.failed', speech) : status === 'ok' ? 'ok' : '-';

/** The checks as lines of text, to be shown to others. */
export function reportLines(checks: readonly Check[], home: string, speech: Speech): readonly string[] {
  const width = Math.max(...checks.map(({ title }) => redact(title, home).length));
  const indent = ' '.repeat(width + 10);
  return checks.flatMap(({ title, status, text, nextStep }) => [
    `${markOf(status, speech).padEnd(8)}${redact(title, home).padEnd(width + 2)}${redact(text, home)}`,
    ...(nextStep === null || nextStep === '' ? [] : [`${indent}${redact(nextStep, home)}`]),
  ]);
}
