import type { AsyncEntry } from 'keytar';
import { AppError } from '../../core/appError.ts';
import { type SecretName, secretService } from '../../core/secretNames.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SecretStore } from '../../ports/secretStore.ts';
import {
  needsParts,
  type PartSet,
  type PartsHead,
  partAccount,
  partsHead,
  readPartsHead,
  splitSecret,
} from './secretParts.ts';

/** One keychain item. */
export type KeychainEntry = Pick<AsyncEntry, 'getPassword' | 'setPassword' | 'deletePassword'>;

/** Opens the item of a service and an account; throws when there is no keychain. */
export type OpenEntry = (service: string, account: string) => Promise<KeychainEntry>;

export interface KeychainOptions {
  /** Prefix of the items' names; asked at each call, because an organisation may change it. */
  readonly bundleId: () => string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** Default: the operating system's. */
  readonly open?: OpenEntry;
}

/** The keychain may be asking the person; who does not answer for this long is taken as not there. */
export const ANSWER_WITHIN = MINUTE;

const END_PATIENCE = 2 * SECOND;

/** Calls that may hang at once; each holds one of the process's four native threads. */
const MOST_UNANSWERED = 2;

/** How long a call may take while an earlier one is still unanswered: the person has been asked already. */
const RETRY_WITHIN = 5 * SECOND;

/** Why the keychain can't be used. */
export type KeychainReason = 'noKeychain' | 'keychainRefused' | 'keychainTimeout';

const WAYS_OUT: Readonly<Record<'linux' | 'darwin' | 'win32', Readonly<Record<KeychainReason, string>>>> = {
  linux: {
    noKeychain:
      'HipStatus found no keychain (Secret Service). Install GNOME Keyring or KWallet, sign in to your desktop and unlock it.',
    keychainRefused:
      'Your keychain is locked or refused HipStatus. Unlock it (GNOME: Passwords and Keys; KDE: KWalletManager) and try again.',
    keychainTimeout: 'Your keychain did not answer. Look for its unlock dialog, unlock it and try again.',
  },
  darwin: {
    noKeychain: 'HipStatus cannot reach the macOS keychain. Sign out and in again, then try again.',
    keychainRefused:
      "Your keychain is locked or refused HipStatus. Unlock 'login' in Keychain Access, allow HipStatus there and try again.",
    keychainTimeout: 'Your keychain did not answer. Look for its dialog, allow HipStatus and try again.',
  },
  win32: {
    noKeychain: 'HipStatus cannot reach the Windows Credential Manager. Sign out and in again, then try again.',
    keychainRefused:
      'The Windows Credential Manager refused HipStatus. Check that its service (VaultSvc) is running and try again.',
    keychainTimeout: 'The Windows Credential Manager did not answer. Sign out and in again, then try again.',
  },
};

const locked = (platform: NodeJS.Platform, reason: KeychainReason, cause?: unknown): AppError => {
  const ways = WAYS_OUT[platform === 'darwin' || platform === 'win32' ? platform : 'linux'];
  return new AppError('locked', ways[reason], { reason, ...(cause === undefined ? {} : { cause }) });
};

/**
 * The operating system's own item, loaded when first wanted. On Linux each one is pinned to the Secret Service: the library
 * would otherwise fall back in silence to the kernel's keyring, which forgets at the next boot. Making it asks the session
 * bus in place (some 10 ms, at most 2 s when the service hangs); reads and writes run on a thread of their own.
 */
const openSystemEntry: OpenEntry = async (service, account) => {
  const keychain = await import('keytar');
  return new keychain.AsyncEntry(service, account, { linux: { store: 'secret-service' } });
};

export interface KeychainSecrets extends SecretStore {
  /**
   * Resolves when no call is under way, or after two seconds: a process that ends while a native call runs on a thread of
   * its own may crash on its way out.
   */
  settled(): Promise<void>;
}

