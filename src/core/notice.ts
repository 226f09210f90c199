import type { Prompt } from './prompt.ts';

/**
 * What a click on a notice does.
 * - `checks`: the self-test says what is in the way
 * - `update`: what is new, and what can be done about it
 */
export type NoticeAction =
  | { readonly kind: 'prompt'; readonly prompt: Prompt }
  | { readonly kind: 'openAddress'; readonly url: string }
  | { readonly kind: 'openLog' | 'checks' | 'update' | 'none' };

/** A native notification as data. */
export interface Notice {
  /** Names the cause: one cause, one notice. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly action: NoticeAction;
}
