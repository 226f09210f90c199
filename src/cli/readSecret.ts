import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AppError } from '../core/appError.ts';

/** Where a secret comes from: `process.stdin` and `process.stderr`. */
export interface SecretInput {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
}

/**
 * One secret: typed without being shown when a person sits there, otherwise all of standard input without the last line
 * break. Throws `AppError('cancelled')` on Ctrl-C or Ctrl-D, `AppError('invalidInput')` for nothing.
 */
export async function readSecret({ stdin, stderr }: SecretInput, question: string): Promise<string> {
  const value = stdin.isTTY === true ? await ask({ stdin, stderr }, question) : await readAll(stdin);
  if (value === '') throw new AppError('invalidInput', 'Nothing was given, so nothing was changed.');
  return value;
}

export async function readAll(stdin: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stdin) text += String(chunk);
  return text.replace(/\r?\n$/, '');
}

/** Asks a person. @param isShown whether what is typed is to be seen */
export function ask({ stdin, stderr }: SecretInput, question: string, isShown = false): Promise<string> {
  // The line editor writes what is typed to its output: this one keeps it to itself.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: isShown ? stderr : silent, terminal: true, historySize: 0 });
  const prompt = isShown ? `${question}: ` : `${question} (it is not shown): `;
  // The line editor shows its own prompt, and draws it anew when a line is corrected.
  if (isShown) {
    lines.setPrompt(prompt);
    lines.prompt();
  } else {
    stderr.write(prompt);
  }
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      if (!isShown) stderr.write('\n');
      reject(new AppError('cancelled', 'Cancelled; nothing was changed.'));
    });
  });
}
