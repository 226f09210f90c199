import type { Answers } from '../core/answers.ts';
import { AppError } from '../core/appError.ts';
import { ask, readAll, type SecretInput } from './readSecret.ts';

/** One thing that an account needs, as it is asked for here. */
export interface Question {
  readonly key: string;
  readonly label: string;
  /** Where to find it; empty for none. */
  readonly hint: string;
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  /** Asked only when this other one was answered. */
  readonly goesWith: string | null;
  /** The option that answers it, such as `--server`; null for secrets, which no command line holds. */
  readonly option: string | null;
}

/**
 * Asks a person for what is not answered yet, secrets without showing them. Where nobody sits at the terminal, secrets are
 * the lines of standard input in the order of the questions, and the rest has to be said by options. Throws
 * `AppError('invalidInput')` for an option that is missing, `AppError('cancelled')` on Ctrl-C.
 */
export async function readAnswers(
  input: SecretInput,
  questions: readonly Question[],
  given: Answers,
): Promise<Answers> {
  return input.stdin.isTTY === true ? askAll(input, questions, given) : readThem(input, questions, given);
}

async function askAll(input: SecretInput, questions: readonly Question[], given: Answers): Promise<Answers> {
  const answers: Record<string, string> = { ...given };
  for (const question of questions) {
    const { key, label, hint, isSecret, isRequired, goesWith } = question;
    if (answers[key] !== undefined || (goesWith !== null && (answers[goesWith] ?? '') === '')) continue;
    if (hint !== '') input.stderr.write(`${hint}\n`);
    answers[key] = await ask(input, isRequired ? label : `${label} (Enter for none)`, !isSecret);
  }
  return answers;
}

async function readThem({ stdin }: SecretInput, questions: readonly Question[], given: Answers): Promise<Answers> {
  const unsaid = questions.find(({ key, isRequired, option }) => option !== null && isRequired && !given[key]);
  if (unsaid !== undefined) {
    throw new AppError('invalidInput', `Say it with ${unsaid.option}: ${unsaid.label}.`);
  }
  const secrets = questions.filter(({ isSecret }) => isSecret);
  const lines = secrets.length === 0 ? [] : (await readAll(stdin)).split(/\r?\n/);
  return { ...given, ...Object.fromEntries(secrets.map(({ key }, index) => [key, lines[index] ?? ''])) };
}
