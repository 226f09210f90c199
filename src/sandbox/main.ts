import { parseArgs } from 'node:util';
import { startControl } from './control.ts';
import { MORE_KNOWN, type Sandbox, startSandbox } from './index.ts';

const SERVICES = ['entra', 'graph', 'ics', 'hipchat', 'slack', 'control'];
const MORE = ['mattermost', 'zulip', 'rocketchat', 'webhook', 'google', 'googlechat', 'hipchatConnect'];

/** Starts the others, and says where they are; Google's are played by an emulator as Slack is. */
async function openMore({ more }: Sandbox, hasEmulators: boolean) {
  const [mattermost, zulip, rocketchat, webhook, connect] = await Promise.all([
    more.open('mattermost'),
    more.open('zulip'),
    more.open('rocketchat'),
    more.open('webhook'),
    more.open('hipchatConnect'),
  ]);
  const urls = {
    mattermost: mattermost.url,
    zulip: zulip.url,
    rocketchat: rocketchat.url,
    webhook: webhook.address,
    hipchatConnect: connect.url,
  };
  if (!hasEmulators) return { urls, known: MORE_KNOWN };
  const google = await more.open('google');
  const chat = await more.open('googlechat');
  const { clientId: googleClientId, clientSecret: googleClientSecret } = google.known;
  return {
    urls: { ...urls, googleAccounts: google.accounts.url, googleApi: google.calendar.url, googleChat: chat.url },
    known: { ...MORE_KNOWN, googleClientId, googleClientSecret },
  };
}

/**
 * The sandbox for trying things by hand: `npx tsx src/sandbox/main.ts [--ports entra=4443,hipchat=4010] [--no-emulators]`.
 * Prints where everything is as JSON, then stays until it is interrupted. Without emulators: without Slack and Google.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { ports: { type: 'string', default: '' }, 'no-emulators': { type: 'boolean', default: false } },
  });
  const ports = new Map<string, number>();
  for (const pair of values.ports.split(',').filter((part) => part !== '')) {
    const [name = '', port = ''] = pair.split('=');
    const known = [...SERVICES, ...MORE].includes(name);
    if (!known || !/^\d{1,5}$/.test(port)) throw new Error(`--ports: "${pair}" is not <service>=<port>`);
    ports.set(name, Number(port));
  }
  const { control: controlPort = 0, ...servicePorts } = Object.fromEntries(ports);
  const hasEmulators = !values['no-emulators'];
  const sandbox = await startSandbox({ ports: servicePorts, ...(hasEmulators ? {} : { slack: false }) });
  const more = await openMore(sandbox, hasEmulators);
  const calendar = sandbox.ics.publish('work', []);
  const control = await startControl(sandbox, controlPort);
  const { certificate } = sandbox;
  const shown = {
    urls: { ...sandbox.urls, ...more.urls, calendar, control: control.url },
    known: { ...sandbox.known, ...more.known },
    certificate: certificate.cert,
    fingerprint: certificate.fingerprint256,
  };
  process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);

  const stop = () => void Promise.all([control.close(), sandbox.close()]);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
