import {
  type Account,
  type CalendarAccount,
  type ChatAccount,
  calendarAccount,
  chatAccount,
  isChatName,
  type ProviderName,
  textOf,
} from './accounts.ts';
import { AppError } from './appError.ts';
import { type CatalogueField, isSecretField } from './catalogueEntry.ts';
import { entryOf } from './providerCatalogue.ts';
import { ENGLISH, text } from './texts.ts';

/** What the person typed, by the fields' keys. */
export type Answers = Readonly<Record<string, string>>;

/** Answers that are in order: what the settings keep and what the keychain keeps. Empty ones are left out of `secrets`. */
export interface ReadAnswers {
  readonly values: Answers;
  readonly secrets: Answers;
}

/** What is asked for a new account. @param isFurther there is one of its kind already */
export const fieldsToAdd = (provider: ProviderName, isFurther: boolean): readonly CatalogueField[] =>
  entryOf(provider).fields.filter(({ ifSeveral }) => ifSeveral !== true || isFurther);

/**
 * What is asked to renew an account. Of several secrets each may be left as it is.
 * @param isLocked the organisation has set the account: only its secrets are the person's
 */
export function fieldsToRenew(account: Account, isLocked: boolean): readonly CatalogueField[] {
  const fields = entryOf(account.provider).fields.filter(
    (field) => field.ifSeveral !== true && (isSecretField(field) || !isLocked),
  );
  const isAlone = fields.filter(isSecretField).length === 1;
  return fields.map((field) => (isSecretField(field) && !isAlone ? { ...field, optional: true } : field));
}

/** What stands in a field at the start. Never a secret. */
export const startValue = (field: CatalogueField, account: Account | null, email: string): string => {
  if (isSecretField(field)) return '';
  const kept = account === null ? '' : textOf(account, field.key);
  return kept === '' && field.kind === 'email' ? email : kept;
};

/** Reads answers. Throws `AppError('invalidInput')` whose reason is `field:KEY:WHAT`. */
export function readAnswers(fields: readonly CatalogueField[], answers: Answers): ReadAnswers {
  const values: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  const given = (key: string) => (answers[key] ?? '').trim() !== '';
  for (const field of fields) {
    const value = readField(field, answers[field.key] ?? '');
    const isWanted =
      field.goesWith === undefined ? field.optional !== true : field.optional !== true && given(field.goesWith);
    if (value === '' && isWanted) {
      throw wrongField(field.key, 'missing', text('answer.fill', ENGLISH, { label: text(field.label, ENGLISH) }));
    }
    if (!isSecretField(field)) values[field.key] = value;
    else if (value !== '' && (field.goesWith === undefined || given(field.goesWith))) secrets[field.key] = value;
  }
  return { values, secrets };
}

/** The account that answers make. */
export function accountOf(provider: ProviderName, id: string, values: Readonly<Record<string, unknown>>): Account {
  const given = { id, provider, ...values };
  return isChatName(provider) ? chatAccount.parse(given) : calendarAccount.parse(given);
}

export const isChat = (account: Account): account is ChatAccount => isChatName(account.provider);
export const isCalendar = (account: Account): account is CalendarAccount => !isChat(account);

/** What was wrong with a field, as the catalogue names it. */
type Wrong = 'blank' | 'email' | 'address' | 'server' | 'https';

/** @param key the field that the reason names, as `field:KEY:WHAT` */
const wrongField = (key: string, what: Wrong | 'missing', message: string) =>
  new AppError('invalidInput', message, { reason: `field:${key}:${what}` });

/** A whole path, as Unix or Windows writes it. */
export const isFilePath = (written: string): boolean => /^(?:\/|[a-z]:[\\/]|\\\\)/i.test(written);

function readField({ key, kind, orFile }: CatalogueField, typed: string): string {
  const wrong = (what: Wrong) => wrongField(key, what, text(`answer.${what}`, ENGLISH));
  const value = kind === 'password' ? typed : typed.trim();
  if (value.trim() === '') return '';
  switch (kind) {
    case 'text':
    case 'password':
      return value;
    case 'secret':
      if (/\s/.test(value)) throw wrong('blank');
      return value;
    case 'email':
      if (!/^[^\s@]+@[^\s@]+$/.test(value)) {
        throw wrong('email');
      }
      return value;
    case 'address':
      return serverAddress(value, wrong);
    case 'secretAddress':
      if (orFile === true && isFilePath(value)) return value;
      if (!/^(https?|webcals?):\/\/[^\s/]+\S*$/i.test(value)) {
        throw wrong('address');
      }
      return value;
  }
}

/** Scheme, host with port, path; a user name or a query has no place there. */
const SERVER = /^(https?):\/\/((?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?)(\/[^\s?#@]*)?(?:[?#]\S*)?$/i;
/** On this computer nobody listens in between. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

/** A server as people type it: without the scheme, or with a slash or a query copied along. */
function serverAddress(typed: string, wrong: (what: Wrong) => AppError): string {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  const [, scheme = '', host = '', path = ''] = SERVER.exec(written) ?? [];
  if (host === '') throw wrong('server');
  if (scheme.toLowerCase() === 'http' && !LOOPBACK.test(host)) {
    throw wrong('https');
  }
  return `${scheme.toLowerCase()}://${host.toLowerCase()}${path.replace(/\/+$/, '')}`;
}
