import type { ChatAccount } from '../core/accounts.ts';
import { asAppError, type ErrorInfo, errorInfo } from '../core/appError.ts';
import { type ChatRecord, EMPTY_RECORD, type HandsOff } from '../core/claim.ts';
import { ownsAnything } from '../core/ownership.ts';
import type { ChatReading, PresenceState } from '../core/presence.ts';
import { afterAnswer, afterRestore, type Plan, planPresence, type Wanted } from '../core/presencePlan.ts';
import { isStateTimed } from '../core/presenceTarget.ts';
import type { ChatState, ChatStatus } from '../core/syncState.ts';
import { type Instant, MINUTE, SECOND, type TimeZone } from '../core/time.ts';
import type { ChatProvider, PresenceWrite } from '../ports/chatProvider.ts';
import type { ClaimStore } from '../ports/claimStore.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { RetryGate } from './retryGate.ts';

/** What the engine wants of a chat at the moment it is asked. */
export interface Decision {
  readonly wanted: Wanted;
  readonly underWay: readonly HandsOff[];
  readonly justBefore: readonly HandsOff[];
  /** What the person has had the last word on, with the events that have joined since. */
  readonly handsOff: readonly HandsOff[];
  readonly ownText: 'keep' | 'replace';
  /** Up to when the commands said in this chat have been obeyed; absent: none. */
  readonly heardUntil?: Instant;
  /** The zone that the profile should have; null leaves it. */
  readonly profileTimeZone: TimeZone | null;
  /** Only give back what is ours; write and read nothing else. */
  readonly onlyGiveBack: boolean;
}

/**
 * Why a chat is looked at. `edge`: for what is known to have changed on our side; `mark`: for what the person may have
 * changed, too, and now and then for its health; an instant: in any case, unless it was looked at since then.
 */
export type Look = 'edge' | 'mark' | Instant;

/** What was written, for the notices. */
export interface PresenceChange {
  readonly chat: string;
  readonly kind: 'set' | 'restore';
  readonly state: PresenceState;
}

export interface ChatWorkerDeps {
  readonly claims: ClaimStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asked after each reading, so that it is decided on what is true then. */
  readonly decide: (handsOff: readonly HandsOff[]) => Decision;
  readonly onChange: () => void;
  readonly onWritten: (change: PresenceChange) => void;
}

/** A run that ended well so lately is not repeated for the same decision: an edge and a mark often fall together. */
const FRESH = 30 * SECOND;
/** So often a chat in which nothing is ours and nothing is wanted is looked at, for its health. */
const IDLE_LOOK = 30 * MINUTE;

/** The only writer of one chat: read, plan, claim, write. One run at a time; asks during a run make one more. */
export class ChatWorker {
  readonly account: ChatAccount;
  readonly #provider: ChatProvider;
  readonly #deps: ChatWorkerDeps;
  readonly #gate: RetryGate;
  readonly #stop = new AbortController();
  #record: ChatRecord;
  /** What is on disk: the same, but for an answer that could not be written down yet. */
  #kept: ChatRecord;
  #status: ChatStatus = 'ok';
  #error: ErrorInfo | null = null;
  #running: Promise<void> | null = null;
  /** What is to be done after the run in flight. */
  #next: Look | null = null;
  /** The last run that ended well: what was decided before it wrote, when the chat was asked, and when all was done. */
  #last: { readonly decision: Decision; readonly askedAt: Instant; readonly at: Instant } | null = null;

  /** @param record what was kept on disk */
  constructor(account: ChatAccount, provider: ChatProvider, record: ChatRecord | undefined, deps: ChatWorkerDeps) {
    this.account = account;
    this.#provider = provider;
    this.#deps = deps;
    this.#record = record ?? EMPTY_RECORD;
    this.#kept = this.#record;
    this.#gate = new RetryGate(() => deps.clock.random());
  }

  get state(): ChatState {
    return {
      id: this.account.id,
      provider: this.account.provider,
      label: this.#provider.label,
      status: this.#error === null ? this.#status : 'failing',
      claimed: this.#record.claim !== null && ownsAnything(this.#record.claim),
      capabilities: this.#provider.capabilities,
      error: this.#error,
    };
  }

