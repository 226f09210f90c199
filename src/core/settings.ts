import { z } from 'zod';
import { calendarAccount, chatAccount } from './accounts.ts';
import { organisation } from './organisation.ts';
import { overrides } from './overrides.ts';
import { rules } from './rules.ts';
import { SettingsCheck, valueAt } from './settingsCheck.ts';
import { LANGUAGES } from './texts.ts';
import { UPDATE_CHANNELS, UPDATE_MODES } from './updateState.ts';

/**
 * Every key there is. The descriptions are for the person who sets them: `npm run schema` makes the shipped JSON schema and
 * the tables of `docs/configuration.md` from this.
 */
export const settingsSchema = z.object({
  version: z.literal(1).default(1).describe('The form of this file.'),
  email: z
    .union([z.literal(''), z.email()])
    .default('')
    .describe('Your address in calendar and chat. Empty: a sign-in tells it, or the app asks where a chat needs it.'),
  statusMessage: z
    .string()
    .max(500)
    .default('In a meeting')
    .describe('Status text during an event that counts; see "Texts". Empty sets none.'),
  statusEmoji: z
    .string()
    .max(100)
    .default(':spiral_calendar_pad:')
    .describe('The emoji with it, where the chat has one.'),
  oofMessage: z
    .string()
    .max(500)
    .default('Out of office')
    .describe('Status text while out of office; see "Texts". Empty sets none.'),
  oofEmoji: z.string().max(100).default(':palm_tree:').describe('The emoji with it, where the chat has one.'),
  calendars: z
    .array(calendarAccount)
    .default([])
    .describe('The calendars that are read. The prompts write them; see "Accounts".'),
  chats: z
    .array(chatAccount)
    .default([])
    .describe('The chats that are kept up to date. The prompts write them; see "Accounts".'),
  rules: rules.prefault({}).describe('What counts, and as what.'),
  refreshMinutes: z
    .number()
    .int()
    .min(1)
    .max(5)
    .default(5)
    .describe(
      'Minutes from one look at the calendar to the next while a meeting is near. With nothing near, half as often; outside working hours, one twelfth.',
    ),
  privacy: z
    .object({
      subject: z
        .boolean()
        .default(false)
        .describe('Whether texts may show what an event is about (`{subject}`). Never of private events.'),
      location: z
        .boolean()
        .default(false)
        .describe('Whether texts may show where an event is (`{location}`). Never of private events.'),
    })
    .prefault({})
    .describe('What of your calendar may be shown to others in your chats.'),
  pausedUntil: z
    .union([z.null(), z.literal('forever'), z.iso.datetime()])
    .default(null)
    .describe('Paused until an ISO 8601 time in UTC, or `forever` until resumed; null while running.'),
  overrides: overrides.prefault({}).describe('Your own word, set from the menu. It wins over the calendar.'),
  notifications: z
    .object({
      status: z.boolean().default(true).describe('Whether a changed status is announced.'),
      problems: z
        .boolean()
        .default(true)
        .describe('Whether trouble is announced. The menu shows that of accounts either way.'),
    })
    .prefault({})
    .describe('Which notifications are shown.'),
  language: z
    .enum(['system', ...LANGUAGES])
    .default('system')
    .describe('The language of menu, windows and notifications. `system`: that of your computer, or else English.'),
  welcome: z
    .enum(['unseen', 'begun', 'done'])
    .default('unseen')
    .describe('How far the first start was gone through; the app keeps it. `done`: it does not open by itself again.'),
  updates: z
    .object({
      mode: z
        .enum(UPDATE_MODES)
        .default('notify')
        .describe(
          'What happens with new versions, where `organisation.updateFeedUrl` names a place for them. `notify`: you are told, and say when. `install`: they are installed by themselves, never in a meeting.',
        ),
      channel: z
        .enum(UPDATE_CHANNELS)
        .default('stable')
        .describe('Which versions: finished ones, or those for trying out as well.'),
    })
    .prefault({})
    .describe('New versions of HipStatus.'),
  launchAtLogin: z.boolean().default(false).describe('Whether the app starts with your session.'),
  onQuit: z
    .enum(['restore', 'leave'])
    .default('restore')
    .describe('What happens to the status when the app quits: your own comes back, or it is left as it is.'),
  organisation: organisation.prefault({}).describe('What an organisation sets for its people.'),
});

export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

