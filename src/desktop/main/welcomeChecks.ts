import { type Account, accountLabel } from '../../core/accounts.ts';
import { asAppError, type ErrorInfo, errorInfo } from '../../core/appError.ts';
import { errorWords } from '../../core/errorWords.ts';
import { remedyOf } from '../../core/remedy.ts';
import type { Settings } from '../../core/settings.ts';
import type { Speech } from '../../core/texts.ts';
import type { Instant } from '../../core/time.ts';
import type { AccountLook } from '../../engine/accountTrial.ts';
import type { Logger } from '../../ports/logger.ts';
import type { WelcomeCheck } from '../ipc/welcomeView.ts';

export interface WelcomeChecksDeps {
  readonly look: (accountId: string, signal: AbortSignal) => Promise<AccountLook>;
  readonly settings: () => Settings;
  readonly speech: () => Speech;
  readonly now: () => Instant;
  readonly logger: Logger;
  readonly onChange: () => void;
}

/** Tries accounts for real, each on its own, and keeps what came of it while the window is open. */
export class WelcomeChecks {
  readonly #deps: WelcomeChecksDeps;
  readonly #found = new Map<string, WelcomeCheck>();
  readonly #stop = new AbortController();

  constructor(deps: WelcomeChecksDeps) {
    this.#deps = deps;
  }

  of(accountId: string): WelcomeCheck {
    return this.#found.get(accountId) ?? { kind: 'checking' };
  }

  /** Tries those that were not tried yet. */
  begin(accounts: readonly Account[]): void {
    for (const account of accounts) if (!this.#found.has(account.id)) void this.again(account);
  }

  /** Tries one once more. Resolves when it is known; what came of an earlier try counts no more. */
  async again(account: Account): Promise<void> {
    const checking: WelcomeCheck = { kind: 'checking' };
    this.#set(account.id, checking);
    const found = await this.#try(account);
    if (this.#found.get(account.id) === checking && !this.#stop.signal.aborted) this.#set(account.id, found);
  }

  stop(): void {
    this.#stop.abort();
  }

  async #try(account: Account): Promise<WelcomeCheck> {
    const { look, logger, now, speech } = this.#deps;
    try {
      return await look(account.id, this.#stop.signal);
    } catch (thrown) {
      const error = errorInfo(asAppError(thrown), now());
      logger.info('A new account could not be read', { code: error.code, reason: error.reason });
      return {
        kind: 'failed',
        message: errorWords(error, speech(), accountLabel(account)),
        fix: this.#fixOf(account, error),
      };
    }
  }

  /** A next step that there is a button for; the self-test finds out what else it may be. */
  #fixOf(account: Account, error: ErrorInfo): Extract<WelcomeCheck, { kind: 'failed' }>['fix'] {
    const remedy = remedyOf({ ...account, error }, this.#deps.settings());
    if (remedy?.kind === 'openAddress') return 'helpDesk';
    if (remedy?.kind !== 'prompt') return 'checks';
    return remedy.prompt.kind === 'email' ? 'email' : 'renew';
  }

  #set(accountId: string, check: WelcomeCheck): void {
    this.#found.set(accountId, check);
    this.#deps.onChange();
  }
}
