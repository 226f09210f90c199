import { asAppError } from '../../core/appError.ts';
import { type Instant, SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { eventOut } from '../api/schemas.ts';
import type { HubFeed } from '../feed.ts';
import type { HubEvent } from '../model.ts';
import { FeedGone, type HubStore } from '../store/port.ts';
import { MAX_TRIES, waitAfter } from './backoff.ts';
import type { Deliver, Outcome } from './delivery.ts';
import { type Message, type Progress, type Webhook, wants } from './records.ts';
import { Rest } from './rest.ts';
import type { Webhooks } from './webhooks.ts';

export interface RunnerDeps {
  readonly store: Pick<HubStore, 'lease' | 'head'>;
  readonly feed: Pick<HubFeed, 'read'>;
  readonly webhooks: Webhooks;
  readonly deliver: Deliver;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This hub, among all on the same store. */
  readonly owner: string;
  /** Hears of each change that was given up. */
  readonly onDeadLetter: () => void;
}

/** How long one hub has the right to deliver; it is renewed while there is still time for one delivery. */
export const LEASE = 30 * SECOND;
const RENEW_BEFORE = 15 * SECOND;
/** When a hub without the right asks again. */
const ASK_AGAIN = 15 * SECOND;
const STORE_RETRY = 5 * SECOND;
const PAGE = 100;
/** How long a cursor that moved on may stay unsaved while deliveries go on: what a hub that dies sends twice. */
const SAVE_EVERY = SECOND;
/** And while there is only what the webhook does not want. */
const SAVE_SKIPPED = 30 * SECOND;

/** What the hub that may deliver knows. */
interface Held {
  until: Instant;
  webhook: Webhook;
  progress: Progress;
  version: number;
  savedAt: Instant;
  isChanged: boolean;
}

/** What to do next: wait that long, wait for changes, or go on at once. */
type Next = number | 'news' | 'on';

/**
 * Delivers to one webhook: each change, in order, one at a time. It reads them from the feed after its own cursor, so a receiver that
 * is slow or dead costs no memory and nobody else's time. Only the hub that holds the lease delivers; another goes on where it stopped.
 */
export class WebhookRunner {
  readonly #id: string;
  readonly #deps: RunnerDeps;
  readonly #rest: Rest;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #stopped = false;
  #held: Held | null = null;
  #waitingSince: Instant | null = null;

  constructor(id: string, deps: RunnerDeps) {
    this.#id = id;
    this.#deps = deps;
    this.#rest = new Rest(deps.clock);
    this.#done = this.#run();
  }

  /** There may be changes to deliver. */
  poke(): void {
    this.#rest.news();
  }

  /** The feed was read anew: what is known of the place in it has to be looked at again. */
  reset(): void {
    this.#held = null;
    this.#rest.news();
  }

  /** When the change was made that this hub is to deliver next; null while there is none. */
  get waitingSince(): Instant | null {
    return this.#held === null ? null : this.#waitingSince;
  }

  /** Whether the last try failed. */
  get isFailing(): boolean {
    return (this.#held?.progress.pending ?? null) !== null;
  }

  /** Ends after the delivery that is under way, and lets another hub go on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#rest.over();
    await this.#done;
  }

  /** Ends the delivery that is under way. */
  cut(): void {
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        const next = await this.#step();
        if (next === 'news') await this.#rest.forNews();
        else if (next !== 'on') await this.#rest.for(next);
      } catch (thrown) {
        this.#held = null;
        this.#deps.logger.warn('Deliveries wait for the store', { webhook: this.#id, code: asAppError(thrown).code });
        await this.#rest.for(STORE_RETRY);
      }
    }
    await this.#leave().catch(() => undefined);
  }

  async #step(): Promise<Next> {
    const { clock, store } = this.#deps;
    const held = await this.#hold();
    if (held === 'none') return 'news';
    if (held === null) return ASK_AGAIN;
    const { pending, resetTo } = held.progress;
    const now = clock.now();
    this.#waitingSince = pending?.at ?? null;
    if (pending !== null && pending.nextAt > now) return Math.min(pending.nextAt, held.until - RENEW_BEFORE) - now;
    if (resetTo !== null) return this.#sendReset(held, resetTo);
    const events = await this.#read(held);
    if (events === null) {
      held.progress = { ...held.progress, pending: null, resetTo: await store.head() };
      await this.#save(held);
      return 'on';
    }
    if (events.length === 0) return 'news';
    const next = await this.#sendAll(held, events);
    const patience = next === 'skipped' ? SAVE_SKIPPED : 0;
    if (held.isChanged && clock.now() - held.savedAt >= patience) await this.#save(held);
    return 'on';
  }

  /** Null when changes are missing. */
  async #read({ progress }: Held): Promise<readonly HubEvent[] | null> {
    try {
      return await this.#deps.feed.read(progress.cursor, PAGE);
    } catch (thrown) {
      if (thrown instanceof FeedGone) return null;
      throw thrown;
    }
  }

  async #sendAll(held: Held, events: readonly HubEvent[]): Promise<'sent' | 'skipped' | 'failed'> {
    const { clock } = this.#deps;
    let hasSent = false;
    for (const event of events) {
      if (wants(held.webhook, event)) {
        if (this.#stopped || held !== (await this.#hold())) return 'failed';
        this.#waitingSince = event.at;
        const message = messageOf(event);
        if (!(await this.#try(held, message, event))) return 'failed';
        hasSent = true;
      }
      held.progress = { ...held.progress, cursor: event.id, pending: null };
      held.isChanged = true;
      this.#waitingSince = null;
      if (hasSent && clock.now() - held.savedAt >= SAVE_EVERY) await this.#save(held);
    }
    return hasSent ? 'sent' : 'skipped';
  }

  async #sendReset(held: Held, resetTo: number): Promise<Next> {
    const { clock } = this.#deps;
    const at = held.progress.pending?.at ?? clock.now();
    const body = JSON.stringify({ id: resetTo, at: new Date(at).toISOString(), kind: 'reset' });
    const message: Message = { event: 'reset', delivery: `reset-${resetTo}`, body };
    if (await this.#try(held, message, { id: resetTo, at })) {
      held.progress = { ...held.progress, cursor: resetTo, pending: null, resetTo: null };
      await this.#save(held);
    }
    return 'on';
  }

  /** @returns whether the change is done with: delivered, or given up */
  async #try(held: Held, message: Message, { id, at }: Pick<HubEvent, 'id' | 'at'>): Promise<boolean> {
    const { deliver, webhooks, logger } = this.#deps;
    const outcome = await deliver(held.webhook, message, this.#abort.signal);
    if (outcome.kind === 'delivered') return true;
    if (outcome.kind === 'cancelled') return false;
    if (outcome.kind === 'gone') {
      logger.warn('A receiver is gone: its webhook is switched off', { webhook: this.#id });
      await webhooks.switchOff(this.#id);
      held.webhook = { ...held.webhook, isOff: true };
      await this.#save(held);
      return false;
    }
    const tries = held.progress.pending?.event === id ? held.progress.pending.tries + 1 : 1;
    logger.info('A delivery failed', { webhook: this.#id, event: id, tries, reason: outcome.reason });
    if (tries >= MAX_TRIES && message.event !== 'reset') {
      await this.#bury(held, { ...message, event: message.event }, { id, at, tries, reason: outcome.reason });
      return true;
    }
    await this.#postpone(held, { event: id, at, tries }, outcome);
    return false;
  }

  async #postpone(
    held: Held,
    failed: { readonly event: number; readonly at: Instant; readonly tries: number },
    { reason, retryAfter }: Extract<Outcome, { kind: 'failed' }>,
  ): Promise<void> {
    const { clock } = this.#deps;
    const nextAt = clock.now() + waitAfter(failed.tries, clock.random(), retryAfter);
    held.progress = { ...held.progress, pending: { ...failed, nextAt, reason } };
    await this.#save(held);
  }

  async #bury(
    held: Held,
    { event: kind, body }: Message & { readonly event: HubEvent['kind'] },
    { id, ...failed }: { readonly id: number; readonly at: Instant; readonly tries: number; readonly reason: string },
  ): Promise<void> {
    const { webhooks, clock, logger, onDeadLetter } = this.#deps;
    const letter = { event: id, kind, body, failedAt: clock.now(), ...failed };
    const dropped = await webhooks.addDeadLetter(this.#id, letter);
    held.progress = { ...held.progress, cursor: id, pending: null, dropped: held.progress.dropped + dropped };
    await this.#save(held);
    logger.warn('A change could not be delivered', { webhook: this.#id, event: id, reason: failed.reason });
    onDeadLetter();
  }

  /** The right to deliver and what belongs to it. Null: another hub has it. `none`: there is nothing to deliver to. */
  async #hold(): Promise<Held | 'none' | null> {
    const { store, clock, owner, webhooks } = this.#deps;
    const now = clock.now();
    const before = this.#held;
    if (before !== null && now < before.until - RENEW_BEFORE) return before.webhook.isOff ? 'none' : before;
    const until = now + LEASE;
    const isOurs = await store.lease(`webhook:${this.#id}`, owner, until, now);
    const webhook = isOurs ? await webhooks.get(this.#id) : null;
    if (webhook === null || webhook.isOff) {
      this.#held = null;
      return isOurs ? 'none' : null;
    }
    // Nobody else can have had it in between.
    if (before !== null && before === this.#held && now < before.until) {
      Object.assign(before, { until, webhook });
      return before;
    }
    const progress = await webhooks.progress(this.#id);
    if (progress === null) return 'none';
    this.#held = {
      until,
      webhook,
      progress: progress.value,
      version: progress.version,
      savedAt: now,
      isChanged: false,
    };
    await this.#checkPlace(this.#held);
    return this.#held;
  }

  /** A feed that is shorter than it was is another one: an older copy of the store came back. */
  async #checkPlace(held: Held): Promise<void> {
    const head = await this.#deps.store.head();
    if (held.progress.resetTo !== null || held.progress.cursor <= head) return;
    held.progress = { ...held.progress, pending: null, resetTo: head };
  }

  async #save(held: Held): Promise<void> {
    const { webhooks, clock } = this.#deps;
    held.version = await webhooks.saveProgress(this.#id, { value: held.progress, version: held.version });
    held.savedAt = clock.now();
    held.isChanged = false;
  }

  async #leave(): Promise<void> {
    const { store, clock, owner } = this.#deps;
    const held = this.#held;
    const now = clock.now();
    if (held === null || now >= held.until) return;
    if (held.isChanged) await this.#save(held);
    await store.lease(`webhook:${this.#id}`, owner, now, now);
  }
}

const messageOf = (event: HubEvent): Message & { readonly event: HubEvent['kind'] } => ({
  event: event.kind,
  delivery: String(event.id),
  body: JSON.stringify(eventOut(event)),
});
