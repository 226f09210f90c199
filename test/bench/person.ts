import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { microsoftSignIn } from '../../src/adapters/calendar/registry.ts';
import { createKeychainSecrets } from '../../src/adapters/node/keychainSecrets.ts';
import { nodeFetch } from '../../src/adapters/node/nodeFetch.ts';
import { createStateFile } from '../../src/adapters/node/stateFile.ts';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { DEFAULT_BUNDLE_ID } from '../../src/core/secretNames.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { SyncState } from '../../src/core/syncState.ts';
import { syncStateSchema } from '../../src/core/syncStateSchema.ts';
import { HOUR, type Instant } from '../../src/core/time.ts';
import { browse, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

/** A person with everything set up: both calendars, both chats, secrets in the session's keychain. */
export interface Person {
  /** HIPSTATUS_HOME. */
  readonly home: string;
  /** What is still missing for all accounts to have synced once since then; empty when nothing is. */
  unsynced(since: Instant): readonly string[];
  close(): Promise<void>;
}

/** Signs in and writes the settings, as the app's own prompts would have left them. */
export async function openPerson(home: string): Promise<Person> {
  const sandbox = await startSandbox();
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const certificateFile = join(home, 'sandbox.pem');
  writeFileSync(certificateFile, sandbox.certificate.cert);
  const organisation = {
    graphClientId: sandbox.known.clientId,
    graphAuthority: sandbox.urls.entra,
    graphBaseUrl: sandbox.urls.graph.replace(/\/v1\.0$/, ''),
    graphTenant: 'organizations',
    hipchatServer: sandbox.urls.hipchat.replace(/\/v2$/, ''),
    slackApiUrl: sandbox.urls.slack,
    trustedCertificateFiles: [certificateFile],
  };
  const email = sandbox.known.account;
  const secrets = createKeychainSecrets({
    bundleId: () => DEFAULT_BUNDLE_ID,
    platform: process.platform,
    clock: systemClock,
  });
  const signIn = microsoftSignIn({
    fetch: nodeFetch({ trustedCertificates: [sandbox.certificate.cert] }),
    now: Date.now,
    secrets,
    organisation: { ...DEFAULT_SETTINGS.organisation, ...organisation },
    openAddress: async (url) => void (await browse(url, { account: email, ca: sandbox.certificate.cert })),
  });
  const signedIn = await signIn.interactive('work', email, new AbortController().signal);
  await secrets.set({ kind: 'icsaddress', account: 'family' }, fill(sandbox));
  await secrets.set({ kind: 'hctoken', account: email }, sandbox.known.hipchatToken);
  await secrets.set({ kind: 'slacktoken', account: email }, sandbox.known.slackToken);
  const settings = {
    version: 1,
    email,
    calendars: [
      { id: 'work', provider: 'microsoft365', ...signedIn },
      { id: 'family', provider: 'ics', name: 'Family', username: '' },
    ],
    chats: [
      { id: 'hipchat', provider: 'hipchat', email },
      { id: 'slack', provider: 'slack', email },
    ],
    organisation,
  };
  writeFileSync(join(home, 'settings.json'), JSON.stringify(settings));
  const stateFile = createStateFile(join(home, 'state.json'), syncStateSchema);
  return {
    home,
    unsynced: (since) => missing(stateFile.read(), since),
    close: () => sandbox.close(),
  };
}

/** A day of meetings in both calendars; none of them begins or ends while the bench runs. Gives the published address. */
function fill(sandbox: Sandbox): string {
  const at = (hours: number) => new Date(Date.now() + hours * HOUR);
  const hours = Array.from({ length: 24 }, (_, index) => 3 + index);
  for (const hour of hours)
    sandbox.graph.addEvent({ subject: `Meeting ${hour}`, start: at(hour), end: at(hour + 0.5) });
  return sandbox.ics.publish('family', [
    { uid: 'swim', summary: 'Swimming', start: at(-7 * 24 + 4), end: at(-7 * 24 + 5), rrule: 'FREQ=DAILY;COUNT=60' },
    ...hours.map((hour) => ({ uid: `ics-${hour}`, summary: `Plan ${hour}`, start: at(hour), end: at(hour + 0.5) })),
  ]);
}

function missing(state: SyncState | null, since: Instant): string[] {
  if (state === null) return ['no state.json'];
  const { calendars, chats, lastSyncAt } = state;
  return [
    ...(lastSyncAt === null || lastSyncAt < since ? ['no sync yet'] : []),
    ...(calendars.length === 2 && chats.length === 2 ? [] : ['accounts are missing']),
    ...calendars.filter(({ health }) => health !== 'ok').map(({ id, error }) => `${id}: ${error?.message}`),
    ...chats.filter(({ error }) => error !== null).map(({ id, error }) => `${id}: ${error?.message}`),
  ];
}
