import type { ChatAccount } from '../core/accounts.ts';
import { asAppError } from '../core/appError.ts';
import { heardFrom } from '../core/overrides.ts';
import { isUnheard, type RemoteWord } from '../core/remoteWord.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { SystemEvents } from '../ports/systemEvents.ts';
import type { WordFollowing, WordSources } from '../ports/wordSource.ts';
import type { PersonsWord } from './personsWord.ts';
import type { SyncEngine } from './syncEngine.ts';

export interface RemoteWordsDeps {
  readonly sources: WordSources;
  readonly word: PersonsWord;
  readonly engine: Pick<SyncEngine, 'state' | 'onState' | 'apply'>;
  readonly settings: SettingsStore;
  readonly systemEvents: SystemEvents;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

interface Followed {
  /** As it was when the following began. */
  readonly account: string;
  readonly following: WordFollowing;
}

/** Follows the hubs of the settings, and has each word that the person says there obeyed, once. */
export class RemoteWords {
  readonly #deps: RemoteWordsDeps;
  readonly #followed = new Map<string, Followed>();
  #waiting: { readonly account: string; readonly word: RemoteWord }[] = [];
  #stops: readonly (() => void)[] = [];
  #isObeying = false;

  constructor(deps: RemoteWordsDeps) {
    this.#deps = deps;
  }

  /** After the engine's start. */
  start(): void {
    const { settings, systemEvents, engine } = this.#deps;
    this.#stops = [
      settings.subscribe(({ chats }) => this.#use(chats)),
      systemEvents.subscribe(() => {
        for (const { following } of this.#followed.values()) following.reconnect();
      }),
      engine.onState(() => this.#obeyAll()),
    ];
    this.#use(settings.get().chats);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#waiting = [];
    this.#use([]);
  }

  /** The account's token is another one. */
  renew(accountId: string): void {
    this.#leave(accountId);
    if (this.#stops.length > 0) this.#use(this.#deps.settings.get().chats);
  }

  #use(chats: readonly ChatAccount[]): void {
    const wanted = new Map(chats.map((chat) => [chat.id, JSON.stringify(chat)]));
    for (const [id, { account }] of [...this.#followed]) if (wanted.get(id) !== account) this.#leave(id);
    for (const chat of chats) {
      if (this.#followed.has(chat.id)) continue;
      const following = this.#deps.sources(chat)?.follow((word) => this.#hear(chat.id, word));
      if (following !== undefined) this.#followed.set(chat.id, { account: JSON.stringify(chat), following });
    }
  }

  #leave(accountId: string): void {
    this.#followed.get(accountId)?.following.stop();
    this.#followed.delete(accountId);
    this.#waiting = this.#waiting.filter(({ account }) => account !== accountId);
  }

  #hear(account: string, word: RemoteWord): void {
    this.#waiting.push({ account, word });
    this.#obeyAll();
  }

  /** In the order in which they came. Obeying changes the settings, and those who follow them may call again. */
  #obeyAll(): void {
    if (this.#isObeying) return;
    this.#isObeying = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#isTooEarly(next.word)) break;
      this.#waiting.shift();
      this.#obey(next.account, next.word);
    }
    this.#isObeying = false;
  }

  /** "Available" is about what is on, which is not known before each calendar was read, or could not be. */
  #isTooEarly({ kind, until }: RemoteWord): boolean {
    if (kind !== 'available' || until <= this.#deps.clock.now()) return false;
    const { calendars } = this.#deps.engine.state();
    return calendars.some(({ lastReadAt, error }) => lastReadAt === null && error === null);
  }

  #obey(account: string, word: RemoteWord): void {
    const { settings, word: own, engine, clock, logger } = this.#deps;
    if (!isUnheard(word, heardFrom(settings.get().overrides, account))) return;
    logger.info('Command heard', { account, kind: word.kind });
    try {
      own.obey(account, word);
    } catch (thrown) {
      // Such as a value that the organisation has set.
      logger.warn('A command could not be obeyed', { account, kind: word.kind, code: asAppError(thrown).code });
      this.#passOver(account, word);
    }
    // Not after the calendars, as with other changes of the settings: no chat waits for a slow calendar.
    void engine.apply(clock.now());
  }

  #passOver(account: string, word: RemoteWord): void {
    try {
      this.#deps.word.passOver(account, word);
    } catch {
      // It is tried again when it comes again.
    }
  }
}
