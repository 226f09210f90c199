import { asAppError, type ErrorCode } from '../../../core/appError.ts';
import type { RemoteWord } from '../../../core/remoteWord.ts';
import { MINUTE, SECOND } from '../../../core/time.ts';
import type { Timer } from '../../../ports/clock.ts';
import type { WordFollowing, WordSource } from '../../../ports/wordSource.ts';
import { type HubClient, type HubClientDeps, hubClient } from './client.ts';
import { readEvents, type ServerEvent } from './eventStream.ts';
import { SYSTEM_TIMERS, type Timers } from './heartbeat.ts';
import { changeEvent } from './schema.ts';

export interface HubWordsDeps extends HubClientDeps {
  /** Throws `AppError('unauthorized')` when there is none. */
  readonly token: () => Promise<string>;
  /** Absent: Node's. */
  readonly timers?: Timers;
}

const FIRST_WAIT = SECOND;
const LONGEST_WAIT = MINUTE;
/** A hub that is older than this, or lets this token not do it, is asked again now and then. */
const REFUSED_WAIT = 30 * MINUTE;
/** How often it is looked whether there is another token. The hub is not asked. */
const TOKEN_LOOK = 5 * MINUTE;
/** The hub sends something every 15 s: a line that says nothing for this long is dead. */
const SILENCE = 45 * SECOND;

const REFUSED: ReadonlySet<ErrorCode> = new Set(['forbidden', 'notFound']);

/** The words that a person says in their team's hub, by its feed. */
export function hubWords(deps: HubWordsDeps): WordSource {
  const client = hubClient(deps);
  return { follow: (onWord) => new Following(client, deps, onWord) };
}

/** One connection after the other, until `stop`. */
class Following implements WordFollowing {
  readonly #client: HubClient;
  readonly #deps: HubWordsDeps;
  readonly #timers: Timers;
  readonly #onWord: (word: RemoteWord) => void;
  #line = new AbortController();
  #isStopped = false;
  #timer: Timer | null = null;
  #silence: Timer | null = null;
  #failures = 0;
  /** The token that the hub has refused. */
  #refused: string | null = null;

  constructor(client: HubClient, deps: HubWordsDeps, onWord: (word: RemoteWord) => void) {
    this.#client = client;
    this.#deps = deps;
    this.#timers = deps.timers ?? SYSTEM_TIMERS;
    this.#onWord = onWord;
    void this.#run();
  }

  reconnect(): void {
    if (this.#isStopped) return;
    this.#failures = 0;
    // It waits, or has a line that is cut.
    if (this.#timer === null) this.#line.abort();
    else this.#again(0);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.stop();
    this.#silence?.stop();
    this.#line.abort();
  }

  async #run(): Promise<void> {
    this.#line = new AbortController();
    const { signal } = this.#line;
    let wait = 0;
    try {
      const token = await this.#deps.token();
      if (token === this.#refused) wait = TOKEN_LOOK;
      else await this.#connect(token, signal);
    } catch (thrown) {
      wait = this.#waitAfter(thrown);
    }
    this.#silence?.stop();
    if (this.#isStopped) return;
    this.#again(Math.max(wait, this.#backOff()));
  }

  async #connect(token: string, signal: AbortSignal): Promise<void> {
    this.#heardSomething();
    try {
      const events = await this.#client.events(token, signal);
      for await (const event of readEvents(events, signal, () => this.#heardSomething()))
        await this.#take(event, token, signal);
    } catch (thrown) {
      if (asAppError(thrown).code === 'unauthorized') this.#refused = token;
      throw thrown;
    }
  }

  async #take({ name, data }: ServerEvent, token: string, signal: AbortSignal): Promise<void> {
    if (name === 'ready') this.#failures = 0;
    // What was said while there was no line. So no event has to be sent again, which would cost the hub a look at everybody's.
    if (name === 'ready' || name === 'reset') {
      for (const word of await this.#client.words(token, signal)) this.#tell(word);
    }
    if (name !== 'change') return;
    const parsed = changeEvent.safeParse(JSON.parse(data));
    if (parsed.success && parsed.data !== null) this.#tell(parsed.data);
  }

  #tell(word: RemoteWord): void {
    if (!this.#isStopped) this.#onWord(word);
  }

  #waitAfter(thrown: unknown): number {
    const { code, retryAfter } = asAppError(thrown);
    if (code === 'unauthorized') return TOKEN_LOOK;
    return REFUSED.has(code) ? REFUSED_WAIT : (retryAfter ?? 0);
  }

  /** Not everybody's at once after the hub was away. */
  #backOff(): number {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    return wait * (0.5 + this.#timers.random() / 2);
  }

  #again(wait: number): void {
    this.#timer?.stop();
    this.#timer = this.#timers.after(wait, () => {
      this.#timer = null;
      void this.#run();
    });
  }

  #heardSomething(): void {
    this.#silence?.stop();
    this.#silence = this.#timers.after(SILENCE, () => this.#line.abort());
  }
}
