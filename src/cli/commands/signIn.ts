import type { DeviceCode } from '../../ports/signIn.ts';
import type { Cli } from '../compose.ts';
import type { ExitCode, Output } from '../output.ts';

type Deps = Pick<Cli, 'settings' | 'runningPid' | 'requestSync' | 'accounts'>;

/** `hipstatus sign-in`: to Microsoft 365, in the browser here or by a code on any device. */
export async function signIn(
  deps: Deps,
  { deviceCode }: { readonly deviceCode: boolean },
  output: Output,
  stopped: AbortSignal,
): Promise<ExitCode> {
  const accounts = deps.accounts({ onRenewed: () => syncIfRunning(deps), onLeft: async () => true });
  const existing = deps.settings.get().calendars.find(({ provider }) => provider === 'microsoft365');
  const browser = deviceCode ? { onCode: showCode(output) } : {};
  if (!deviceCode) output.line('Your browser opens for the sign-in. Where it can not: hipstatus sign-in --device-code');
  await (existing === undefined
    ? accounts.add('microsoft365', {}, stopped, browser)
    : accounts.renew(existing.id, {}, stopped, browser));
  const account = deps.settings.get().calendars.find(({ provider }) => provider === 'microsoft365');
  output.data({ signedIn: { id: account?.id, username: account?.username } });
  output.line(`Signed in as ${account?.username}. The sign-in is kept in the keychain.`);
  return 0;
}

/** Tells the person where to type which code. */
export const showCode =
  (output: Output) =>
  ({ userCode, verificationUri, expiresAt }: DeviceCode): void => {
    output.data({ deviceCode: { userCode, verificationUri, expiresAt: new Date(expiresAt).toISOString() } });
    output.line(`Open ${verificationUri} on any device and enter this code: ${userCode}`);
    output.line('Waiting for you to enter it…');
  };

/** The running HipStatus tries what is new at once. */
export async function syncIfRunning(deps: Pick<Cli, 'runningPid' | 'requestSync'>): Promise<void> {
  if ((await deps.runningPid()) !== null) deps.requestSync();
}
