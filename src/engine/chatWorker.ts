import type { ChatAccount } from '../core/accounts.ts';
import { asAppError, type ErrorInfo, errorInfo } from '../core/appError.ts';
import { type ChatRecord, EMPTY_RECORD, type HandsOff } from '../core/claim.ts';
import { type ChatReading, type PresenceState, samePresence } from '../core/presence.ts';
import { afterAnswer, afterRestore, isStateTimed, type Plan, planPresence, type Wanted } from '../core/presencePlan.ts';
import type { ChatState, ChatStatus } from '../core/syncState.ts';
import type { Instant, TimeZone } from '../core/time.ts';
import type { ChatProvider, PresenceWrite } from '../ports/chatProvider.ts';
import type { ClaimStore } from '../ports/claimStore.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { RetryGate } from './retryGate.ts';

/** What the engine wants of a chat at the moment it is asked. */
export interface Decision {
  readonly wanted: Wanted;
  readonly underWay: readonly HandsOff[];
  readonly ownText: 'keep' | 'replace';
  /** The zone that the profile should have; null leaves it. */
  readonly profileTimeZone: TimeZone | null;
  /** Only give back what is ours; write and read nothing else. */
  readonly onlyGiveBack: boolean;
}

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

/** The only writer of one chat: read, plan, claim, write, read back. One run at a time; asks during a run make one more. */
export class ChatWorker {
  readonly account: ChatAccount;
  readonly #provider: ChatProvider;
  readonly #deps: ChatWorkerDeps;
  readonly #gate: RetryGate;
  readonly #stop = new AbortController();
  #record: ChatRecord;
  #status: ChatStatus = 'ok';
  #error: ErrorInfo | null = null;
  #running: Promise<void> | null = null;
  #again = false;

  /** @param record what was kept on disk */
  constructor(account: ChatAccount, provider: ChatProvider, record: ChatRecord | undefined, deps: ChatWorkerDeps) {
    this.account = account;
    this.#provider = provider;
    this.#deps = deps;
    this.#record = record ?? EMPTY_RECORD;
    this.#gate = new RetryGate(() => deps.clock.random());
  }

  get state(): ChatState {
    return {
      id: this.account.id,
      provider: this.account.provider,
      label: this.#provider.label,
      status: this.#error === null ? this.#status : 'failing',
      claimed: this.#record.claim !== null,
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
  reconcile(): Promise<void> {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#runUntilQuiet().finally(() => {
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
    this.#again = false;
    this.#stop.abort();
    await this.#running;
    await this.#provider.close?.();
  }

  async #runUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      await this.#runOnce();
    } while (this.#again && !this.#stop.signal.aborted);
  }

  async #runOnce(): Promise<void> {
    const { clock, decide } = this.#deps;
    if (this.#stop.signal.aborted || !this.#gate.isOpen(clock.now())) return;
    if (decide(this.#record.handsOff).onlyGiveBack && this.#record.claim === null) {
      this.#settle('ok');
      return;
    }
    try {
      const reading = await this.#provider.read(this.#stop.signal);
      await this.#act(reading);
      this.#gate.succeeded();
      this.#error = null;
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
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

  /** Whether the chat shows, or may show, what it should not. */
  #isBehind(): boolean {
    const { wanted } = this.#deps.decide(this.#record.handsOff);
    const { claim } = this.#record;
    return wanted === 'unknown' ? claim !== null : (wanted !== null) !== (claim?.written != null && !claim.restoring);
  }

  #plan(reading: ChatReading): { readonly plan: Plan; readonly decision: Decision } {
    const { clock, decide } = this.#deps;
    const decision = decide(this.#record.handsOff);
    const plan = planPresence({
      record: this.#record,
      reading,
      capabilities: this.#provider.capabilities,
      now: clock.now(),
      ...decision,
    });
    return { plan, decision };
  }

  async #act(reading: ChatReading): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { plan, decision } = this.#plan(reading);
    const before = this.#record.claim?.written ?? null;
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
    // The chat's own stored form, by which ownership is judged from now on. A person may have been quicker.
    this.#record = afterAnswer(this.#record);
    const back = await this.#provider.read(this.#stop.signal);
    const { plan: settled } = this.#plan(back);
    if (settled.kind !== 'keep') return;
    // Some chats show a write a moment late: whether the person went back at once is judged at the next look.
    if (settled.status === 'handsOff' && samePresence(back.presence, reading.presence)) return;
    await this.#save(settled.record);
    this.#settle(settled.status);
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
    if (JSON.stringify(record) === JSON.stringify(this.#record)) return;
    const isEmpty = record.claim === null && record.handsOff.length === 0;
    await this.#deps.claims.save(this.account.id, isEmpty ? null : record);
    this.#record = record;
  }

  #settle(status: ChatStatus): void {
    if (status !== this.#status) this.#deps.logger.info('Chat', { chat: this.account.id, status });
    this.#status = status;
  }
}

/** What the notice says: what the rules wanted, also where the chat has no word for it. */
const presenceState = (plan: Exclude<Plan, { kind: 'keep' }>, { wanted }: Decision): PresenceState =>
  plan.kind === 'set' && wanted !== null && wanted !== 'unknown' ? wanted.state : plan.write.state;
