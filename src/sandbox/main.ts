import { parseArgs } from 'node:util';
import { startControl } from './control.ts';
import { startSandbox } from './index.ts';

/**
 * The sandbox for trying things by hand: `npx tsx src/sandbox/main.ts [--ports entra=4443,hipchat=4010] [--no-slack]`.
 * Prints where everything is as JSON, then stays until it is interrupted.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { ports: { type: 'string', default: '' }, 'no-slack': { type: 'boolean', default: false } },
  });
  const ports = new Map<string, number>();
  for (const pair of values.ports.split(',').filter((part) => part !== '')) {
    const [name = '', port = ''] = pair.split('=');
    const known = ['entra', 'graph', 'ics', 'hipchat', 'slack', 'control'].includes(name);
    if (!known || !/^\d{1,5}$/.test(port)) throw new Error(`--ports: "${pair}" is not <service>=<port>`);
    ports.set(name, Number(port));
  }
  const { control: controlPort = 0, ...servicePorts } = Object.fromEntries(ports);
  const sandbox = await startSandbox({ ports: servicePorts, ...(values['no-slack'] ? { slack: false } : {}) });
  const calendar = sandbox.ics.publish('work', []);
  const control = await startControl(sandbox, controlPort);
  const { known, urls, certificate } = sandbox;
  const shown = { urls: { ...urls, calendar, control: control.url }, known, certificate: certificate.cert };
  process.stdout.write(`${JSON.stringify({ ...shown, fingerprint: certificate.fingerprint256 }, null, 2)}\n`);

  const stop = () => void Promise.all([control.close(), sandbox.close()]);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
