import type { Prompt } from '../core/prompt.ts';

/** Opens the window that asks for something. What the person answers goes to the accounts workflow, not back here. */
export interface Prompter {
  open(prompt: Prompt): void;
}

/** Opens addresses in the person's browser. */
export interface Opener {
  openAddress(url: string): Promise<void>;
}
