import type { Answers } from '../core/answers.ts';
import { asAppError } from '../core/appError.ts';
import { parseCommandLine, type Run } from './args.ts';
import { addAccount, listAccounts, removeAccount } from './commands/accounts.ts';
import { activity } from './commands/activity.ts';
import { accountCalendars } from './commands/calendars.ts';
import { doctor } from './commands/doctor.ts';
import { deleteSecret, listSecrets, setSecret } from './commands/secret.ts';
import { signIn } from './commands/signIn.ts';
import { simulate } from './commands/simulate.ts';
import { status } from './commands/status.ts';
import { sync } from './commands/sync.ts';
import { watch } from './commands/watch.ts';
import { why } from './commands/why.ts';
import type { Cli } from './compose.ts';
import { createOutput, type ExitCode, errorJson, type Output } from './output.ts';
import type { Question } from './readAnswers.ts';

/** What the process gives the command line. */
export interface Shell {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** The person's home folder: it is not shown to others. */
  readonly home: string;
  compose(debug: boolean): Promise<Cli>;
  /** Asks the person, or reads standard input, for a secret. */
  readSecret(question: string): Promise<string>;
  /** Asks for what an account needs and `given` lacks. */
  readAnswers(questions: readonly Question[], given: Answers): Promise<Answers>;
  /** Aborts when the person or the system ends the program; asked by commands that wait. */
  stopSignal(): AbortSignal;
  /** `hipstatus hub`: a program of its own, with its own words. Its outcome is the exit code. */
  hub(words: readonly string[]): Promise<number>;
}

/** Runs one command line; its outcome is the exit code. Never throws. */
export async function runCli(argv: readonly string[], shell: Shell): Promise<number> {
  const parsed = parseCommandLine(argv);
  if (parsed.kind === 'hub') return shell.hub(parsed.words);
  if (parsed.kind === 'help') {
    shell.stdout.write(`${parsed.text}\n`);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    shell.stderr.write(`hipstatus: ${parsed.message}\n`);
    return 2;
  }
  const output = createOutput(parsed.json, (text) => shell.stdout.write(text));
  try {
    const cli = await shell.compose(parsed.debug);
    for (const { path, message } of cli.settings.problems()) {
      shell.stderr.write(`hipstatus: ${path === '' ? '' : `${path}: `}${message}\n`);
    }
    return await dispatch(parsed, cli, shell, output);
  } catch (thrown) {
    const error = asAppError(thrown);
    output.data(errorJson(error));
    shell.stderr.write(`hipstatus: ${error.message}\n`);
    if (parsed.debug) shell.stderr.write(`${stackOf(thrown)}\n`);
    return 1;
  }
}

/** Where it went wrong, without messages: those of others may hold what must not be shown. */
function stackOf(thrown: unknown): string {
  const frames = (error: unknown) =>
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return [...frames(thrown), ...(cause instanceof Error ? [`caused by ${cause.name}`, ...frames(cause)] : [])].join(
    '\n',
  );
}

function dispatch({ command }: Run, cli: Cli, shell: Shell, output: Output): Promise<ExitCode> {
  switch (command.name) {
    case 'status':
      return status(cli, output);
    case 'sync':
      return command.watch ? watch(cli, output, aborted(shell.stopSignal())) : sync(cli, output);
    case 'simulate':
      return simulate(cli, command, output);
    case 'why':
      return why(cli, output);
    case 'activity':
      return activity(cli, output, shell.home);
    case 'doctor':
      return doctor(cli, output, shell.home, shell.stopSignal());
    case 'sign-in':
      return signIn(cli, command, output, shell.stopSignal());
    case 'accounts':
      if (command.action === 'list') return listAccounts(cli, output);
      if (command.action === 'calendars') return accountCalendars(cli, command, output, shell.stopSignal());
      return command.action === 'add'
        ? addAccount(
            cli,
            command,
            (questions, given) => shell.readAnswers(questions, given),
            output,
            shell.stopSignal(),
          )
        : removeAccount(cli, command, output);
    case 'secret':
      if (command.action === 'list') return listSecrets(cli, output);
      return command.action === 'set'
        ? setSecret(cli, command, (question) => shell.readSecret(question), output)
        : deleteSecret(cli, command, output);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