/** The SecretStore on the OS keychain: generic passwords named by service and account, as HipStatus 1 wrote them. */
export function createKeychainSecrets(options: KeychainOptions): KeychainSecrets {
  const { platform, clock, open = openSystemEntry } = options;
  const inParts = platform === 'win32';
  let last: Promise<unknown> = Promise.resolve();
  let unanswered = 0;

  /**
   * One call at a time: a call that waits for the person holds a native thread and can't be taken back, and four of those
   * would stop all file access of the process. A call that could not begin in time is not made any more. One that got no
   * answer in time lets the next one try, so that a keychain that was unlocked elsewhere is used again.
   */
  const ask = <T>(call: () => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      let phase: 'waiting' | 'running' | 'unanswered' | 'over' = 'waiting';
      let goOn = (): void => {};
      const givenUp = new Promise<void>((resolveGivenUp) => {
        goOn = resolveGivenUp;
      });
      const timer = clock.after(unanswered === 0 ? ANSWER_WITHIN : RETRY_WITHIN, () => {
        if (phase === 'running' && unanswered < MOST_UNANSWERED) {
          phase = 'unanswered';
          unanswered += 1;
          // A moment later, so that those who waited as long are not started when nobody waits for them any more.
          clock.after(SECOND, goOn);
        } else if (phase === 'waiting') {
          phase = 'over';
        }
        reject(locked(platform, 'keychainTimeout'));
      });
      const turn = last.then(() => {
        if (phase === 'over') throw locked(platform, 'keychainTimeout');
        phase = 'running';
        return call();
      });
      last = Promise.race([givenUp, turn.catch(() => undefined)]);
      const ended = (): void => {
        timer.stop();
        if (phase === 'unanswered') unanswered -= 1;
      };
      turn.finally(ended).then(resolve, reject);
    });

  const entry = async (service: string, account: string): Promise<KeychainEntry> => {
    try {
      return await open(service, account);
    } catch (cause) {
      throw locked(platform, 'noKeychain', cause);
    }
  };

  const use = async <T>(service: string, account: string, action: (item: KeychainEntry) => Promise<T>): Promise<T> => {
    const item = await entry(service, account);
    try {
      return await action(item);
    } catch (cause) {
      throw locked(platform, 'keychainRefused', cause);
    }
  };

  const read = (service: string, account: string): Promise<string | null> =>
    use(service, account, (item) => item.getPassword());
  const write = (service: string, account: string, value: string): Promise<void> =>
    use(service, account, (item) => item.setPassword(value));
  const remove = (service: string, account: string): Promise<boolean> =>
    use(service, account, (item) => item.deletePassword());

  const headOf = async (service: string, account: string): Promise<PartsHead | null> => {
    const stored = inParts ? await read(service, account) : null;
    return stored === null ? null : readPartsHead(stored);
  };

  /** Removes the parts of a set from number `from` on, left-overs of a longer value too. */
  const removeParts = async (service: string, account: string, set: PartSet, from: number): Promise<void> => {
    for (let number = from; await remove(service, partAccount(account, set, number)); number += 1);
  };

  async function joined(service: string, account: string, head: PartsHead): Promise<string | null> {
    let value = '';
    for (let number = 1; number <= head.count; number += 1) {
      const part = await read(service, partAccount(account, head.set, number));
      if (part === null) return null;
      value += part;
    }
    return value;
  }

  async function get(service: string, account: string): Promise<string | null> {
    const stored = await read(service, account);
    const head = inParts && stored !== null ? readPartsHead(stored) : null;
    return head === null ? stored : joined(service, account, head);
  }

  async function set(service: string, account: string, value: string): Promise<void> {
    if (!inParts) return write(service, account, value);
    const before = await headOf(service, account);
    if (needsParts(value)) {
      const turn: PartSet = before?.set === 'a' ? 'b' : 'a';
      const parts = splitSecret(value);
      for (const [index, part] of parts.entries()) await write(service, partAccount(account, turn, index + 1), part);
      await write(service, account, partsHead({ count: parts.length, set: turn }));
      await removeParts(service, account, turn, parts.length + 1);
    } else {
      await write(service, account, value);
    }
    if (before !== null) await removeParts(service, account, before.set, 1);
  }

  async function forget(service: string, account: string): Promise<boolean> {
    const before = await headOf(service, account);
    const was = await remove(service, account);
    if (before !== null) await removeParts(service, account, before.set, 1);
    return was;
  }

  const serviceOf = (name: SecretName): string => secretService(options.bundleId(), name.kind);
  return {
    get: (name) => ask(() => get(serviceOf(name), name.account)),
    set: (name, value) => ask(() => set(serviceOf(name), name.account, value)),
    delete: (name) => ask(() => forget(serviceOf(name), name.account)),
    // Reading an item that is never there reaches the keychain without a question to the person.
    probe: () => ask(async () => void (await read(`${options.bundleId()}.probe`, 'probe'))),
    settled: () =>
      new Promise((resolve) => {
        const timer = clock.after(END_PATIENCE, resolve);
        void last.then(() => {
          timer.stop();
          resolve();
        });
      }),
  };
}
