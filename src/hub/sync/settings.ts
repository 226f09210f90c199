import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { type Rules, rules } from '../../core/rules.ts';
import { DEFAULT_SETTINGS } from '../../core/settings.ts';
import { MINUTE } from '../../core/time.ts';
import { ianaZone } from '../../core/windowsZones.ts';
import type { Policy } from './decide.ts';

const optional = z.string().min(1).optional();
const number = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

/** Microsoft's clouds: where applications sign in, and the Graph that takes those tokens. */
const CLOUDS: Readonly<Record<string, readonly string[]>> = {
  'https://login.microsoftonline.com': ['https://graph.microsoft.com'],
  'https://login.microsoftonline.us': ['https://graph.microsoft.us', 'https://dod-graph.microsoft.us'],
  'https://login.partner.microsoftonline.cn': ['https://microsoftgraph.chinacloudapi.cn'],
};
const LOOPBACK = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;
const DEFAULT_AUTHORITY = 'https://login.microsoftonline.com';
const DEFAULT_GRAPH = 'https://graph.microsoft.com';

const isCloud = (address: string) => LOOPBACK.test(address) || Object.entries(CLOUDS).flat(2).includes(address);
const cloud = (fallback: string) =>
  z
    .string()
    .transform((text) => text.replace(/\/$/, ''))
    .refine(isCloud, "an address of one of Microsoft's clouds; see docs/hub-sync.md")
    .default(fallback);

/** Organisation sync's part of the hub's settings. Without `HUB_SYNC_TENANT` it is off. */
export const syncShape = {
  HUB_SYNC_TENANT: z
    .string()
    .regex(/^[\w.-]{1,255}$/, 'the id or a domain of an Entra tenant')
    .optional()
    .describe('The id of the Entra tenant, or one of its domains. Turns organisation sync on: see hub-sync.md.'),
  HUB_SYNC_CLIENT_ID: optional.describe("The application's id."),
  HUB_SYNC_CLIENT_SECRET: optional.describe("The application's secret."),
  HUB_SYNC_MODE: z
    .enum(['calendarView', 'getSchedule'])
    .default('calendarView')
    .describe('`getSchedule` where the application may see free and busy only.'),
  HUB_SYNC_GROUP: z
    .string()
    .regex(/^[\w-]{1,64}$/, "a group's object id")
    .optional()
    .describe('The object id of the group whose people it is for. Without it and a file: everybody of the tenant.'),
  HUB_SYNC_PEOPLE_FILE: optional.describe('A file of addresses, one a line, instead of a group.'),
  HUB_SYNC_MINUTES: number(5, 1, 60).describe('Minutes between two marks.'),
  HUB_SYNC_ZONE: z
    .string()
    .refine((name) => ianaZone(name) !== null, 'a time zone such as Europe/Berlin')
    .default('UTC')
    .describe('The time zone of mailboxes that do not tell theirs.'),
  HUB_SYNC_RULES_FILE: optional.describe(
    "A JSON file of what counts: the object that the app's settings have as `rules`.",
  ),
  HUB_SYNC_STATUS_MESSAGE: z
    .string()
    .max(500)
    .default(DEFAULT_SETTINGS.statusMessage)
    .describe('Shown while something counts. A blank for none.'),
  HUB_SYNC_STATUS_EMOJI: z.string().max(100).default(DEFAULT_SETTINGS.statusEmoji).describe('The emoji with it.'),
  HUB_SYNC_OOF_MESSAGE: z
    .string()
    .max(500)
    .default(DEFAULT_SETTINGS.oofMessage)
    .describe('Shown while out of office. A blank for none.'),
  HUB_SYNC_OOF_EMOJI: z.string().max(100).default(DEFAULT_SETTINGS.oofEmoji).describe('The emoji with it.'),
  HUB_SYNC_CONCURRENCY: number(4, 1, 64).describe('Batches of up to 20 people that this hub works on at a time.'),
  HUB_SYNC_AUTHORITY: cloud(DEFAULT_AUTHORITY).describe(
    'The sign-in address of a national cloud; the worldwide one where it is not set.',
  ),
  HUB_SYNC_GRAPH: cloud(DEFAULT_GRAPH).describe(
    'The Graph address of the same cloud; the worldwide one where it is not set.',
  ),
} as const;

