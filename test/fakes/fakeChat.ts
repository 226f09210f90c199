import { AppError } from '../../src/core/appError.ts';
import {
  type ChatCapabilities,
  type ChatReading,
  endsAsOne,
  type Presence,
  truncateText,
} from '../../src/core/presence.ts';
import type { Instant, TimeZone } from '../../src/core/time.ts';
import type { ChatProvider, PresenceWrite } from '../../src/ports/chatProvider.ts';

/** What goes wrong with one call. */
export type ChatFault =
  /** The call gets nowhere: `AppError('network')`, nothing is written. */
  | { readonly kind: 'lost' }
  /** A write lands and its answer is lost: `AppError('timeout')`. */
  | { readonly kind: 'landed' }
  /** A write lands in part, the text or the state, and its answer is lost. Lost where both are set in one act. */
  | { readonly kind: 'half'; readonly first: 'state' | 'text' }
  /** A write lands twice, the second time when `again` resolves. */
  | { readonly kind: 'twice'; readonly again: () => Promise<void> }
  /** The call waits for `until`, or for its signal, before it is handled as usual. */
  | { readonly kind: 'late'; readonly until: Promise<void> | (() => Promise<void>) }
  /** The call is handled at once and answered late. */
  | { readonly kind: 'lateAnswer'; readonly until: () => Promise<void> }
  /** The service refuses. */
  | { readonly kind: 'refused'; readonly error: AppError };

/** The service's own answers, by HTTP status. */
export const refused = {
  unauthorized: (): ChatFault => ({ kind: 'refused', error: new AppError('unauthorized', 'Refused (401).') }),
  forbidden: (): ChatFault => ({ kind: 'refused', error: new AppError('forbidden', 'Refused (403).') }),
  notFound: (): ChatFault => ({ kind: 'refused', error: new AppError('notFound', 'Refused (404).') }),
  /** @param retryAfter milliseconds */
  rateLimited: (retryAfter: number): ChatFault => ({
    kind: 'refused',
    error: new AppError('rateLimited', 'Refused (429).', { retryAfter }),
  }),
  badResponse: (): ChatFault => ({ kind: 'refused', error: new AppError('badResponse', 'Not understood.') }),
  serverError: (): ChatFault => ({ kind: 'refused', error: new AppError('serverError', 'Refused (500).') }),
  unavailable: (): ChatFault => ({ kind: 'refused', error: new AppError('unavailable', 'Refused (503).') }),
} as const;

export interface FakeChatOptions {
  readonly accountId?: string;
  readonly label?: string;
  /** What differs from a chat that can do everything. */
  readonly capabilities?: Partial<ChatCapabilities>;
  readonly presence?: Partial<Presence>;
  readonly profileTimeZone?: TimeZone;
  /** Ends what the chat ends by itself; default: time stands still at 0. */
  readonly now?: () => Instant;
}

/** One write that landed. */
export interface FakeChatWrite extends PresenceWrite {
  readonly at: Instant;
}

/** All that a chat keeps of a person. */
export interface FakeChatContent extends Presence {
  readonly stateUntil: Instant | null;
  readonly profileTimeZone: TimeZone;
}

const sameText = (a: Presence, b: Presence): boolean => a.text === b.text && a.emoji === b.emoji && a.until === b.until;

const isBare = ({ text, emoji }: Presence): boolean => text === '' && emoji === '';

const EVERYTHING: ChatCapabilities = {
  states: ['available', 'busy', 'dnd', 'away'],
  textLimit: 100,
  emoji: true,
  expires: true,
  stateExpires: false,
  oneStatus: false,
  profileTimeZone: true,
};

const AVAILABLE: Presence = { state: 'available', text: '', emoji: '', until: null };

/** A chat in memory, with the person at the other end of it. */
export class FakeChat implements ChatProvider {
  readonly accountId: string;
  readonly label: string;
  readonly capabilities: ChatCapabilities;
  /** All writes that landed, in order. */
  readonly writes: FakeChatWrite[] = [];
  /** Called when a write has landed, with what was there before. */
  onLanded: (change: PresenceWrite, before: FakeChatContent) => void = () => {};
  /** Calls of `read`, whatever came of them. */
  reads = 0;
  readonly #now: () => Instant;
  #presence: Presence;
  /** When the chat itself ends the state. */
  #stateUntil: Instant | null = null;
  #isAutomatic = false;
  #profileTimeZone: TimeZone;
  #faults: { readonly fault: ChatFault; readonly on: 'read' | 'write' | 'both'; left: number }[] = [];

  constructor(options: FakeChatOptions = {}) {
    this.accountId = options.accountId ?? 'fake';
    this.label = options.label ?? 'Fake chat';
    this.capabilities = { ...EVERYTHING, ...options.capabilities };
    this.#presence = { ...AVAILABLE, ...options.presence };
    this.#profileTimeZone = options.profileTimeZone ?? 'UTC';
    this.#now = options.now ?? (() => 0);
  }

  async read(signal: AbortSignal): Promise<ChatReading> {
    this.reads += 1;
    const fault = await this.#meetFault('read', signal);
    if (fault?.kind === 'lateAnswer') await fault.until();
    return {
      presence: this.shown,
      isAutomatic: this.#isAutomatic,
      profileTimeZone: this.capabilities.profileTimeZone ? this.#profileTimeZone : null,
    };
  }

