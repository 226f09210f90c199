import type { ChatAccount } from '../core/accounts.ts';
import type { ChatRecord } from '../core/claim.ts';
import type { ChatNow } from '../core/dayState.ts';
import type { ChatState } from '../core/syncState.ts';
import { type Instant, SECOND } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChatWorker } from './chatWorker.ts';
import type { Look } from './look.ts';
import { within } from './within.ts';

/** How long an account that goes, or a quit, waits for what is given back. */
const GIVE_BACK_PATIENCE = 8 * SECOND;

export interface ChatsDeps {
  readonly clock: Clock;
  /** @param onlyGiveBack asked at each decision: the account is going */
  readonly make: (account: ChatAccount, record: ChatRecord | undefined, onlyGiveBack: () => boolean) => ChatWorker;
}

/** The workers of all chat accounts; never two for one chat. */
export class Chats {
  readonly #deps: ChatsDeps;
  readonly #leaving = new WeakSet<ChatAccount>();
  #records: ReadonlyMap<string, ChatRecord>;
  #workers: readonly ChatWorker[] = [];
  #isQuitting = false;

  /** @param records what was kept on disk */
  constructor(deps: ChatsDeps, records: ReadonlyMap<string, ChatRecord>) {
    this.#deps = deps;
    this.#records = records;
  }

  /** Takes the accounts of the settings; one that goes or changes first gives back what is ours (edge case 61). */
  async use(accounts: readonly ChatAccount[]): Promise<void> {
    const isSame = (a: ChatAccount, b: ChatAccount) => JSON.stringify(a) === JSON.stringify(b);
    const stays = this.#workers.filter((worker) => accounts.some((account) => isSame(account, worker.account)));
    await Promise.all(this.#workers.filter((worker) => !stays.includes(worker)).map((worker) => this.#remove(worker)));
    this.#workers = accounts.map(
      (account) => stays.find((worker) => isSame(worker.account, account)) ?? this.#make(account),
    );
  }

  /** Makes one worker new: its secret has changed. */
  async renew(accountId: string): Promise<void> {
    const worker = this.#workers.find(({ account }) => account.id === accountId);
    if (worker === undefined) return;
    await this.#close(worker);
    this.#workers = this.#workers.map((other) => (other === worker ? this.#make(worker.account) : other));
  }

  /** Takes out what was kept of an account that has gone. */
  forget(accountId: string): ChatRecord | undefined {
    const record = this.#records.get(accountId);
    this.#records = new Map([...this.#records].filter(([id]) => id !== accountId));
    return record;
  }

  /** Brings every chat up to date; resolves when the last one is. */
  async reconcile(look: Look): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.reconcile(look)));
  }

  /** Resolves when no chat is being worked on. */
  async settled(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.settled()));
  }

  /** Ends all work. @param giveBack first gives back what is ours, within a few seconds */
  async close(giveBack: boolean): Promise<void> {
    if (giveBack) {
      this.#isQuitting = true;
      await within(this.#deps.clock, GIVE_BACK_PATIENCE, this.reconcile('mark'));
    }
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  get states(): readonly ChatState[] {
    return this.#workers.map((worker) => worker.state);
  }

  /** What is remembered of each, by the account's id. */
  get records(): ReadonlyMap<string, ChatRecord> {
    return new Map(this.#workers.map(({ account, record }) => [account.id, record]));
  }

  /** What each shows now, as far as that is known. */
  get now(): readonly ChatNow[] {
    return this.#workers.map((worker) => worker.now);
  }

  get retryTimes(): readonly Instant[] {
    return this.#workers.flatMap((worker) => worker.retryAt ?? []);
  }

  /** When the intervals of our claims end, as far as it was known when they were written. */
  get claimEnds(): readonly Instant[] {
    return this.#workers.flatMap(({ record }) => record.claim?.end ?? []);
  }

  async #remove(worker: ChatWorker): Promise<void> {
    this.#leaving.add(worker.account);
    await within(this.#deps.clock, GIVE_BACK_PATIENCE, worker.reconcile('mark'));
    await this.#close(worker);
  }

  async #close(worker: ChatWorker): Promise<void> {
    await worker.close();
    this.#records = new Map([...this.#records, [worker.account.id, worker.record]]);
  }

  #make(account: ChatAccount): ChatWorker {
    return this.#deps.make(
      account,
      this.#records.get(account.id),
      () => this.#isQuitting || this.#leaving.has(account),
    );
  }
}