/** A value that could not be taken, and why. */
export interface SettingsProblem {
  /** Dotted path of the key; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** What is wrong with the first value that does not parse, and what would be allowed; null when all do. */
export function settingsFault(tree: Tree): SettingsProblem | null {
  const parsed = settingsSchema.safeParse(tree);
  const issue = parsed.success ? undefined : parsed.error.issues[0];
  return issue === undefined ? null : { path: issue.path.join('.'), message: check.explain(issue, tree) };
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

type Path = readonly PropertyKey[];

/** A copy of `value` without what is at `path`. */
function without(value: unknown, path: Path): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (Array.isArray(value)) {
    const index = Number(head);
    return rest.length === 0 ? value.toSpliced(index, 1) : value.with(index, without(value[index], rest));
  }
  if (!isTree(value)) return value;
  const { [String(head)]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...others, [String(head)]: without(inner, rest) };
}

const check = new SettingsCheck(() => settingsSchema);

/** What makes no sense in part: half a week of working hours would silence the other half. */
const WHOLE: readonly Path[] = [
  ['rules', 'workingHours'],
  ['overrides', 'busy'],
];

const beginsWith = (path: Path, start: Path): boolean => start.every((key, index) => path[index] === key);

/** What has to go so that the rest holds: the value itself, or the group that lacks it. */
function culprit(tree: Tree, path: Path): Path {
  const whole = WHOLE.find((one) => path.length > one.length && beginsWith(path, one));
  if (whole !== undefined) return whole;
  return valueAt(tree, path) === undefined ? path.slice(0, -1) : path;
}

/** Inner ones and later ones first, so that the others stay where they are. */
function removalOrder(a: Path, b: Path): number {
  for (const [index, key] of a.entries()) {
    const other = b[index];
    if (other === undefined) return -1;
    if (typeof key === 'number' && typeof other === 'number' && key !== other) return other - key;
    if (key !== other) return String(key) < String(other) ? -1 : 1;
  }
  return b.length - a.length;
}

/** Takes out what does not parse, key by key, so that one bad value does not cost the others. */
function keepValid(tree: Tree): { readonly valid: Tree; readonly problems: SettingsProblem[] } {
  const problems: SettingsProblem[] = [];
  let valid = tree;
  for (let round = 1; ; round += 1) {
    const parsed = settingsSchema.safeParse(valid);
    if (parsed.success) return { valid, problems };
    const wrong = parsed.error.issues.flatMap((issue): { path: Path; message: string }[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...issue.path, key], message: check.unknownIn(issue.path, key) }))
        : [{ path: issue.path, message: check.explain(issue, valid) }],
    );
    // What is missing now is what was taken out before.
    const isNew = ({ path }: { readonly path: Path }): boolean => round === 1 || valueAt(valid, path) !== undefined;
    problems.push(...wrong.filter(isNew).map(({ path, message }) => ({ path: path.join('.'), message })));
    const gone = new Map(
      wrong.map(({ path }) => culprit(valid, path)).map((path) => [JSON.stringify(path), path] as const),
    );
    // Without a place there is nothing to keep; and each round takes something out, so that this ends.
    if ([...gone.values()].some((path) => path.length === 0)) return { valid: {}, problems };
    const paths = [...gone.values()].sort(removalOrder);
    valid = paths.reduce<Tree>((rest, path) => {
      const next = without(rest, path);
      return isTree(next) ? next : {};
    }, valid);
  }
}

/**
 * The settings that hold: the organisation's recommended values, over them the person's, over all the organisation's own.
 * Values that do not parse fall away and are named in `problems`, and so are keys that nobody reads.
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
    // Device management adds keys of its own.
    const unknown = check.unknownKeys(value).filter(({ path }) => !path.startsWith('Payload'));
    const from = name === 'Settings' ? '' : ` (${name})`;
    const found = [...kept.problems, ...unknown];
    problems.push(...found.map(({ path, message }) => ({ path, message: `${message}${from}` })));
    return kept.valid;
  };
  const { recommended = {}, ...forced } = isTree(managed) ? managed : {};
  if (!isTree(managed)) problems.push({ path: '', message: 'The managed settings are not a JSON object.' });
  const top = layer(forced, 'Managed settings');
  const tree = overlaySettings(layer(recommended, 'Recommended settings'), layer(user, 'Settings'), top);
  return { settings: settingsSchema.parse(tree), locked: new Set(leafPaths(top)), problems };
}