  async write(change: PresenceWrite, basis: ChatReading, signal: AbortSignal): Promise<void> {
    const zone = this.capabilities.profileTimeZone ? change.profileTimeZone : undefined;
    if (change.presence === undefined && zone === undefined) return;
    const fault = await this.#meetFault('write', signal);
    if (this.#presence.state === 'offline') {
      throw new AppError('conflict', 'The person is offline.', { reason: 'offline' });
    }
    const isHalf = fault?.kind === 'half' && !this.capabilities.oneStatus;
    if (fault?.kind === 'half' && !isHalf) throw new AppError('network', 'The chat could not be reached.');
    this.#land(change, basis, isHalf ? fault.first : 'both');
    if (fault?.kind === 'landed' || isHalf) throw new AppError('timeout', 'The answer was lost.');
    if (fault?.kind === 'twice') void fault.again().then(() => this.#land(change, basis, 'both'));
    if (fault?.kind === 'lateAnswer') await fault.until();
  }

  /** Where state and text are set apart, only what differs from the basis is sent. */
  #land(change: PresenceWrite, basis: ChatReading, part: 'state' | 'text' | 'both'): void {
    const before = this.now;
    this.writes.push({ at: this.#now(), ...change });
    if (change.presence !== undefined) {
      const { oneStatus, stateExpires } = this.capabilities;
      const stored = this.#stored(change.presence);
      const hasState = part !== 'text' && (oneStatus || stateExpires || change.presence.state !== basis.presence.state);
      const hasText = part !== 'state' && (oneStatus || !sameText(change.presence, basis.presence));
      // Who idles goes on idling while only the text changes.
      this.#isAutomatic &&= !hasState || (stored.state === this.#presence.state && !oneStatus);
      // Where one end ends all, that of a text goes before that of the state.
      const isEndOfText = endsAsOne(this.capabilities) && !isBare(stored);
      if (hasState && stateExpires) this.#stateUntil = isEndOfText ? null : (change.stateUntil ?? null);
      this.#presence = {
        ...(hasText ? stored : this.#presence),
        state: hasState ? stored.state : this.#presence.state,
      };
    }
    if (part !== 'text' && change.profileTimeZone !== undefined && this.capabilities.profileTimeZone) {
      this.#profileTimeZone = change.profileTimeZone;
    }
    const isNothing = part !== 'both' && JSON.stringify(this.now) === JSON.stringify(before);
    if (isNothing) this.writes.pop();
    else this.onLanded(change, before);
  }

  /** All of it, as it is now. */
  get now(): FakeChatContent {
    const { shown } = this;
    return { ...shown, stateUntil: this.#stateUntil, profileTimeZone: this.#profileTimeZone };
  }

  /** What people see now. */
  get shown(): Presence {
    const { until } = this.#presence;
    if (until !== null && until <= this.#now()) {
      const rest = endsAsOne(this.capabilities) ? AVAILABLE : this.#presence;
      this.#presence = { ...rest, text: '', emoji: '', until: null };
    }
    if (this.#stateUntil !== null && this.#stateUntil <= this.#now()) {
      this.#presence = { ...this.#presence, state: 'available' };
      this.#stateUntil = null;
    }
    return this.#presence;
  }

  /** The person sets it by hand; what is not given stays. */
  personSets(presence: Partial<Presence>): void {
    this.#presence = { ...this.shown, ...presence };
    if (presence.state !== undefined) this.#stateUntil = null;
    this.#isAutomatic = false;
  }

  /** The person stops typing for long enough. */
  personIdles(): void {
    this.#presence = { ...this.shown, state: 'away' };
    this.#isAutomatic = true;
  }

  goOffline(): void {
    this.personSets({ state: 'offline' });
  }

  travel(zone: TimeZone): void {
    this.#profileTimeZone = zone;
  }

  /** The next calls meet this, in the order given; returns the way to take it back. */
  fail(fault: ChatFault, { on = 'both', times = 1 }: { on?: 'read' | 'write' | 'both'; times?: number } = {}) {
    const entry = { fault, on, left: times };
    this.#faults.push(entry);
    return () => {
      this.#faults = this.#faults.filter((other) => other !== entry);
    };
  }

  clearFaults(): void {
    this.#faults = [];
  }

  async #meetFault(call: 'read' | 'write', signal: AbortSignal): Promise<ChatFault | undefined> {
    this.#throwIfCancelled(signal);
    const entry = this.#faults.find(({ on }) => on === call || on === 'both');
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#faults = this.#faults.filter((other) => other !== entry);
    const { fault } = entry;
    if (fault.kind === 'refused') throw fault.error;
    // A reading has nothing that could land.
    if ((fault.kind === 'landed' || fault.kind === 'half') && call === 'read')
      throw new AppError('timeout', 'The answer was lost.');
    if (fault.kind === 'lost') throw new AppError('network', 'The chat could not be reached.');
    if (fault.kind === 'late') {
      const given = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([typeof fault.until === 'function' ? fault.until() : fault.until, given]);
      this.#throwIfCancelled(signal);
    }
    return fault;
  }

  #throwIfCancelled(signal: AbortSignal): void {
    if (signal.aborted) throw new AppError('cancelled', 'The call was given up.');
  }

  /** As a chat keeps it: cut to its limit, and without what it does not have. */
  #stored({ state, text, emoji, until }: Presence): Presence {
    const { states, textLimit, emoji: hasEmoji, expires } = this.capabilities;
    return {
      state: states.includes(state) ? state : this.#presence.state,
      text: truncateText(text, textLimit),
      emoji: hasEmoji ? emoji : '',
      until: expires && (text !== '' || emoji !== '') ? until : null,
    };
  }
}
