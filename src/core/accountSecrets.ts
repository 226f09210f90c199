import { type Account, isFurther, textOf } from './accounts.ts';
import { type CatalogueField, isSecretField } from './catalogueEntry.ts';
import { entryOf } from './providerCatalogue.ts';
import type { SecretName } from './secretNames.ts';

/** One keychain item of an account. */
export interface AccountSecret {
  /** The catalogue field it answers; `signIn` for what a browser's sign-in left. */
  readonly key: string;
  readonly name: SecretName;
}

/**
 * The keychain item of one of an account's secrets. An account's first secret goes by its id, a further one by the id and
 * its key. What an account of HipChat, the first of Slack and published calendars have kept before stays where it is.
 * @param key the catalogue field; by default the account's first secret, or its sign-in
 */
export function secretName(account: Account, key?: string): SecretName {
  const { fields, session } = entryOf(account.provider);
  const secrets = fields.filter(isSecretField);
  const field = key === undefined ? secrets[0] : secrets.find((one) => one.key === key);
  if (field === undefined) return { kind: session ?? 'accountsecret', account: account.id };
  const { kept } = field;
  if (kept?.by === 'id') return { kind: kept.kind, account: account.id };
  if (kept?.by === 'email' && goesByEmail(account)) return { kind: kept.kind, account: textOf(account, 'email') };
  const isFirst = field.key === secrets[0]?.key;
  return { kind: 'accountsecret', account: isFirst ? account.id : `${account.id}/${field.key}` };
}

/** Every keychain item that an account may have. */
export function accountSecrets(account: Account): readonly AccountSecret[] {
  const { signIn, fields } = entryOf(account.provider);
  if (signIn === 'browser') return [{ key: 'signIn', name: secretName(account) }];
  return fields.filter(isSecretField).map(({ key }) => ({ key, name: secretName(account, key) }));
}

/** Those without which the account can't be used. */
export function neededSecrets(account: Account): readonly AccountSecret[] {
  const field = (key: string): CatalogueField | undefined =>
    entryOf(account.provider).fields.find((one) => one.key === key);
  return accountSecrets(account).filter(({ key }) => {
    const { optional, goesWith } = field(key) ?? {};
    return optional !== true && (goesWith === undefined || textOf(account, goesWith) !== '');
  });
}

/** Chats whose token is kept under the person's address there. */
export function goesByEmail<T extends Account>(account: T): account is T & { readonly email: string } {
  const { fields, several } = entryOf(account.provider);
  const isByEmail = fields.some(({ kept }) => kept?.by === 'email');
  return isByEmail && !(several && isFurther(account));
}
