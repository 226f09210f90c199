/**
 * Names of the keychain items. `hctoken` and `o365` are those of JAMF's HipStatus (service `com.jamfsw.hipstatus.hctoken`,
 * account = email address), so that an existing token is found; the prefix follows the bundle id.
 */
export const DEFAULT_BUNDLE_ID = 'com.jamfsw.hipstatus';

/** What a secret is for. `accountsecret` is that of any account that has no kind of its own, by the account's id. */
export const SECRET_KINDS = [
  'hctoken',
  'slacktoken',
  'msalcache',
  'icsaddress',
  'icspassword',
  'accountsecret',
] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** Which secret of whom. */
export interface SecretName {
  readonly kind: SecretKind;
  /** The keychain item's account: the email address, or the account's id where there is no address. */
  readonly account: string;
}

/** The keychain item's service. */
export const secretService = (bundleId: string, kind: SecretKind): string => `${bundleId}.${kind}`;
