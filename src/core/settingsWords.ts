import { type ActivityEntry, isActivityKey } from './activity.ts';
import { isTree, type Settings, type Tree } from './settings.ts';
import type { Instant } from './time.ts';

type Word = Extract<ActivityEntry, { kind: 'word' }>;

/** What a change of the settings says that the person has said. What has only ended by itself says nothing. */
export function wordsOf(before: Settings, after: Settings, now: Instant): readonly Word[] {
  const by = JSON.stringify(before.overrides.heard) === JSON.stringify(after.overrides.heard) ? 'app' : 'hub';
  const word = (what: Word['what'], until: Instant | null = null, count = 0): Word => ({
    kind: 'word',
    at: now,
    by,
    what,
    until,
    count,
  });
  return [
    ...pauseWords(before, after, now, word),
    ...busyWords(before, after, now, word),
    ...notForWords(before, after, word),
  ];
}

type Make = (what: Word['what'], until?: Instant | null, count?: number) => Word;

function pauseWords({ pausedUntil: was }: Settings, { pausedUntil: is }: Settings, now: Instant, word: Make) {
  if (was === is) return [];
  if (is !== null) return [word('pause', is === 'forever' ? null : Date.parse(is))];
  return was === 'forever' || (was !== null && Date.parse(was) > now) ? [word('resume')] : [];
}

function busyWords({ overrides: was }: Settings, { overrides: is }: Settings, now: Instant, word: Make) {
  if (JSON.stringify(was.busy) === JSON.stringify(is.busy)) return [];
  if (is.busy !== null) return [word('busy', Date.parse(is.busy.until))];
  return was.busy !== null && Date.parse(was.busy.until) > now ? [word('notBusy')] : [];
}

function notForWords({ overrides: was }: Settings, { overrides: is }: Settings, word: Make) {
  const known = new Set(was.notFor.map(({ event, until }) => `${event} ${until}`));
  const fresh = is.notFor.filter(({ event, until }) => !known.has(`${event} ${until}`));
  return fresh.length === 0 ? [] : [word('notFor', null, new Set(fresh.map(({ event }) => event)).size)];
}

/** What the person says is no setting to them, and `version` is nobody's. */
const NOT_SAID: ReadonlySet<string> = new Set(['version', 'pausedUntil', 'overrides']);

/** The keys that have changed, at most two deep: further down a key may be a name that somebody has typed. */
export function changedKeys(before: Settings, after: Settings): readonly string[] {
  return Object.keys(after)
    .filter((key) => !NOT_SAID.has(key))
    .flatMap((key) => {
      const was: unknown = before[key as keyof Settings];
      const is: unknown = after[key as keyof Settings];
      if (isSame(was, is)) return [];
      return isTree(was) && isTree(is) ? changedWithin(was, is).map((inner) => `${key}.${inner}`) : [key];
    })
    .filter(isActivityKey);
}

const changedWithin = (was: Tree, is: Tree): readonly string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !isSame(was[key], is[key]));

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
