import type { SecretKind } from './secretNames.ts';
import type { TextKey } from './texts.ts';

/** Addresses of an organisation's settings that lead people to what they are asked for. */
export type LinkSetting = 'hipchatTokenUrl' | 'slackTokenUrl';

/** One thing that is asked of the person. */
export interface CatalogueField {
  /** The key it has in the account, or by which its secret is asked for. */
  readonly key: string;
  /**
   * - `address`: of a server; https, or http on this computer
   * - `text`, `email`
   * - `secret`: a token or key; blanks around it don't count
   * - `password`: as typed, with its blanks
   * - `secretAddress`: whoever knows it is let in, so it is kept in the keychain
   */
  readonly kind: 'address' | 'text' | 'email' | 'secret' | 'password' | 'secretAddress';
  readonly label: TextKey;
  readonly placeholder?: TextKey;
  /** Where to find it. */
  readonly hint?: TextKey;
  /** A button that opens the page that gives it. */
  readonly link?: { readonly label: TextKey; readonly to: LinkSetting | `https://${string}` };
  /** The path of a file on this computer will do too. */
  readonly orFile?: true;
  readonly optional?: true;
  /** Asked only for a further account: it tells the accounts apart. */
  readonly ifSeveral?: true;
  /** Asked for only together with this other field, and required when that one is given. */
  readonly goesWith?: string;
  /** Secrets that are kept under a kind of their own, as before there were several accounts; otherwise `accountsecret`. */
  readonly kept?: { readonly kind: SecretKind; readonly by: 'email' | 'id' };
}

/** All that windows, menu, command line and documents know of a provider: plain data. */
export interface CatalogueEntry {
  readonly kind: 'calendar' | 'chat';
  /** A proper name; not translated. */
  readonly name: string;
  /** Whether a person may have several accounts of it. */
  readonly several: boolean;
  /** How people are let in: by what they type, or by a sign-in in their browser (`SignIn`). */
  readonly signIn: 'fields' | 'browser';
  /** A browser's sign-in can be done with a code on another device too. */
  readonly deviceCode?: true;
  /** The keychain kind of a browser's sign-in. */
  readonly session?: SecretKind;
  /** What is renewed when the service refuses it. */
  readonly renews: 'token' | 'password' | 'address' | 'sign-in';
  readonly title: TextKey;
  readonly message: TextKey;
  readonly fields: readonly CatalogueField[];
  /** The account's key that tells it from others of its kind; `alone`: it stands for the name. */
  readonly calledBy?: { readonly key: string; readonly alone?: true };
  /** The person is found there by their own email address. */
  readonly byEmail?: true;
}

const SECRET_FIELDS: ReadonlySet<CatalogueField['kind']> = new Set(['secret', 'password', 'secretAddress']);

/** Whether the answer goes to the keychain and not to the settings. */
export const isSecretField = ({ kind }: CatalogueField): boolean => SECRET_FIELDS.has(kind);
