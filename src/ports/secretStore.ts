import type { SecretName } from '../core/secretNames.ts';

/**
 * The OS keychain. Throws `AppError('locked')` with a way out when it is locked, missing or refused: there is no plain-text
 * fallback.
 */
export interface SecretStore {
  get(name: SecretName): Promise<string | null>;
  set(name: SecretName, value: string): Promise<void>;
  /** False when there was none. */
  delete(name: SecretName): Promise<boolean>;
  /** Throws when the keychain can't be used; otherwise does nothing. */
  probe(): Promise<void>;
}
