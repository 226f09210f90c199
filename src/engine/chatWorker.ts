import type { ChatAccount, ChatName } from '../core/accounts.ts';
import { asAppError, type ErrorInfo, errorInfo } from '../core/appError.ts';
import { type ChatRecord, EMPTY_RECORD, type HandsOff } from '../core/claim.ts';
import type { ChatNow } from '../core/dayState.ts';
import { ownsAnything } from '../core/ownership.ts';
import type { ChatReading, PresenceState } from '../core/presence.ts';
import { afterAnswer, afterRestore, type Plan, planPresence } from '../core/presencePlan.ts';
import { isStateTimed } from '../core/presenceTarget.ts';
import type { ChatState, ChatStatus } from '../core/syncState.ts';
import { type Instant, MINUTE, SECOND, type TimeZone } from '../core/time.ts';
import type { ChatProvider, PresenceWrite } from '../ports/chatProvider.ts';
import type { ClaimStore } from '../ports/claimStore.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { type Decision, isToldAlike, presenceState } from './decision.ts';
import { closer, type Look } from './look.ts';
import { RetryGate } from './retryGate.ts';
import { Sighting } from './sighting.ts';

/** What was written, for those who tell of it. */
export interface PresenceChange {
  /** The account's id. */
  readonly account: string;
  readonly provider: ChatName;
  /** What the person knows it by. */
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
  readonly #sighting = new Sighting();
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

  /** What it shows now, as far as that is known. */
  get now(): ChatNow {
    const now = this.#deps.clock.now();
    const { claim, handsOff } = this.#record;
    const isOurs = claim !== null && ownsAnything(claim);
    const words = [...handsOff.map(({ until }) => until), claim?.end ?? 0].filter((until) => until > now);
    return {
      id: this.account.id,
      ...(this.#sighting.at(now, this.#provider.capabilities) ?? { shown: null, seenAt: null }),
      isOurs,
      until: isOurs ? claim.end : null,
      handsOffUntil: this.#status === 'handsOff' && words.length > 0 ? Math.max(...words) : null,
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
      this.#sighting.saw(reading.presence, clock.now());
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
    if (since < 0 || !isToldAlike(decision, this.#last.decision, this.#provider.capabilities)) return false;
    if (typeof look === 'number') return this.#last.askedAt >= look;
    if (since < FRESH) return true;
    const { wanted } = decision;
    const isIdle = claim === null && (wanted === null || wanted === 'unknown');
    if (isIdle && look === 'edge') return true;
    return isIdle && since < IDLE_LOOK && JSON.stringify(decision) === JSON.stringify(this.#last.decision);
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
    if (isNews) {
      const { id: account, provider } = this.account;
      this.#deps.onWritten({ account, provider, chat: this.#provider.label, kind: plan.kind, state });
    }
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
    if (change.presence !== undefined) this.#sighting.lost();
    await this.#provider.write(change, basis, this.#stop.signal);
    if (change.presence !== undefined) this.#sighting.saw(change.presence, this.#deps.clock.now());
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
