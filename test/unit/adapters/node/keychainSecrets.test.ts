import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ANSWER_WITHIN, createKeychainSecrets, type OpenEntry } from '../../../../src/adapters/node/keychainSecrets.ts';
import { PART_UNITS } from '../../../../src/adapters/node/secretParts.ts';
import { systemClock } from '../../../../src/adapters/node/systemClock.ts';
import type { SecretName } from '../../../../src/core/secretNames.ts';

const TOKEN: SecretName = { kind: 'hctoken', account: 'ada@example.com' };
const CACHE: SecretName = { kind: 'msalcache', account: 'work' };

/** A keychain in memory, with the limit of Windows where `limit` says so. */
function memoryKeychain(limit = Number.POSITIVE_INFINITY) {
  const items = new Map<string, string>();
  const open: OpenEntry = async (service, account) => {
    const key = `${service}/${account}`;
    return {
      getPassword: async () => items.get(key) ?? null,
      setPassword: async (value) => {
        if (value.length > limit) throw new Error('too long');
        items.set(key, value);
      },
      deletePassword: async () => items.delete(key),
    };
  };
  return { items, open };
}

const create = (platform: NodeJS.Platform, open: OpenEntry, bundleId = () => 'com.jamfsw.hipstatus') =>
  createKeychainSecrets({ bundleId, platform, clock: systemClock, open });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('createKeychainSecrets', () => {
  it("keeps secrets under HipStatus 1's names", async () => {
    const { items, open } = memoryKeychain();
    const secrets = create('darwin', open);
    await secrets.set(TOKEN, 'one');
    expect([...items]).toEqual([['com.jamfsw.hipstatus.hctoken/ada@example.com', 'one']]);
    expect(await secrets.get(TOKEN)).toBe('one');
    expect(await secrets.get(CACHE)).toBeNull();
    expect([await secrets.delete(TOKEN), await secrets.delete(TOKEN)]).toEqual([true, false]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('follows the bundle id', async () => {
    const { items, open } = memoryKeychain();
    let bundleId = 'com.jamfsw.hipstatus';
    const secrets = create('linux', open, () => bundleId);
    bundleId = 'org.example.status';
    await secrets.set(TOKEN, 'one');
    expect([...items.keys()]).toEqual(['org.example.status.hctoken/ada@example.com']);
  });

  it.each([
    ['linux', /GNOME Keyring or KWallet/],
    ['darwin', /macOS keychain/],
    ['win32', /Credential Manager/],
  ] as const)('says what to do when there is no keychain (%s)', async (platform, wayOut) => {
    const secrets = create(platform, () => Promise.reject(new Error('DBus error')));
    for (const call of [secrets.probe(), secrets.get(TOKEN), secrets.set(TOKEN, 'hush'), secrets.delete(TOKEN)]) {
      const error = await call.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ name: 'AppError', code: 'locked', reason: 'noKeychain' });
      expect(String(error)).toMatch(wayOut);
      expect(String(error)).not.toContain('hush');
    }
  });

  it('says so when the keychain refuses', async () => {
    const refuse = () => Promise.reject(new Error('dismissed'));
    const secrets = create('linux', async () => ({
      getPassword: refuse,
      setPassword: refuse,
      deletePassword: refuse,
    }));
    await expect(secrets.get(TOKEN)).rejects.toMatchObject({ code: 'locked', reason: 'keychainRefused' });
    await expect(secrets.probe()).rejects.toMatchObject({ code: 'locked', reason: 'keychainRefused' });
  });

  it('gives up waiting for the person, does not start what came too late, and goes on after the answer', async () => {
    const { items, open } = memoryKeychain();
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const secrets = create('linux', async (service, account) => {
      const item = await open(service, account);
      return {
        ...item,
        getPassword: async () => {
          await asked;
          return item.getPassword();
        },
      };
    });
    const first = secrets.get(TOKEN);
    const second = secrets.set(TOKEN, 'late');
    const failures = Promise.allSettled([first, second]);
    await vi.advanceTimersByTimeAsync(ANSWER_WITHIN);
    for (const result of await failures) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'locked', reason: 'keychainTimeout' } });
    }
    answer();
    await secrets.set(TOKEN, 'in time');
    expect(await secrets.get(TOKEN)).toBe('in time');
    expect([...items.values()]).toEqual(['in time']);
  });

  it('tries again beside a question that nobody has answered', async () => {
    const { open } = memoryKeychain();
    let isLocked = true;
    const secrets = create('linux', async (service, account) => {
      const item = await open(service, account);
      return { ...item, getPassword: () => (isLocked ? new Promise<never>(() => {}) : item.getPassword()) };
    });
    const first = expect(secrets.get(TOKEN)).rejects.toMatchObject({ reason: 'keychainTimeout' });
    await vi.advanceTimersByTimeAsync(ANSWER_WITHIN);
    await first;
    // The second is not waited for as long: the person has been asked already.
    const second = expect(secrets.get(TOKEN)).rejects.toMatchObject({ reason: 'keychainTimeout' });
    await vi.advanceTimersByTimeAsync(ANSWER_WITHIN / 10);
    await second;
    isLocked = false;
    const third = secrets.get(TOKEN);
    await vi.advanceTimersByTimeAsync(ANSWER_WITHIN / 10);
    expect(await third).toBeNull();
  });

  it('asks one question at a time', async () => {
    let open = 0;
    let most = 0;
    const secrets = create('darwin', async () => ({
      getPassword: async () => {
        open += 1;
        most = Math.max(most, open);
        await Promise.resolve();
        open -= 1;
        return null;
      },
      setPassword: async () => undefined,
      deletePassword: async () => false,
    }));
    await Promise.all([secrets.get(TOKEN), secrets.get(CACHE), secrets.probe()]);
    expect(most).toBe(1);
  });
});

