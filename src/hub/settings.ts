import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../core/appError.ts';
import { commandShape } from './commands/settings.ts';
import { checkHosts, HOST_SECRETS, hostsShape } from './hosts/settings.ts';
import { type SyncSettings, syncSettingsOf, syncShape } from './sync/settings.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

const number = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const flag = z
  .enum(['0', '1', 'true', 'false'])
  .default('0')
  .transform((value) => value === '1' || value === 'true');
/** With commas between them. */
const list = <T>(one: z.ZodType<T, string>) =>
  z
    .string()
    .optional()
    .transform((text = '') => text.split(',').flatMap((part) => (part.trim() === '' ? [] : part.trim())))
    .pipe(z.array(one));
const origin = z
  .url()
  .refine((address) => new URL(address).origin === address, 'is an origin such as https://chat.example.com');
const optional = z.string().min(1).optional();

/** The hub's settings, all from the environment (twelve-factor). What is said of each is in docs/hub.md too (`npm run schema:hub`). */
export const hubSettingsSchema = z.object({
  HUB_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('The address to listen at. Anything but loopback needs TLS or `HUB_BEHIND_PROXY`.'),
  HUB_PORT: number(8427, 0, 65_535).describe('0 for any free port. `PORT` counts where this is not set.'),
  HUB_DATA: z.string().min(1).default(join(homedir(), '.hipstatus-hub')).describe('The folder of the embedded store.'),
  HUB_REDIS_URL: optional.describe('Moves everything to Redis, so that several hubs serve one team.'),
  HUB_REDIS_PREFIX: z
    .string()
    .regex(/^[\w.-]{1,40}$/)
    .default('hipstatus')
    .describe('What the keys in Redis begin with: up to 40 letters, digits, `_`, `.` and `-`.'),
  HUB_BASE_URL: z
    .url()
    .optional()
    .describe('How others reach this hub, such as `https://hub.example.com`; for links and cookies.'),
  HUB_TLS_CERT: optional.describe(
    'The file of the certificate and its chain (PEM). With it the hub speaks TLS itself.',
  ),
  HUB_TLS_KEY: optional.describe("The file of the certificate's key (PEM)."),
  HUB_BEHIND_PROXY: flag.describe(
    'A balancer in front speaks TLS; its `X-Forwarded-For` and `-Proto` are believed from `HUB_TRUSTED_PROXIES`.',
  ),
  HUB_TRUSTED_PROXIES: z
    .string()
    .default('127.0.0.1,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7')
    .describe('Addresses and networks, with commas.'),
  HUB_OUTLOOK_SECRET: z
    .string()
    .trim()
    .min(16)
    .max(100)
    .optional()
    .describe(
      'The webhook secret of the Outlook presence plugin, of 16 characters or more; without it that API is off.',
    ),
  HUB_OUTLOOK_PAGE_SIZE: number(100, 1, 10_000).describe('Statuses on one page of the Outlook API.'),
  HUB_OUTLOOK_REPEAT: number(20, 0, 3600).describe(
    'Seconds of silence after which a status is repeated to Outlook sockets, whose provider reconnects after 30; 0 for never.',
  ),
  HUB_REPORT_TIMEOUT: number(900, 5, 86_400).describe('Seconds without a report after which a person is offline.'),
  HUB_FEED_HOURS: number(48, 1, 24 * 31).describe('Hours that events are kept for readers that come back.'),
  HUB_FEED_LENGTH: number(1_000_000, 1_000, 100_000_000).describe('Events at most in the feed on Redis.'),
  HUB_RATE_TOKEN: number(6_000, 1, 10_000_000).describe('Requests a minute for one token.'),
  HUB_RATE_ADDRESS: number(300, 1, 10_000_000).describe('Requests a minute for one address without a good token.'),
  HUB_RATE_FAILURES: number(20, 1, 1_000_000).describe('Wrong tokens or secrets a minute for one address.'),
  HUB_BODY_LIMIT: number(65_536, 1_024, 16_777_216).describe('Bytes of a request body, and of a frame from a client.'),
  HUB_MAX_SOCKETS: number(20_000, 1, 1_000_000).describe('Sockets and event streams at most.'),
  HUB_SOCKET_QUEUE: number(1_048_576, 1_024, 268_435_456).describe(
    'Bytes that wait for one slow socket before it is dropped.',
  ),
  HUB_SHUTDOWN_SECONDS: number(10, 0, 600).describe(
    'Seconds that running requests and sockets get when the hub stops.',
  ),
  HUB_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('How much is said on standard error.'),
  HUB_ALLOW_PRIVATE_WEBHOOKS: flag.describe('Webhooks may go to private and loopback addresses too.'),
  HUB_ADDONS: list(z.string().min(1)).describe(
    'Files of [add-ons](addons.md), with commas, each served at `/addons/` and its key.',
  ),
  HUB_ADDON_SERVERS: list(origin).describe(
    'Only these chat servers may install add-ons: origins such as `https://chat.example.com`, with commas.',
  ),
  HUB_ADDON_GROUPS: list(
    z
      .string()
      .regex(/^\d{1,15}$/, 'is a number')
      .transform(Number),
  ).describe('Only these groups of the chat servers may install add-ons: their ids, with commas.'),
  HUB_ALLOW_PRIVATE_ADDONS: flag.describe(
    'Chat servers that install add-ons may have private and loopback addresses, and speak http.',
  ),
  ...hostsShape,
  ...syncShape,
  ...commandShape,
});