  get record(): ChatRecord {
    return this.#record;
  }

  /** When to try again by ourselves; null while it is being tried. */
  get retryAt(): Instant | null {
    return this.#running === null ? this.#gate.retryAt : null;
  }

  /** Brings the chat up to date. Resolves when it is, or when that failed; never rejects. */
  reconcile(look: Look): Promise<void> {
    if (this.#running !== null) {
      this.#next = this.#next === null ? look : closer(look, this.#next);
      return this.#running;
    }
    this.#running = this.#runUntilQuiet(look).finally(() => {
      this.#running = null;
      this.#deps.onChange();
    });
    return this.#running;
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  /** Gives up the call under way; nothing is written afterwards. */
  async close(): Promise<void> {
    this.#next = null;
    this.#stop.abort();
    await this.#running;
    await this.#provider.close?.();
  }

  async #runUntilQuiet(look: Look): Promise<void> {
    for (let next: Look | null = look; next !== null; next = this.#next) {
      this.#next = null;
      if (this.#stop.signal.aborted) return;
      await this.#runOnce(next);
    }
  }

  async #runOnce(look: Look): Promise<void> {
    const { clock, decide } = this.#deps;
    if (!this.#gate.isOpen(clock.now())) return;
    const decision = decide(this.#record.handsOff);
    if (decision.onlyGiveBack && this.#record.claim === null) {
      this.#settle('ok');
      return;
    }
    if (this.#isUpToDate(decision, look)) return;
    const askedAt = clock.now();
    try {
      const reading = await this.#provider.read(this.#stop.signal);
      await this.#act(reading);
      this.#gate.succeeded();
      this.#error = null;
      this.#last = { decision, askedAt, at: clock.now() };
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      this.#last = null;
      const error = asAppError(thrown);
      const now = clock.now();
      this.#error = errorInfo(error, now, this.#error);
      this.#gate.failed(error, now, this.#isBehind());
      this.#deps.logger.warn('Chat not brought up to date', {
        chat: this.account.id,
        code: error.code,
        reason: error.reason,
        ...(error.reason === 'unexpected' && error.cause instanceof Error ? { cause: error.cause.name } : {}),
      });
    }
  }

  /** Whether a look at the chat would hardly tell anything new. A person's change is looked for while something is ours. */
  #isUpToDate(decision: Decision, look: Look): boolean {
    if (this.#last === null) return false;
    const now = this.#deps.clock.now();
    const since = now - this.#last.at;
    const { claim } = this.#record;
    if (claim !== null && claim.end <= now && this.#last.at < claim.end) return false;
    if (since < 0 || this.#told(decision) !== this.#told(this.#last.decision)) return false;
    if (typeof look === 'number') return this.#last.askedAt >= look;
    if (since < FRESH) return true;
    const { wanted } = decision;
    const isIdle = claim === null && (wanted === null || wanted === 'unknown');
    if (isIdle && look === 'edge') return true;
    return isIdle && since < IDLE_LOOK && JSON.stringify(decision) === JSON.stringify(this.#last.decision);
  }

  /** The part of a decision that this chat is told. */
  #told({ wanted, ownText, profileTimeZone, onlyGiveBack }: Decision): string {
    const { expires, stateExpires } = this.#provider.capabilities;
    const isPresence = wanted !== null && wanted !== 'unknown';
    const until = isPresence && (expires || stateExpires) ? wanted.until : null;
    const shown = isPresence ? { ...wanted, until, events: null } : wanted;
    return JSON.stringify({ shown, ownText, profileTimeZone, onlyGiveBack });
  }

  /** Whether the chat shows, or may show, what it should not. */
  #isBehind(): boolean {
    const { wanted } = this.#deps.decide(this.#record.handsOff);
    const { claim } = this.#record;
    const isWritten = claim !== null && (claim.isAnswered || claim.written !== null) && !claim.restoring;
    return wanted === 'unknown' ? claim !== null : (wanted !== null) !== isWritten;
  }

  #plan(reading: ChatReading): { readonly plan: Plan; readonly decision: Decision } {
    const { clock, decide } = this.#deps;
    const decision = decide(this.#record.handsOff);
    const plan = planPresence({
      record: { ...this.#record, handsOff: [...decision.handsOff] },
      reading,
      capabilities: this.#provider.capabilities,
      now: clock.now(),
      ...decision,
    });
    return { plan, decision };
  }

  async #act(reading: ChatReading): Promise<void> {
    if (this.#stop.signal.aborted) return;
    let { plan, decision } = this.#plan(reading);
    if (plan.kind === 'keep' && plan.record.handsOff.length > this.#record.handsOff.length) {
      // The person's word may have been about what is over: then what is on now counts.
      await this.#save(plan.record);
      ({ plan, decision } = this.#plan(reading));
    }
    const { claim: former } = this.#record;
    const before = former?.written ?? (former?.isAnswered ? former.asked : null);
    await this.#save(plan.record);
    const zone = reading.presence.state === 'offline' ? undefined : this.#zoneChange(reading, decision);
    if (plan.kind === 'keep') {
      if (zone !== undefined) {
        await this.#write({ profileTimeZone: zone }, reading);
        this.#deps.logger.info('Profile time zone written', { chat: this.account.id, zone });
      }
      this.#settle(plan.status);
      return;
    }
    const { claim } = plan.record;
    const isTimed = plan.kind === 'set' && isStateTimed(claim, plan.write, this.#provider.capabilities);
    const change: PresenceWrite = {
      presence: plan.write,
      ...(isTimed ? { stateUntil: claim.end } : {}),
      ...(zone === undefined ? {} : { profileTimeZone: zone }),
    };
    await this.#write(change, reading);
    const state = presenceState(plan, decision);
    this.#deps.logger.info(plan.kind === 'set' ? 'Presence set' : 'Presence restored', {
      chat: this.account.id,
      state,
    });
    // Another end of the same status is no news.
    const isNews = plan.kind === 'restore' || before?.state !== plan.write.state || before.text !== plan.write.text;
    if (isNews) this.#deps.onWritten({ chat: this.#provider.label, kind: plan.kind, state });
    if (plan.kind === 'restore') {
      await this.#save(afterRestore(plan.record));
      this.#settle('ok');
      return;
    }
    // The chat has said so, on disk or not. Its own stored form of it is taken over at the next reading.
    this.#record = afterAnswer(plan.record);
    await this.#save(this.#record);
    this.#settle('ok');
  }

  async #write(change: PresenceWrite, basis: ChatReading): Promise<void> {
    this.#stop.signal.throwIfAborted();
    await this.#provider.write(change, basis, this.#stop.signal);
  }

  #zoneChange(reading: ChatReading, decision: Decision): TimeZone | undefined {
    const wanted = decision.profileTimeZone;
    const differs =
      this.#provider.capabilities.profileTimeZone && wanted !== null && reading.profileTimeZone !== wanted;
    return differs ? wanted : undefined;
  }

  /** On disk before it is believed. */
  async #save(record: ChatRecord): Promise<void> {
    const isEmpty = record.claim === null && record.handsOff.length === 0;
    const isKept = JSON.stringify(record) === JSON.stringify(this.#kept);
    if (!isKept) await this.#deps.claims.save(this.account.id, isEmpty ? null : record);
    this.#kept = record;
    this.#record = record;
  }

  #settle(status: ChatStatus): void {
    if (status !== this.#status) this.#deps.logger.info('Chat', { chat: this.account.id, status });
    this.#status = status;
  }
}

/** Which of two asks leaves less unseen. */
function closer(a: Look, b: Look): Look {
  if (typeof a === 'number') return typeof b === 'number' ? Math.max(a, b) : a;
  return typeof b === 'number' || a === 'edge' ? b : a;
}

/** What the notice says: what the rules wanted, also where the chat has no word for it. */
const presenceState = (plan: Exclude<Plan, { kind: 'keep' }>, { wanted }: Decision): PresenceState =>
  plan.kind === 'set' && wanted !== null && wanted !== 'unknown'
    ? (wanted.state ?? plan.write.state)
    : plan.write.state;
