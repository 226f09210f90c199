import { z } from 'zod';
import { LANGUAGES } from '../../core/texts.ts';

const line = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['ok', 'failed', 'unknown']),
  /** The status in a word, for those who do not see its sign. */
  word: z.string(),
  text: z.string(),
  nextStep: z.string().nullable(),
});

/** All that the window of the self-test shows: plain data, made in the main process, pushed anew at every change. */
export const checksView = z.object({
  language: z.enum(LANGUAGES),
  title: z.string(),
  message: z.string(),
  /** While it is being tried; the lines are those of the time before, if there are any. */
  isRunning: z.boolean(),
  lines: z.array(line),
  labels: z.object({ again: z.string(), copy: z.string(), copied: z.string(), close: z.string() }),
});

/** What the window's buttons ask for. */
export const CHECKS_ACTIONS = ['again', 'copy', 'close'] as const;

export type ChecksView = Readonly<z.infer<typeof checksView>>;
export type ChecksLine = ChecksView['lines'][number];
export type ChecksAction = (typeof CHECKS_ACTIONS)[number];