type Raw = z.infer<typeof hubSettingsSchema>;
export type HubSettings = Readonly<Raw> & {
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Null: organisation sync is off. */
  readonly sync: SyncSettings | null;
};

/** Every setting, for the documents and for messages. */
export const SETTING_NAMES: readonly string[] = Object.keys(hubSettingsSchema.shape);

/** These may come from a file, named by the same variable with `_FILE` behind it (Docker and systemd hand secrets over so). */
export const FROM_FILE = [
  'HUB_OUTLOOK_SECRET',
  'HUB_REDIS_URL',
  'HUB_SYNC_CLIENT_SECRET',
  'HUB_INTEGRATION_TOKENS',
  'HUB_INTEGRATIONS_SECRET',
  ...HOST_SECRETS,
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

function withFiles(env: Environment): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name of SETTING_NAMES) {
    const value = env[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  const port = env['PORT'];
  if (given['HUB_PORT'] === undefined && port !== undefined && port !== '') given['HUB_PORT'] = port;
  for (const name of FROM_FILE) {
    const file = env[`${name}_FILE`];
    if (file === undefined || file === '' || given[name] !== undefined) continue;
    given[name] = readText(`${name}_FILE`, file).trim();
  }
  return given;
}

function readText(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('invalidInput', `${name} names a file that can't be read. Check path and permissions.`, {
      cause,
    });
  }
}

/** The names in the environment that look like ours and are not: typing errors must not be silent. */
function unknownNames(env: Environment): readonly string[] {
  const known = new Set<string>([...SETTING_NAMES, ...FROM_FILE.map((name) => `${name}_FILE`)]);
  return Object.keys(env).filter((name) => name.startsWith('HUB_') && !known.has(name));
}

/**
 * Reads and checks the settings. Throws `AppError('invalidInput')` that names each wrong variable and what is allowed, never its
 * value.
 */
export function readHubSettings(env: Environment): HubSettings {
  const unknown = unknownNames(env);
  if (unknown.length > 0) {
    throw new AppError('invalidInput', `There is no setting ${unknown.join(', ')}. See docs/hub.md for all there are.`);
  }
  const parsed = hubSettingsSchema.safeParse(withFiles(env));
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new AppError('invalidInput', `The settings are not right. ${lines.join('; ')}.`);
  }
  const settings = parsed.data;
  checkHosts(settings);
  const tls = tlsOf(settings);
  if (tls === null && !settings.HUB_BEHIND_PROXY && !LOOPBACK.test(settings.HUB_HOST)) {
    throw new AppError(
      'invalidInput',
      'HUB_HOST is not this machine alone: set HUB_TLS_CERT and HUB_TLS_KEY, or HUB_BEHIND_PROXY=1 when a proxy in front speaks TLS.',
    );
  }
  return { ...settings, tls, sync: syncSettingsOf(settings, readText) };
}

function tlsOf({ HUB_TLS_CERT, HUB_TLS_KEY }: Raw): HubSettings['tls'] {
  if (HUB_TLS_CERT === undefined && HUB_TLS_KEY === undefined) return null;
  if (HUB_TLS_CERT === undefined || HUB_TLS_KEY === undefined) {
    throw new AppError('invalidInput', 'HUB_TLS_CERT and HUB_TLS_KEY are files that belong together: set both.');
  }
  return { cert: readText('HUB_TLS_CERT', HUB_TLS_CERT), key: readText('HUB_TLS_KEY', HUB_TLS_KEY) };
}
