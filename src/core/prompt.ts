import { z } from 'zod';
import { providerName } from './accounts.ts';

/** Its id. */
const account = z.string().min(1).max(200);

/**
 * The windows that ask for something.
 * - `add`, `renew`, `remove`: an account
 * - `choose`: which kind of account to add
 * - `calendars`: which calendars of an account are read
 */
export const promptSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('email') }),
  z.object({ kind: z.literal('statusMessage') }),
  z.object({ kind: z.literal('choose'), what: z.enum(['calendar', 'chat']) }),
  z.object({ kind: z.literal('add'), provider: providerName }),
  z.object({ kind: z.literal('renew'), account }),
  z.object({ kind: z.literal('calendars'), account }),
  z.object({ kind: z.literal('remove'), account }),
]);

export type Prompt = Readonly<z.infer<typeof promptSchema>>;

/** One name for each prompt: there is one window of each. Such as `email`, `add:slack` or `renew:slack-2`. */
export function promptId(prompt: Prompt): string {
  switch (prompt.kind) {
    case 'email':
    case 'statusMessage':
      return prompt.kind;
    case 'choose':
      return `choose:${prompt.what}`;
    case 'add':
      return `add:${prompt.provider}`;
    case 'renew':
    case 'calendars':
    case 'remove':
      return `${prompt.kind}:${prompt.account}`;
  }
}
