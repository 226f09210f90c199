import type { Accounts } from '../../engine/accounts.ts';
import type { Cli } from '../compose.ts';
import type { ExitCode, Output } from '../output.ts';

type Deps = Pick<Cli, 'settings' | 'runningPid' | 'requestSync'> & {
  accounts(onRenewed: (accountId: string) => Promise<void>): Pick<Accounts, 'signIn'>;
};

/** `hipstatus sign-in`: to Microsoft 365, in the browser here or by a code on any device. */
export async function signIn(
  deps: Deps,
  { deviceCode }: { readonly deviceCode: boolean },
  output: Output,
  stopped: AbortSignal,
): Promise<ExitCode> {
  const accounts = deps.accounts(async () => {
    if ((await deps.runningPid()) !== null) deps.requestSync();
  });
  if (deviceCode) {
    await accounts.signIn(stopped, ({ userCode, verificationUri, expiresAt }) => {
      output.data({ deviceCode: { userCode, verificationUri, expiresAt: new Date(expiresAt).toISOString() } });
      output.line(`Open ${verificationUri} on any device and enter this code: ${userCode}`);
      output.line('Waiting for you to enter it…');
    });
  } else {
    output.line('Your browser opens for the sign-in. Where it can not: hipstatus sign-in --device-code');
    await accounts.signIn(stopped);
  }
  const account = deps.settings.get().calendars.find(({ provider }) => provider === 'microsoft365');
  output.data({ signedIn: { id: account?.id, username: account?.username } });
  output.line(`Signed in as ${account?.username}. The sign-in is kept in the keychain.`);
  return 0;
}
