import { type AppError, asAppError } from '../core/appError.ts';
import type { CalendarEvent } from '../core/calendarEvent.ts';
import { PartialViewError } from '../core/partialView.ts';
import { cancelled } from './loopback.ts';

/** Graph's limit for an app and a mailbox; the others have none as strict. */
const AT_ONCE = 4;

type Outcome = { readonly events: readonly CalendarEvent[] } | { readonly error: AppError };

export interface PartsWish {
  /** The calendars to read, by their ids. */
  readonly ids: readonly string[];
  readonly read: (id: string, signal: AbortSignal) => Promise<readonly CalendarEvent[]>;
  /** What the person calls a calendar; asked for only where one failed. */
  readonly nameOf: (id: string, signal: AbortSignal) => Promise<string>;
}

/**
 * The calendars of one account, read side by side. Each keeps its last good view, so that one that fails neither spoils the
 * others nor looks free.
 */
export class CalendarParts {
  readonly #views = new Map<string, readonly CalendarEvent[]>();

  /**
   * The events of all of them.
   * @throws PartialViewError when some failed, naming the first; `AppError` when all did, or the only one
   */
  async read(wish: PartsWish, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    const ids = [...new Set(wish.ids)];
    const outcomes = await this.#outcomes(ids, wish, signal);
    // An account that has gone elsewhere since must not come back from memory.
    for (const id of this.#views.keys()) if (!ids.includes(id)) this.#views.delete(id);
    const failed = ids.flatMap((id) => {
      const outcome = outcomes.get(id);
      return outcome !== undefined && 'error' in outcome ? [{ id, error: outcome.error }] : [];
    });
    const events = ids.flatMap((id) => this.#views.get(id) ?? []);
    const [first] = failed;
    if (first === undefined) return events;
    if (signal.aborted) throw first.error;
    if (failed.length === ids.length) throw first.error;
    // The one that has to be waited for longest speaks for all.
    const worst = failed.reduce((a, b) => ((b.error.retryAfter ?? 0) > (a.error.retryAfter ?? 0) ? b : a), first);
    const name = await wish.nameOf(worst.id, signal).catch(() => worst.id);
    const isWhole = failed.every(({ id }) => this.#views.has(id));
    throw new PartialViewError(
      worst.error,
      `The calendar "${name}" was not read. ${worst.error.message}`,
      events,
      isWhole,
    );
  }

  async #outcomes(ids: readonly string[], wish: PartsWish, signal: AbortSignal): Promise<Map<string, Outcome>> {
    const outcomes = new Map<string, Outcome>();
    const waiting = [...ids];
    const worker = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        try {
          if (signal.aborted) throw cancelled();
          const events = await wish.read(id, signal);
          this.#views.set(id, events);
          outcomes.set(id, { events });
        } catch (thrown) {
          outcomes.set(id, { error: asAppError(thrown) });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, worker));
    return outcomes;
  }
}