describe('long values on Windows', () => {
  const set = () => {
    const { items, open } = memoryKeychain(PART_UNITS);
    return { items, secrets: create('win32', open) };
  };

  it('come back whole, whatever their length was before', async () => {
    const { items, secrets } = set();
    for (const length of [10, 5_000, 12_000, 1_281, 1_280, 30_000, 3]) {
      const value = `${'é'.repeat(length - 1)}.`;
      await secrets.set(CACHE, value);
      expect(await secrets.get(CACHE)).toBe(value);
      expect(items.size).toBe(length <= PART_UNITS ? 1 : 1 + Math.ceil(length / PART_UNITS));
    }
  });

  it('leave nothing behind', async () => {
    const { items, secrets } = set();
    await secrets.set(CACHE, 'x'.repeat(9_000));
    expect(await secrets.delete(CACHE)).toBe(true);
    expect(items.size).toBe(0);
  });

  it('keep the old value when the new one is cut off half-way', async () => {
    const { open } = memoryKeychain(PART_UNITS);
    let left = Number.POSITIVE_INFINITY;
    const secrets = create('win32', async (service, account) => {
      const item = await open(service, account);
      return {
        ...item,
        setPassword: (value) => {
          left -= 1;
          return left < 0 ? Promise.reject(new Error('power cut')) : item.setPassword(value);
        },
      };
    });
    const old = 'o'.repeat(4_000);
    await secrets.set(CACHE, old);
    for (const cut of [0, 1, 2, 3]) {
      left = cut;
      await expect(secrets.set(CACHE, 'n'.repeat(4_000))).rejects.toMatchObject({ code: 'locked' });
      expect(await secrets.get(CACHE)).toBe(old);
    }
    left = Number.POSITIVE_INFINITY;
    await secrets.set(CACHE, 'n'.repeat(2_000));
    expect(await secrets.get(CACHE)).toBe('n'.repeat(2_000));
  });

  it('count as none when a part is gone', async () => {
    const { items, secrets } = set();
    await secrets.set(CACHE, 'x'.repeat(3_000));
    items.delete('com.jamfsw.hipstatus.msalcache/work#a2');
    expect(await secrets.get(CACHE)).toBeNull();
  });
});