const shape = z.object(syncShape);
export type RawSync = z.infer<typeof shape>;

export interface SyncSettings {
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly mode: RawSync['HUB_SYNC_MODE'];
  readonly people: { readonly group: string } | { readonly file: string } | 'everybody';
  /** Milliseconds between two marks. */
  readonly interval: number;
  readonly policy: Policy;
  readonly concurrency: number;
  readonly authority: string;
  readonly graph: string;
  /** What tokens are asked for. */
  readonly scope: string;
}

const wrong = (message: string): AppError => new AppError('invalidInput', message);

function rulesOf(text: string | null): Rules {
  if (text === null) return rules.parse({});
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('HUB_SYNC_RULES_FILE is not JSON. Write the same object as `rules` in the settings of the app.');
  }
  // A name that is not known is a typing error, and would silently count for nothing.
  const parsed = rules.strict().safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(all of it)'}: ${message}`);
  throw wrong(`HUB_SYNC_RULES_FILE is not right. ${lines.join('; ')}.`);
}

/**
 * Checks what belongs together. Throws `AppError('invalidInput')` that names the variable, never its value.
 * @param readText reads a file that a variable names; throws the same
 * @returns null when organisation sync is off
 */
export function syncSettingsOf(raw: RawSync, readText: (name: string, path: string) => string): SyncSettings | null {
  const { HUB_SYNC_TENANT: tenant, HUB_SYNC_CLIENT_ID: clientId, HUB_SYNC_CLIENT_SECRET: clientSecret } = raw;
  if (tenant === undefined) {
    if (clientId === undefined && clientSecret === undefined) return null;
    throw wrong(
      'HUB_SYNC_CLIENT_ID and HUB_SYNC_CLIENT_SECRET need HUB_SYNC_TENANT, which turns organisation sync on.',
    );
  }
  if (clientId === undefined || clientSecret === undefined) {
    throw wrong(
      'HUB_SYNC_TENANT needs HUB_SYNC_CLIENT_ID and HUB_SYNC_CLIENT_SECRET (or HUB_SYNC_CLIENT_SECRET_FILE).',
    );
  }
  const { HUB_SYNC_GROUP: group, HUB_SYNC_PEOPLE_FILE: file } = raw;
  if (group !== undefined && file !== undefined) {
    throw wrong('HUB_SYNC_GROUP and HUB_SYNC_PEOPLE_FILE both say who it is for: set one of them.');
  }
  const { HUB_SYNC_AUTHORITY: authority, HUB_SYNC_GRAPH: graph } = raw;
  const isOneCloud = CLOUDS[authority]?.includes(graph) ?? (LOOPBACK.test(authority) && LOOPBACK.test(graph));
  if (!isOneCloud)
    throw wrong('HUB_SYNC_AUTHORITY and HUB_SYNC_GRAPH must be of the same cloud; see docs/hub-sync.md.');
  const path = raw.HUB_SYNC_RULES_FILE;
  return {
    tenant,
    clientId,
    clientSecret,
    mode: raw.HUB_SYNC_MODE,
    people: group !== undefined ? { group } : file !== undefined ? { file } : 'everybody',
    interval: raw.HUB_SYNC_MINUTES * MINUTE,
    policy: {
      rules: rulesOf(path === undefined ? null : readText('HUB_SYNC_RULES_FILE', path)),
      zone: ianaZone(raw.HUB_SYNC_ZONE) ?? 'UTC',
      told: {
        statusMessage: raw.HUB_SYNC_STATUS_MESSAGE,
        statusEmoji: raw.HUB_SYNC_STATUS_EMOJI,
        oofMessage: raw.HUB_SYNC_OOF_MESSAGE,
        oofEmoji: raw.HUB_SYNC_OOF_EMOJI,
        // Subjects and places are not even read.
        privacy: { subject: false, location: false },
      },
    },
    concurrency: raw.HUB_SYNC_CONCURRENCY,
    authority,
    graph,
    scope: `${LOOPBACK.test(graph) ? DEFAULT_GRAPH : graph}/.default`,
  };
}
