import type { ActivityAccount, ActivityEntry } from './activity.ts';
import { ACTIVITY_KEPT, accountOf } from './activityKinds.ts';
import { redact } from './checkReport.ts';
import type { PresenceState } from './presence.ts';
import { entryOf } from './providerCatalogue.ts';
import { ENGLISH, type Speech, text } from './texts.ts';
import { DAY, type Instant } from './time.ts';

/** How instants and accounts are written. */
export interface ActivityNames {
  readonly time: (at: Instant) => string;
  readonly account: (account: ActivityAccount) => string;
}

/** What an entry says, without its own time. */
export function activityLine(entry: ActivityEntry, speech: Speech, names: ActivityNames): string {
  const account = accountOf(entry);
  const marks = { account: account === null ? '' : names.account(account) };
  const state = (name: PresenceState) => text(`state.${name}`, speech);
  switch (entry.kind) {
    case 'decision':
      return decisionLine(entry, speech, names);
    case 'written':
      return text(`activity.written.${entry.what}`, speech, { ...marks, state: state(entry.state) });
    case 'left':
      return text(`activity.left.${entry.what}`, speech, marks);
    case 'failed': {
      const { code, reason } = entry;
      const isCalendar = entryOf(entry.account.provider).kind === 'calendar';
      const error = text(`activity.error.${code}`, speech);
      const codes = reason === null ? code : `${code}, ${reason}`;
      return text(`activity.failed.${isCalendar ? 'calendar' : 'chat'}`, speech, { ...marks, error, code: codes });
    }
    case 'recovered':
      return text('activity.recovered', speech, marks);
    case 'word':
      return wordLine(entry, speech, names);
    case 'settings':
      return text('activity.settings', speech, { keys: entry.keys.join(', ') });
    case 'program':
      return text(`activity.program.${entry.what}`, speech);
  }
}

type Of<Kind extends ActivityEntry['kind']> = Extract<ActivityEntry, { kind: Kind }>;

function decisionLine({ why, state, until, events }: Of<'decision'>, speech: Speech, { time }: ActivityNames): string {
  if (why === 'paused' && until === null) return text('activity.decision.pausedForever', speech);
  return text(`activity.decision.${why}`, speech, {
    state: state === null ? '' : text(`state.${state}`, speech),
    time: until === null ? '' : time(until),
    count: String(events),
  });
}

function wordLine({ what, until, by }: Of<'word'>, speech: Speech, { time }: ActivityNames): string {
  const said =
    what === 'pause' && until === null
      ? text('activity.word.pauseForever', speech)
      : text(`activity.word.${what}`, speech, { time: until === null ? '' : time(until) });
  return by === 'hub' ? text('activity.word.hub', speech, { what: said }) : said;
}

export interface ActivityAbout {
  /** What runs here, such as `HipStatus 2.0.0 on linux`. */
  readonly about: string;
  readonly now: Instant;
  /** The person's home folder: it is not shown to others. */
  readonly home: string;
}

/**
 * The Activity as a text that can be shown to others: English, times in UTC, accounts by their provider and a number. The entries
 * hold nothing else that is about a person.
 */
export function activityReport(entries: readonly ActivityEntry[], { about, now, home }: ActivityAbout): string {
  const account = accountNumbers(entries);
  const time = (at: Instant) => new Date(at).toISOString();
  const lines = entries.map(
    (entry) => `${time(entry.at)}  ${entry.kind.padEnd(9)}  ${activityLine(entry, ENGLISH, { time, account })}`,
  );
  const count = `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`;
  const head = [`${about}, ${time(now)}`, `Activity of the last ${ACTIVITY_KEPT / DAY} days: ${count}`];
  return redact([...head, '', ...lines, ''].join('\n'), home);
}

/** `HipChat 1`, `Slack 1`, `Slack 2`: by the order in which they come. */
function accountNumbers(entries: readonly ActivityEntry[]): ActivityNames['account'] {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const account = accountOf(entry);
    if (account === null || names.has(account.id)) continue;
    const count = (counts.get(account.provider) ?? 0) + 1;
    counts.set(account.provider, count);
    names.set(account.id, `${entryOf(account.provider).name} ${count}`);
  }
  return ({ id, provider }) => names.get(id) ?? entryOf(provider).name;
}
