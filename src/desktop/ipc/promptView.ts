import { z } from 'zod';
import { LANGUAGES } from '../../core/texts.ts';

/**
 * By what a button is known. After the colon: the field whose page is opened, the provider to add instead, or `calendar` or
 * `chat` for all of them.
 */
const actionId = z
  .string()
  .regex(/^(?:(?:link|use|choose):[a-zA-Z\d]{1,40}|useDeviceCode|useBrowser|openCodePage|copyCode)$/);
const fieldName = z.string().regex(/^[a-zA-Z][a-zA-Z\d]{0,39}$/);

/** More fields than any provider asks for, and than anybody has calendars. */
export const MOST_FIELDS = 200;

const field = z.object({
  name: fieldName,
  label: z.string(),
  inputType: z.enum(['text', 'email', 'url', 'password', 'checkbox']),
  /** What stands in it at the start. Always empty for secrets; for a checkbox `yes` or empty. */
  value: z.string(),
  placeholder: z.string(),
  /** Where to find what is asked for; empty for none. */
  hint: z.string(),
  required: z.boolean(),
});

/** All that a prompt window shows: plain data, made in the main process, pushed anew at every change. */
export const promptView = z.object({
  language: z.enum(LANGUAGES),
  title: z.string(),
  message: z.string(),
  fields: z.array(field),
  /** Null where there is nothing to accept, as while the browser is waited for. */
  submitLabel: z.string().nullable(),
  /** Null where there is nothing to give up any more. */
  cancelLabel: z.string().nullable(),
  /** On the button that shows or hides what was typed into a masked field. */
  reveal: z.object({ show: z.string(), hide: z.string() }),
  /** Buttons that do something and leave the prompt open, or lead to another one. */
  actions: z.array(z.object({ id: actionId, label: z.string() })),
  /** What is being done just now; while it is, the fields are disabled. */
  progress: z.string().nullable(),
  /** What was wrong with the last answer, and in which field; null where it is in none of them, or in the only one. */
  error: z.string().nullable(),
  errorField: fieldName.nullable(),
  /** What came of it: what the app can do now, and what not. */
  outcome: z.object({ can: z.array(z.string()), cannotLabel: z.string(), cannot: z.array(z.string()) }).nullable(),
  /** A code to type on another device. */
  code: z.object({ label: z.string(), userCode: z.string(), copied: z.string() }).nullable(),
});

/** What the person typed, by field. */
export const promptAnswer = z
  .record(fieldName, z.string().max(8_192))
  .refine((answer) => Object.keys(answer).length <= MOST_FIELDS);

export const promptAction = actionId;

export type PromptField = Readonly<z.infer<typeof field>>;
export type PromptView = Readonly<z.infer<typeof promptView>>;
export type PromptAnswer = Readonly<z.infer<typeof promptAnswer>>;
