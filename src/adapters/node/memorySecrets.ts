import { type SecretName, secretService } from '../../core/secretNames.ts';
import type { KeychainSecrets } from './keychainSecrets.ts';

/** One secret that is there from the start. */
export interface KnownSecret {
  readonly name: SecretName;
  readonly value: string;
}

/** Secrets that go with the process: the person's keychain is not asked. */
export function createMemorySecrets(known: readonly KnownSecret[]): KeychainSecrets {
  const key = ({ kind, account }: SecretName) => `${secretService('', kind)}/${account}`;
  const values = new Map(known.map(({ name, value }) => [key(name), value]));
  return {
    get: async (name) => values.get(key(name)) ?? null,
    set: async (name, value) => void values.set(key(name), value),
    delete: async (name) => values.delete(key(name)),
    probe: async () => undefined,
    settled: async () => undefined,
  };
}
