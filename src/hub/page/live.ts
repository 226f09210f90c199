import { type Instant, SECOND } from '../../core/time.ts';
import type { ChangeOut } from './model.ts';

/** What of the browser's `EventSource` is used. */
export interface Source {
  addEventListener(
    type: string,
    call: (event: { readonly data?: string; readonly lastEventId?: string }) => void,
  ): void;
  close(): void;
}

export interface LiveDeps {
  /** @param after the last change that is known; null for only what is new */
  readonly open: (after: number | null) => Source;
  /** Whether signed in; throws when the hub can't be reached. */
  readonly isSignedIn: () => Promise<boolean>;
  readonly now: () => Instant;
  /** Calls after so many milliseconds; the returned function stops it. */
  readonly later: (delay: number, call: () => void) => () => void;
  /** 0 to 1. */
  readonly random: () => number;
}

/** Whether changes come: `lost` says since when none could. */
export type LineState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly since: Instant };

export interface LiveReader {
  readonly onLine: (state: LineState) => void;
  readonly onChange: (change: ChangeOut) => void;
  /** Everything is to be read (anew); changes from here on come too. */
  readonly onLoad: () => void;
  readonly onSignedOut: () => void;
}

/** The hub sends a beat every 15 seconds: silence for longer than two of them is a dead connection. */
const SILENCE = 40 * SECOND;
const FIRST_RETRY = SECOND / 2;
const LONGEST_RETRY = 15 * SECOND;

/** Follows the hub's changes: comes back by itself after the last that was seen, and knows when it is not connected. */
export class Live {
  readonly #deps: LiveDeps;
  readonly #reader: LiveReader;
  #source: Source | null = null;
  #after: number | null = null;
  #heardAt: Instant;
  #state: LineState = { kind: 'connecting' };
  #tries = 0;
  #hasBegun = false;
  #stopTimer = (): void => {};
  #stopped = false;

  constructor(deps: LiveDeps, reader: LiveReader) {
    this.#deps = deps;
    this.#reader = reader;
    this.#heardAt = deps.now();
  }

  start(): void {
    this.#open();
  }

  /** Tries at once, when it is known that the network is back; nothing when connected. */
  retryNow(): void {
    if (this.#stopped || this.#source !== null) return;
    this.#tries = 0;
    void this.#retry();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
    this.#source?.close();
  }

  #open(): void {
    const source = this.#deps.open(this.#after);
    this.#source = source;
    const on = (type: string, call: (data: string) => void): void =>
      source.addEventListener(type, ({ data = '', lastEventId = '' }) => {
        if (this.#stopped || this.#source !== source) return;
        this.#heard(lastEventId);
        call(data);
      });
    on('ready', () => this.#isReady());
    on('change', (data) => this.#reader.onChange(JSON.parse(data) as ChangeOut));
    on('reset', () => this.#reader.onLoad());
    on('beat', () => {});
    on('bye', () => this.#lose(source));
    source.addEventListener('error', () => this.#lose(source));
    this.#watchSilence(source);
  }

  #isReady(): void {
    this.#tries = 0;
    this.#say({ kind: 'live' });
    if (!this.#hasBegun) this.#reader.onLoad();
    this.#hasBegun = true;
  }

  #heard(eventId: string): void {
    this.#heardAt = this.#deps.now();
    if (eventId !== '') this.#after = Number(eventId);
    if (this.#source !== null) this.#watchSilence(this.#source);
  }

  #watchSilence(source: Source): void {
    this.#stopTimer();
    this.#stopTimer = this.#deps.later(SILENCE, () => this.#lose(source));
  }

  #lose(source: Source): void {
    if (this.#stopped || this.#source !== source) return;
    source.close();
    this.#source = null;
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#state.kind !== 'lost') this.#say({ kind: 'lost', since: this.#heardAt });
    const wait = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.#tries);
    this.#tries += 1;
    this.#stopTimer();
    // Spread, so that a whole team does not come back in the same moment.
    this.#stopTimer = this.#deps.later(wait * (0.5 + this.#deps.random()), () => void this.#retry());
  }

  async #retry(): Promise<void> {
    this.#stopTimer();
    try {
      const isSignedIn = await this.#deps.isSignedIn();
      if (this.#stopped || this.#source !== null) return;
      if (isSignedIn) return this.#open();
      this.stop();
      this.#reader.onSignedOut();
    } catch {
      if (!this.#stopped && this.#source === null) this.#retryLater();
    }
  }

  #say(state: LineState): void {
    this.#state = state;
    this.#reader.onLine(state);
  }
}
