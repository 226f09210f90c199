import { z } from 'zod';
import { PROMPT_KINDS } from '../../core/prompt.ts';

/** The fields a prompt can have. `value` is the one it is about. */
export const FIELD_NAMES = ['value', 'username', 'password'] as const;

/** Buttons that do something and leave the prompt open. */
export const PROMPT_ACTIONS = [
  'getToken',
  'useIcs',
  'useSlack',
  'useDeviceCode',
  'useBrowser',
  'openCodePage',
  'copyCode',
] as const;

const field = z.object({
  name: z.enum(FIELD_NAMES),
  label: z.string(),
  inputType: z.enum(['text', 'email', 'url', 'password']),
  /** What stands in it at the start. Always empty for secrets. */
  value: z.string(),
  placeholder: z.string(),
  required: z.boolean(),
});

/** All that a prompt window shows: plain data, made in the main process, pushed anew at every change. */
export const promptView = z.object({
  kind: z.enum(PROMPT_KINDS),
  title: z.string(),
  message: z.string(),
  fields: z.array(field),
  /** Null where there is nothing to accept, as while the browser is waited for. */
  submitLabel: z.string().nullable(),
  cancelLabel: z.string(),
  /** On the button that shows or hides what was typed into a masked field. */
  reveal: z.object({ show: z.string(), hide: z.string() }),
  actions: z.array(z.object({ id: z.enum(PROMPT_ACTIONS), label: z.string() })),
  /** What is being done just now; while it is, the fields are disabled. */
  progress: z.string().nullable(),
  /** What was wrong with the last answer. */
  error: z.string().nullable(),
  /** A code to type on another device. */
  code: z.object({ label: z.string(), userCode: z.string(), copied: z.string() }).nullable(),
});

/** What the person typed, by field. */
export const promptAnswer = z.strictObject({
  value: z.string().max(8_192),
  username: z.string().max(320),
  password: z.string().max(1_024),
});

export type FieldName = (typeof FIELD_NAMES)[number];
export type PromptAction = (typeof PROMPT_ACTIONS)[number];
export type PromptField = Readonly<z.infer<typeof field>>;
export type PromptView = Readonly<z.infer<typeof promptView>>;
export type PromptAnswer = Readonly<z.infer<typeof promptAnswer>>;
