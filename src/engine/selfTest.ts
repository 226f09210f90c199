import { type CalendarAccount, type ChatAccount, withEmail } from '../core/accounts.ts';
import { AppError, asAppError } from '../core/appError.ts';
import type { AccountFact, CheckError, HostFact, SelfTestFacts } from '../core/checkFacts.ts';
import { knownAddresses } from '../core/knownAddresses.ts';
import type { SyncState } from '../core/syncState.ts';
import { HOUR, SECOND } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { NetworkProbe, SeenCall } from '../ports/networkProbe.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';

export interface SelfTestDeps {
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly network: NetworkProbe;
  /** Providers as everywhere, whose calls are seen. */
  readonly providers: (onCall: (call: SeenCall) => void) => Providers;
  /** How the running HipStatus stands; null when none runs. */
  readonly state: () => SyncState | null;
}

/** How long one account, one server or the keychain may take. */
const LIMIT = 20 * SECOND;

/** What is known of one server. */
interface Seen {
  hasAnswered: boolean;
  /** Our clock less its, at its answer. */
  ahead: number | null;
}

const plain = ({ code, reason, message }: AppError): CheckError => ({ code, reason, message });

/**
 * Tries everything that HipStatus needs, each by itself and at the same time. Reads only; nothing is written anywhere.
 * An account that a service has asked to be left alone for a while is not called: what it said last is told instead.
 */
export class SelfTest {
  readonly #deps: SelfTestDeps;

  constructor(deps: SelfTestDeps) {
    this.#deps = deps;
  }

  /** Never rejects, unless `signal` aborts: then with `AppError('cancelled')`. */
  async run(signal: AbortSignal): Promise<SelfTestFacts> {
    const { settings, secrets, clock, network, providers } = this.#deps;
    const { calendars, chats, email } = settings.get();
    const seen = new Map<string, Seen>();
    const note = ({ origin, hasAnswered, date }: SeenCall): void => {
      const before = seen.get(origin);
      seen.set(origin, {
        hasAnswered: hasAnswered || before?.hasAnswered === true,
        ahead: date === null ? (before?.ahead ?? null) : clock.now() - date,
      });
    };
    for (const address of knownAddresses(settings.get()))
      note({ origin: new URL(address).origin, hasAnswered: false, date: null });
    const [keychain, ...accounts] = await Promise.all([
      this.#try(signal, () => secrets.probe()),
      ...calendars.map((account) => this.#calendar(account, providers(note), signal)),
      ...chats.map((account) => this.#chat(withEmail(account, email), providers(note), signal)),
    ]);
    const hosts = await Promise.all([...seen.keys()].map((origin) => this.#host(origin, seen, note, signal)));
    if (signal.aborted) throw new AppError('cancelled', 'The check was given up.');
    const skews = [...seen.values()].flatMap(({ ahead }) => (ahead === null ? [] : [ahead]));
    return {
      at: clock.now(),
      isOnline: network.isOnline(),
      hosts,
      trustedFiles: network
        .trustedFiles()
        .map((file) => ({ ...file, error: file.error === null ? null : plain(file.error) })),
      clockAhead: skews.sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? null,
      keychain: keychain.error,
      settings: settings.problems(),
      accounts: accounts as readonly AccountFact[],
    };
  }

  /** Tries one account by itself. Throws `AppError('notFound')` when there is none of this id. */
  async tryOne(accountId: string, signal: AbortSignal): Promise<AccountFact> {
    const { settings, providers } = this.#deps;
    const { calendars, chats, email } = settings.get();
    const used = providers(() => undefined);
    const calendar = calendars.find(({ id }) => id === accountId);
    if (calendar !== undefined) return this.#calendar(calendar, used, signal);
    const chat = chats.find(({ id }) => id === accountId);
    if (chat === undefined) throw new AppError('notFound', 'This account is no longer there.');
    return this.#chat(withEmail(chat, email), used, signal);
  }

  async #calendar(account: CalendarAccount, providers: Providers, signal: AbortSignal): Promise<AccountFact> {
    const { secrets, clock } = this.#deps;
    const provider = providers.calendar(account, secrets);
    const now = clock.now();
    const { error, value } = await this.#account(account.id, signal, (limited) =>
      provider.calendarView({ start: now, end: now + HOUR }, clock.zone(), limited),
    );
    return { id: account.id, kind: 'calendar', label: provider.label, error, events: value?.length ?? null, can: [] };
  }

  async #chat(account: ChatAccount, providers: Providers, signal: AbortSignal): Promise<AccountFact> {
    const provider = providers.chat(account, this.#deps.secrets);
    const { label } = provider;
    const { error } = await this.#account(account.id, signal, (limited) => provider.read(limited));
    await provider.close?.();
    // As the reading has shown them: a server may allow less than its kind.
    const { capabilities } = provider;
    const can = [...capabilities.states, ...(capabilities.textLimit > 0 ? (['text'] as const) : [])];
    return { id: account.id, kind: 'chat', label, error, events: null, can: error === null ? can : [] };
  }

  async #host(
    origin: string,
    seen: ReadonlyMap<string, Seen>,
    note: (call: SeenCall) => void,
    signal: AbortSignal,
  ): Promise<HostFact> {
    const { network } = this.#deps;
    const { host, protocol } = new URL(origin);
    const [route, reached] = await Promise.all([
      this.#try(signal, () => network.route(origin)),
      seen.get(origin)?.hasAnswered === true
        ? { error: null }
        : this.#try(signal, async (limited) =>
            note({ origin, hasAnswered: true, date: await network.reach(origin, limited) }),
          ),
    ]);
    return { host, isSecure: protocol === 'https:', route: route.value, error: reached.error ?? route.error };
  }

  #account<T>(id: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>) {
    const state = this.#deps.state();
    const last = [...(state?.calendars ?? []), ...(state?.chats ?? [])].find((account) => account.id === id)?.error;
    if (last?.code !== 'rateLimited') return this.#try(signal, work);
    return Promise.resolve({ error: { code: last.code, reason: last.reason, message: last.message }, value: null });
  }

  /** What came of it, or why nothing did; at most for the limit. */
  async #try<T>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ readonly error: CheckError | null; readonly value: T | null }> {
    const limit = new AbortController();
    let giveUp = (): void => {};
    const patience = new Promise<never>((_, reject) => {
      giveUp = () => reject(new AppError('timeout', 'There was no answer in time.', { reason: 'timeout' }));
    });
    const timer = this.#deps.clock.after(LIMIT, () => {
      limit.abort();
      giveUp();
    });
    try {
      const value = await Promise.race([work(AbortSignal.any([signal, limit.signal])), patience]);
      return { error: null, value };
    } catch (thrown) {
      return { error: plain(asAppError(thrown)), value: null };
    } finally {
      timer.stop();
    }
  }
}
