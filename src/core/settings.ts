import { z } from 'zod';
import { calendarAccount, chatAccount } from './accounts.ts';
import { DEFAULT_BUNDLE_ID } from './secretNames.ts';
import { TEXTS, type TextKey } from './texts.ts';

/** What a person's calendar says turns their presence into; `ignore` leaves it alone. */
const effect = z.enum(['ignore', 'dnd', 'busy', 'away']);
export type Effect = z.infer<typeof effect>;

const webAddress = z.url({ protocol: /^https?$/ });
const optionalWebAddress = z.union([z.literal(''), webAddress]);

const rules = z.object({
  /** What an event counts as, by its `showAs`. */
  showAs: z
    .object({
      free: effect.default('ignore'),
      tentative: effect.default('ignore'),
      busy: effect.default('dnd'),
      oof: effect.default('away'),
      workingElsewhere: effect.default('ignore'),
      unknown: effect.default('ignore'),
    })
    .prefault({}),
  /** Which all-day events count. */
  allDay: z.enum(['never', 'oof', 'always']).default('oof'),
  /** Whether events without any other attendee count. */
  soloEvents: z.boolean().default(true),
  /** Whether invitations that were not answered yet count. */
  notResponded: z.boolean().default(true),
  /** Shorter events do not count; minutes. */
  minimumMinutes: z.number().int().min(0).max(240).default(0),
  /** Gaps up to this long between two events that count alike are bridged; minutes. */
  bridgeMinutes: z.number().int().min(0).max(60).default(0),
  /** What happens to a status text that the person has set by hand when a meeting starts. */
  ownText: z.enum(['keep', 'replace']).default('keep'),
});

const organisation = z.object({
  /** Where a click on "there seems to be a problem with …" leads. */
  helpDeskUrl: optionalWebAddress.default(''),
  /** Where a person gets a HipChat token. */
  hipchatTokenUrl: webAddress.default('https://www.hipchat.com/account/api'),
  slackTokenUrl: webAddress.default('https://api.slack.com/apps'),
  /** The HipChat server's API base, without `/v2`. */
  hipchatServer: webAddress.default('https://api.hipchat.com'),
  /** Slack's Web API base. */
  slackApiUrl: webAddress.default('https://slack.com/api/'),
  /** Entra tenant: an id, a domain, or `organizations`. */
  graphTenant: z.string().min(1).default('organizations'),
  /** The Entra app's client id; see docs/entra-app.md. */
  graphClientId: z.string().default(''),
  /** Sign-in host; another one for national clouds. */
  graphAuthority: webAddress.default('https://login.microsoftonline.com'),
  /** Graph's base, without `/v1.0`; another one for national clouds. */
  graphBaseUrl: webAddress.default('https://graph.microsoft.com'),
  /** Prefix of the keychain items' names. */
  bundleId: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/)
    .default(DEFAULT_BUNDLE_ID),
  /** Certificates trusted beyond the system's: PEM files of a private authority, or of one server. */
  trustedCertificateFiles: z.array(z.string()).default([]),
  /** Replaced texts of notifications and prompts. */
  texts: z.partialRecord(z.enum(Object.keys(TEXTS) as [TextKey, ...TextKey[]]), z.string()).default({}),
});

/** Every key there is. `docs/configuration.md` and the shipped JSON schema are made from this. */
export const settingsSchema = z.object({
  version: z.literal(1).default(1),
  /** The person's address in calendar and chat. */
  email: z.union([z.literal(''), z.email()]).default(''),
  /** Status text while an event counts as busy; empty sets none. */
  statusMessage: z.string().max(500).default('In a meeting'),
  statusEmoji: z.string().max(100).default(':spiral_calendar_pad:'),
  /** Status text while out of office. */
  oofMessage: z.string().max(500).default('Out of office'),
  oofEmoji: z.string().max(100).default(':palm_tree:'),
  calendars: z.array(calendarAccount).default([]),
  chats: z.array(chatAccount).default([]),
  rules: rules.prefault({}),
  /** Paused until an ISO 8601 time, or `forever` until resumed; null while running. */
  pausedUntil: z.union([z.null(), z.literal('forever'), z.iso.datetime()]).default(null),
  notifications: z.object({ status: z.boolean().default(true), problems: z.boolean().default(true) }).prefault({}),
  launchAtLogin: z.boolean().default(false),
  /** What happens to the presence when the app quits: taken back, or left to end by itself. */
  onQuit: z.enum(['restore', 'leave']).default('restore'),
  organisation: organisation.prefault({}),
});

export type Settings = z.infer<typeof settingsSchema>;
export type Rules = Settings['rules'];

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

/** A value that could not be taken, and why. */
export interface SettingsProblem {
  /** Dotted path of the key; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** What the layers come to. */
export interface LayeredSettings {
  readonly settings: Settings;
  /** Dotted paths that the organisation has set. */
  readonly locked: ReadonlySet<string>;
  readonly problems: readonly SettingsProblem[];
}

export type Tree = Readonly<Record<string, unknown>>;
export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Laid over one another, the later ones win; lists are replaced whole. */
export function overlaySettings(...layers: readonly Tree[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      const below = result[key];
      result[key] = isTree(below) && isTree(value) ? overlaySettings(below, value) : value;
    }
  }
  return result;
}

/** The dotted paths of all leaves. */
function leafPaths(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) && key !== 'texts' ? leafPaths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

/** A copy of `tree` without the leaf at `path`. */
function without(tree: Tree, path: readonly PropertyKey[]): Tree {
  const [head, ...rest] = path;
  const { [String(head)]: value, ...others } = tree;
  return rest.length > 0 && isTree(value) ? { ...others, [String(head)]: without(value, rest) } : others;
}

/** Takes out what does not parse, key by key, so that one bad value does not cost the others. */
function keepValid(tree: Tree): { readonly valid: Tree; readonly problems: SettingsProblem[] } {
  const problems: SettingsProblem[] = [];
  let valid = tree;
  for (;;) {
    const parsed = settingsSchema.safeParse(valid);
    const issue = parsed.success ? undefined : parsed.error.issues[0];
    if (issue === undefined) return { valid, problems };
    if (issue.path.length === 0) return { valid: {}, problems: [{ path: '', message: issue.message }] };
    problems.push({ path: issue.path.join('.'), message: issue.message });
    valid = without(valid, issue.path);
  }
}

/**
 * The settings that hold: the organisation's recommended values, over them the person's, over all the organisation's own.
 * Values that do not parse fall away and are named in `problems`.
 * @param user what the settings file holds
 * @param managed what the organisation has set; its `recommended` part lies beneath the person's settings
 */
export function layerSettings(user: unknown, managed: unknown = {}): LayeredSettings {
  const problems: SettingsProblem[] = [];
  const layer = (value: unknown, name: string): Tree => {
    if (!isTree(value)) {
      problems.push({ path: '', message: `${name} is not a JSON object.` });
      return {};
    }
    const kept = keepValid(value);
    problems.push(...kept.problems.map((problem) => ({ ...problem, message: `${name}: ${problem.message}` })));
    return kept.valid;
  };
  const { recommended = {}, ...forced } = isTree(managed) ? managed : {};
  if (!isTree(managed)) problems.push({ path: '', message: 'The managed settings are not a JSON object.' });
  const top = layer(forced, 'Managed settings');
  const tree = overlaySettings(layer(recommended, 'Recommended settings'), layer(user, 'Settings'), top);
  return { settings: settingsSchema.parse(tree), locked: new Set(leafPaths(top)), problems };
}
