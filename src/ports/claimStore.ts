import type { ChatRecord } from '../core/claim.ts';

/** What we wrote where, kept on disk so that it can be taken back after a crash. One record a chat account. */
export interface ClaimStore {
  /** For the program that holds the lock of the home folder: it may repair what a crash left. */
  load(): Promise<ReadonlyMap<string, ChatRecord>>;
  /** The same for those who only look on: changes nothing on disk. */
  peek(): Promise<ReadonlyMap<string, ChatRecord>>;
  /** Atomic and flushed when it resolves; null forgets the account. */
  save(accountId: string, record: ChatRecord | null): Promise<void>;
}
