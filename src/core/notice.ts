import type { Prompt } from './prompt.ts';

/** What a click on a notice does. */
export type NoticeAction =
  | { readonly kind: 'prompt'; readonly prompt: Prompt }
  | { readonly kind: 'openAddress'; readonly url: string }
  | { readonly kind: 'openLog' }
  | { readonly kind: 'update' }
  | { readonly kind: 'none' };

/** A native notification as data. */
export interface Notice {
  /** Names the cause: one cause, one notice. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly action: NoticeAction;
}
