import type { AppError } from '../core/appError.ts';

/** Where a command's answer goes. */
export interface Output {
  /** One line for a person. Nothing with `--json`. */
  line(text: string): void;
  /** One JSON value on a line of its own. Nothing without `--json`. */
  data(value: unknown): void;
}

/** 0: done. 1: failed. 2: wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** Splits between people and programs; `write` takes whole lines with their end. */
export const createOutput = (isJson: boolean, write: (text: string) => void): Output => ({
  line: (text) => (isJson ? undefined : write(`${text}\n`)),
  data: (value) => (isJson ? write(`${JSON.stringify(value)}\n`) : undefined),
});

/** The error as a program reads it. */
export const errorJson = ({ code, reason, message }: AppError) => ({ error: { code, reason, message } });

/** Lines beneath a heading; nothing when there are none. */
export const section = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [heading, ...lines.map((line) => `  ${line}`)];
