import { type ProviderName, providerName } from '../core/accounts.ts';
import type { Answers } from '../core/answers.ts';
import { isSecretField } from '../core/catalogueEntry.ts';
import { entryOf } from '../core/providerCatalogue.ts';
import { noMore, textOf, type Values, WrongUsage } from './usage.ts';

/** What `hipstatus accounts` was asked for. */
export type AccountsCommand =
  | { readonly name: 'accounts'; readonly action: 'list' }
  | {
      readonly name: 'accounts';
      readonly action: 'add';
      readonly provider: ProviderName;
      readonly answers: Answers;
      /** Sign in in the browser where a token could be typed too. */
      readonly browser: boolean;
      readonly deviceCode: boolean;
    }
  | { readonly name: 'accounts'; readonly action: 'remove'; readonly account: string }
  | {
      readonly name: 'accounts';
      readonly action: 'calendars';
      readonly account: string;
      /** Names or ids of those to read; empty to list them. */
      readonly choose: readonly string[];
    };

/** The option of the command line that answers a field, without its dashes. */
export const optionOf = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const PROVIDERS = providerName.options;

/** What an account is given on the command line: everything but its secrets. */
export const ACCOUNT_KEYS: readonly string[] = [
  ...new Set(
    PROVIDERS.flatMap((name) =>
      entryOf(name)
        .fields.filter((field) => !isSecretField(field))
        .map(({ key }) => key),
    ),
  ),
];

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

export function readAccounts(values: Values, [action, what, ...rest]: readonly string[]): AccountsCommand {
  noMore(rest);
  if (action === undefined || action === 'list') {
    noMore(what === undefined ? [] : [what]);
    return { name: 'accounts', action: 'list' };
  }
  if (action === 'remove') {
    if (what === undefined) throw new WrongUsage('Say which account: hipstatus accounts shows their names.');
    return { name: 'accounts', action, account: what };
  }
  if (action === 'calendars') {
    if (what === undefined) throw new WrongUsage('Say which account: hipstatus accounts shows their names.');
    return { name: 'accounts', action, account: what, choose: listOf(values['choose']) };
  }
  if (action !== 'add') throw new WrongUsage('Say what to do: list, add, calendars or remove.');
  const provider = PROVIDERS.find((name) => name === what);
  if (provider === undefined) throw new WrongUsage(`Say which service: ${PROVIDERS.join(', ')}.`);
  const given = ACCOUNT_KEYS.map((key) => [key, textOf(values[optionOf(key)])] as const);
  const fields = entryOf(provider).fields.map(({ key }) => key);
  const unknown = given.find(([key, value]) => value !== null && !fields.includes(key));
  if (unknown !== undefined) throw new WrongUsage(`--${optionOf(unknown[0])} is nothing that ${provider} asks for.`);
  const answers = Object.fromEntries(given.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  const [browser, deviceCode] = [values['browser'] === true, values['device-code'] === true];
  return { name: 'accounts', action, provider, answers, browser, deviceCode };
}
