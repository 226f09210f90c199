import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createPlainLogger } from '../adapters/node/plainLogger.ts';
import { asAppError } from '../core/appError.ts';
import type { HubShell } from '../ports/hubProgram.ts';
import { parseHubArgs, type ServeOptions } from './args.ts';
import { startHub } from './compose.ts';
import { type HubSettings, readHubSettings } from './settings.ts';
import { runTokenCommand } from './tokenCommand.ts';

/** Runs `hipstatus hub …` until it ends. Never throws. @returns the exit code: 0 done, 1 failed, 2 wrong usage */
export async function runHub(argv: readonly string[], shell: HubShell): Promise<number> {
  const parsed = parseHubArgs(argv);
  if (parsed.kind === 'help') {
    shell.stdout.write(`${parsed.text}\n`);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    shell.stderr.write(`hipstatus: ${parsed.message}\n`);
    return 2;
  }
  try {
    const settings = readHubSettings(shell.env);
    const logger = createPlainLogger({ stream: shell.stderr, level: settings.HUB_LOG_LEVEL, now: () => Date.now() });
    if (parsed.kind === 'token') return await runTokenCommand(parsed.command, { settings, shell });
    const hub = await startHub({
      settings: withOptions(settings, parsed.options),
      logger: logger.named('hub'),
      version: ownVersion(),
    });
    shell.stdout.write(`hipstatus hub is listening at ${hub.address}\n`);
    if ((await hub.tokens.list()).length === 0) shell.stdout.write(`${FIRST_STEP}\n`);
    await aborted(shell.stopSignal);
    await hub.close();
    return 0;
  } catch (thrown) {
    const error = asAppError(thrown);
    shell.stderr.write(`hipstatus: ${error.message}\n`);
    if (error.reason === 'unexpected' && thrown instanceof Error) shell.stderr.write(`${thrown.stack ?? ''}\n`);
    // Trying again helps nobody whose words or settings are wrong: the systemd unit goes by it.
    return error.code === 'invalidInput' ? 2 : 1;
  }
}

/** What was said on the command line counts; tokens add to those of the settings. */
const withOptions = (settings: HubSettings, { port, integrations, tokens }: ServeOptions): HubSettings => ({
  ...settings,
  ...(port === null ? {} : { HUB_PORT: port }),
  ...(integrations === null ? {} : { HUB_INTEGRATIONS: integrations }),
  HUB_INTEGRATION_TOKENS: [settings.HUB_INTEGRATION_TOKENS ?? '', ...tokens].join('\n'),
});

const FIRST_STEP =
  'Nobody can sign in yet. In another terminal: hipstatus hub token create --email you@example.com --scope publish --scope read';

/** The version that package.json names, two folders above this file, built or not. */
function ownVersion(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  const schema = z.object({ version: z.string() });
  return schema.parse(JSON.parse(readFileSync(join(folder, '..', '..', 'package.json'), 'utf8'))).version;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
