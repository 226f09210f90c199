import { neededSecrets } from '../../core/accountSecrets.ts';
import { withEmail } from '../../core/accounts.ts';
import { AppError } from '../../core/appError.ts';
import { type SecretKind, type SecretName, secretService } from '../../core/secretNames.ts';
import type { Settings } from '../../core/settings.ts';
import type { Cli } from '../compose.ts';
import type { ExitCode, Output } from '../output.ts';
import { syncIfRunning } from './signIn.ts';

type Deps = Pick<Cli, 'settings' | 'secrets' | 'runningPid' | 'requestSync'>;

/** What a secret is for, in a person's words. */
const WHAT: Readonly<Record<SecretKind, string>> = {
  hctoken: 'HipChat token',
  slacktoken: 'Slack token',
  msalcache: 'Microsoft 365 sign-in',
  icsaddress: 'address of the published calendar',
  icspassword: 'password of the published calendar',
  accountsecret: 'secret of the account',
};

/** Kinds that hold passwords. */
const MAY_HAVE_BLANKS: ReadonlySet<SecretKind> = new Set(['icspassword', 'accountsecret']);

/** Every secret that the accounts of the settings need. */
const expectedSecrets = ({ email, chats, calendars }: Settings): readonly SecretName[] =>
  [...calendars, ...chats.map((chat) => withEmail(chat, email))].flatMap((account) =>
    neededSecrets(account).map(({ name }) => name),
  );

/** The account that is meant when none is named. */
function accountFor(kind: SecretKind, settings: Settings, given: string | null): string {
  if (given !== null) return given;
  const expected = expectedSecrets(settings).filter((name) => name.kind === kind);
  const accounts = [...new Set(expected.map(({ account }) => account))];
  if (accounts.length > 1) {
    throw new AppError('invalidInput', `There are several: ${accounts.join(', ')}. Say which with --account.`);
  }
  const [account = usualAccount(kind, settings)] = accounts;
  if (account === '') {
    const why = kind === 'accountsecret' ? 'No account has such a secret' : 'Your email address is not set yet';
    throw new AppError('invalidInput', `${why}, so say whose secret it is with --account.`);
  }
  return account;
}

/** Where the secret would be if the account were set up. */
function usualAccount(kind: SecretKind, { email }: Settings): string {
  switch (kind) {
    case 'hctoken':
    case 'slacktoken':
      return email;
    case 'msalcache':
      return 'microsoft365';
    case 'icsaddress':
    case 'icspassword':
      return 'ics';
    case 'accountsecret':
      return '';
  }
}

/** `hipstatus secret list`: which secrets are there; never what they are. */
export async function listSecrets({ settings, secrets }: Deps, output: Output): Promise<ExitCode> {
  await secrets.probe();
  const { organisation, ...rest } = settings.get();
  const found = [];
  for (const name of expectedSecrets({ organisation, ...rest })) {
    found.push({
      ...name,
      service: secretService(organisation.bundleId, name.kind),
      present: (await secrets.get(name)) !== null,
    });
  }
  output.data({ secrets: found });
  if (found.length === 0) output.line('No calendar or chat is set up, so no secret is needed yet.');
  for (const { kind, account, service, present } of found) {
    output.line(`${kind.padEnd(11)} ${account}: ${WHAT[kind]}, ${present ? 'there' : 'missing'} (${service})`);
  }
  return 0;
}

/** `hipstatus secret set`: keeps what `read` brings. */
export async function setSecret(
  deps: Deps,
  { kind, account }: { readonly kind: SecretKind; readonly account: string | null },
  read: (question: string) => Promise<string>,
  output: Output,
): Promise<ExitCode> {
  if (kind === 'msalcache')
    throw new AppError('invalidInput', 'This one comes from signing in. Run: hipstatus sign-in');
  const name: SecretName = { kind, account: accountFor(kind, deps.settings.get(), account) };
  await deps.secrets.probe();
  const typed = await read(`${WHAT[kind]} of ${name.account}`);
  // A password may begin or end with a space; an address or a token never does.
  const value = MAY_HAVE_BLANKS.has(kind) ? typed : typed.trim();
  if (value === '') throw new AppError('invalidInput', 'Nothing was given, so nothing was changed.');
  await deps.secrets.set(name, value);
  await syncIfRunning(deps);
  output.data({ set: name });
  output.line(`Kept in the keychain: ${WHAT[kind]} of ${name.account}.`);
  return 0;
}

/** `hipstatus secret delete`. */
export async function deleteSecret(
  deps: Deps,
  { kind, account }: { readonly kind: SecretKind; readonly account: string | null },
  output: Output,
): Promise<ExitCode> {
  const name: SecretName = { kind, account: accountFor(kind, deps.settings.get(), account) };
  const was = await deps.secrets.delete(name);
  if (was) await syncIfRunning(deps);
  output.data({ deleted: was ? name : null });
  output.line(was ? `Deleted: ${WHAT[kind]} of ${name.account}.` : `There was none: ${WHAT[kind]} of ${name.account}.`);
  return 0;
}
