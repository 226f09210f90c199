import type { Check, CheckStatus } from './checks.ts';

/** Takes out what a help desk need not know: addresses of people, and the person's own folder. */
export const redact = (text: string, home: string): string =>
  (home.length > 1 ? text.replaceAll(home, '~') : text).replaceAll(
    /([\p{L}\p{N}])[\p{L}\p{N}._%+'-]*@([\p{L}\p{N}.-]+\.\p{L}+)/gu,
    '$1…@$2',
  );

const MARKS: Readonly<Record<CheckStatus, string>> = { ok: 'ok', failed: 'FAILED', unknown: '-' };

/** The checks as lines of text, to be shown to others. */
export function reportLines(checks: readonly Check[], home: string): readonly string[] {
  const width = Math.max(...checks.map(({ title }) => redact(title, home).length));
  const indent = ' '.repeat(width + 10);
  return checks.flatMap(({ title, status, text, nextStep }) => [
    `${MARKS[status].padEnd(8)}${redact(title, home).padEnd(width + 2)}${redact(text, home)}`,
    ...(nextStep === null || nextStep === '' ? [] : [`${indent}${redact(nextStep, home)}`]),
  ]);
}
