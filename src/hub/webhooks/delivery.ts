import { asAppError } from '../../core/appError.ts';
import { SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import { type GuardedFetch, REFUSED } from '../guard/guardedFetch.ts';
import type { Message, Webhook } from './records.ts';
import { signatureOf } from './signature.ts';

/** How long a receiver may take. */
const TIMEOUT = 10 * SECOND;

export type Outcome =
  | { readonly kind: 'delivered' }
  /** 410: it wants nothing any more. */
  | { readonly kind: 'gone' }
  /** The hub stops: it was no try. */
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed';
      /** `status 500`, `timeout`, `network`, `refused` (the address leads where no call may go). */
      readonly reason: string;
      /** Milliseconds the receiver asked to be left alone. */
      readonly retryAfter: number | null;
    };

/** Tries once to deliver. Never throws. */
export type Deliver = (
  webhook: Pick<Webhook, 'url' | 'secret'>,
  message: Message,
  signal?: AbortSignal,
) => Promise<Outcome>;

export interface DeliveryDeps {
  readonly guard: GuardedFetch;
  readonly clock: Clock;
  /** HipStatus's own, such as `2.0.0`. */
  readonly version: string;
  /** Hears of every outcome. */
  readonly observe: (outcome: Outcome) => void;
}

export function createDelivery({ guard, clock, version, observe }: DeliveryDeps): Deliver {
  const send: Deliver = async ({ url, secret }, { event, delivery, body }, signal) => {
    try {
      const { status, retryAfter } = await guard.request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': `HipStatus/${version}`,
          'x-hipstatus-event': event,
          'x-hipstatus-delivery': delivery,
          'x-hipstatus-signature': signatureOf(secret, clock.now(), body),
        },
        body,
        timeout: TIMEOUT,
        // Whatever it answers is not ours to know.
        maxBytes: 0,
        ...(signal === undefined ? {} : { signal }),
      });
      if (status >= 200 && status < 300) return { kind: 'delivered' };
      if (status === 410) return { kind: 'gone' };
      return { kind: 'failed', reason: `status ${status}`, retryAfter };
    } catch (thrown) {
      const { code, reason } = asAppError(thrown);
      if (code === 'cancelled') return { kind: 'cancelled' };
      return { kind: 'failed', reason: reason === REFUSED ? 'refused' : code, retryAfter: null };
    }
  };
  return async (webhook, message, signal) => {
    const outcome = await send(webhook, message, signal);
    observe(outcome);
    return outcome;
  };
}
