import { AppError } from '../../core/appError.ts';
import { type Instant, MINUTE, SECOND } from '../../core/time.ts';
import type { GuardedFetch } from '../guard/guardedFetch.ts';
import type { HostAnswer, Say } from './message.ts';

/** Both chats take so many answers to one command, for so long. */
const MOST_USES = 5;
const OPEN_FOR = 30 * MINUTE;

export interface ResponseUrlOptions {
  /** Where the chat wants answers, as it said; null for nowhere. */
  readonly address: string | null;
  /** Whether it is an address of that chat. */
  readonly isTheirs: (url: URL) => boolean;
  readonly guard: Pick<GuardedFetch, 'request'>;
  readonly form: (answers: readonly HostAnswer[]) => object;
  readonly now: () => Instant;
}

/** Answers at a `response_url`. Throws `AppError` for an address that is not the chat's, and when it has been used up. */
export function responseUrl({ address, isTheirs, guard, form, now }: ResponseUrlOptions): Say {
  const until = now() + OPEN_FOR;
  let uses = 0;
  return async (answers) => {
    if (address === null || !URL.canParse(address) || !isTheirs(new URL(address))) {
      throw new AppError('forbidden', 'The response_url is none of this chat: nothing is sent there.', {
        reason: 'responseUrl',
      });
    }
    if (uses >= MOST_USES || now() >= until) {
      throw new AppError('unavailable', 'This command has been answered five times, or half an hour ago.', {
        reason: 'usedUp',
      });
    }
    uses += 1;
    const answer = await guard.request(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(form(answers)),
      timeout: 10 * SECOND,
      maxBytes: 0,
    });
    if (answer.status >= 300) {
      throw new AppError('badResponse', 'The chat did not take the answer.', { reason: `http${answer.status}` });
    }
  };
}
