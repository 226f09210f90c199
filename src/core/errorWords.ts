import type { ErrorCode, ErrorInfo } from './appError.ts';
import { ERROR_REASONS, type ErrorReason } from './errorReasons.ts';
import { isNetworkReason, networkMessage, networkText, SIGN_IN_PAGE } from './networkErrors.ts';
import type { SettingsProblem } from './settings.ts';
import { ERRORS_DE } from './texts/de/errors.ts';
import { ANSWERS } from './texts/en/answers.ts';
import { type Language, type Speech, type TextKey, text } from './texts.ts';

/** What errors say in a language that is not their own. Each names the next step. */
export interface ErrorTexts {
  readonly codes: Readonly<Record<ErrorCode, string>>;
  readonly reasons: Readonly<Record<ErrorReason, string>>;
  /** In place of a name, where it is not known which service it was. */
  readonly service: string;
  /** A setting that does not hold, at `{path}`; and one whose place is not known. */
  readonly setting: string;
  readonly settings: string;
}

/** English is in the errors themselves. */
const ERRORS: Readonly<Record<Exclude<Language, 'en'>, ErrorTexts>> = { de: ERRORS_DE };

/** What was wrong with a field: the reason is `field:KEY:WHAT`. */
export const fieldOf = (reason: string | null): string | null =>
  reason?.startsWith('field:') ? (reason.split(':')[1] ?? null) : null;

function answerKey(reason: string): TextKey | null {
  const [kind, , what = 'missing'] = reason.split(':');
  if (kind !== 'field') return null;
  const key = `answer.${what}`;
  return Object.hasOwn(ANSWERS, key) ? (key as keyof typeof ANSWERS) : 'prompt.missing';
}

const isErrorReason = (reason: string): reason is ErrorReason => ERROR_REASONS.some((one) => one === reason);

/**
 * What an error says to a person in a window or a notice: in English its own message; in another language the sentence for its
 * reason, or else for its code.
 * @param service whose error it is, as the person knows it
 */
export function errorWords(
  error: Pick<ErrorInfo, 'code' | 'reason' | 'message'>,
  speech: Speech,
  service: string | null = null,
): string {
  const { code, message } = error;
  if (speech.language === 'en') return message;
  const reason = error.reason ?? '';
  const { codes, reasons, service: anyService } = ERRORS[speech.language];
  const whose = service ?? anyService;
  const filled = (sentence: string) => sentence.replaceAll('{service}', whose);
  if (code === 'cancelled') return codes.cancelled;
  // A chat in which the person is offline has that reason too, by another code.
  const isNetwork = code === 'network' || code === 'timeout';
  if (reason === SIGN_IN_PAGE || (isNetwork && isNetworkReason(reason))) {
    return networkMessage(whose, networkText(reason, speech));
  }
  const answer = answerKey(reason);
  if (answer !== null) return text(answer, speech);
  return filled(isErrorReason(reason) ? reasons[reason] : codes[code]);
}

/** What does not hold in the settings; in other languages than English only where, and the log has the rest. */
export function settingsWords(problems: readonly SettingsProblem[], speech: Speech): string {
  const said = problems.map(({ path, message }) => {
    if (speech.language === 'en') return path === '' ? message : `${path}: ${message}`;
    const { setting, settings } = ERRORS[speech.language];
    return path === '' ? settings : setting.replaceAll('{path}', path);
  });
  return [...new Set(said)].join(' ');
}
