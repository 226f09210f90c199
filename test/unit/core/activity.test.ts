import { describe, expect, it } from 'vitest';
import { type ActivityEntry, activityAccount, activityEntry, activityReason } from '../../../src/core/activity.ts';
import { ACTIVITY_GROUPS, groupOf } from '../../../src/core/activityKinds.ts';
import { activityLine, activityReport } from '../../../src/core/activityWords.ts';
import { LANGUAGES, type Language, speechOf } from '../../../src/core/texts.ts';
import { at } from '../../fakes/events.ts';

const account = { id: 'slack', provider: 'slack' } as const;
const calendar = { id: 'microsoft365', provider: 'microsoft365' } as const;

/** One of each. */
const ALL: readonly ActivityEntry[] = [
  { kind: 'decision', at: at('10:00'), why: 'meetings', state: 'dnd', until: at('11:00'), events: 2 },
  { kind: 'decision', at: at('10:00'), why: 'paused', state: null, until: null, events: 0 },
  { kind: 'written', at: at('10:00'), account, what: 'set', state: 'dnd' },
  { kind: 'left', at: at('10:00'), account, what: 'handsOff' },
  { kind: 'failed', at: at('10:00'), account: calendar, code: 'network', reason: 'dns' },
  { kind: 'failed', at: at('10:00'), account, code: 'unauthorized', reason: null },
  { kind: 'recovered', at: at('10:00'), account },
  { kind: 'word', at: at('10:00'), by: 'hub', what: 'pause', until: at('12:00'), count: 0 },
  { kind: 'word', at: at('10:00'), by: 'app', what: 'notFor', until: null, count: 1 },
  { kind: 'settings', at: at('10:00'), keys: ['rules.categories', 'chats'] },
  { kind: 'program', at: at('10:00'), what: 'wake' },
];

const NAMES = { time: () => 'THEN', account: ({ id }: { id: string }) => id.toUpperCase() };
const inLanguage = (language: Language) => speechOf(language, { languages: [], region: 'de-DE' }, {});

describe('an entry', () => {
  it('holds codes only: the schema lets nothing else in', () => {
    for (const entry of ALL) expect(activityEntry.parse(entry)).toEqual(entry);
    const wrong = [
      { ...ALL[2], account: { id: 'ada@example.com', provider: 'slack' } },
      { ...ALL[2], account: { id: 'Ada Lovelace', provider: 'slack' } },
      { ...ALL[4], reason: 'no such user: ada@example.com' },
      { ...ALL[4], reason: 'xoxp-12345' },
      { ...ALL[9], keys: ['rules.categories.Merger talks'] },
    ];
    for (const entry of wrong) expect(activityEntry.safeParse(entry).success).toBe(false);
    // Keys that nobody knows are not taken over.
    expect(activityEntry.parse({ ...ALL[0], subject: 'Merger' })).toEqual(ALL[0]);
  });

  it('names an account by its id where that is plain, and by its provider where somebody has typed it', () => {
    expect(activityAccount('slack-2', 'slack').id).toBe('slack-2');
    expect(activityAccount('microsoft365', 'microsoft365').id).toBe('microsoft365');
    for (const typed of ['ada@example.com', 'Ada', 'https://x.example', 'a b', '../x'])
      expect(activityAccount(typed, 'hipchat')).toEqual({ id: 'hipchat', provider: 'hipchat' });
  });

  it('keeps a reason where it is a plain name', () => {
    for (const plain of ['noSecret', 'missing_scope', 'value.0.start', 'field:token'])
      expect(activityReason(plain)).toBe(plain);
    for (const other of [null, '', 'a b', 'items.ada@example.com', 'xoxp-1-2', '12345', 'x'.repeat(90)])
      expect(activityReason(other)).toBeNull();
  });

  it('is of one group', () => {
    expect(new Set(ALL.map(groupOf))).toEqual(new Set(ACTIVITY_GROUPS));
  });

  it.each(LANGUAGES)('says everything in words: %s', (language) => {
    for (const entry of ALL) {
      const said = activityLine(entry, inLanguage(language), NAMES);
      expect(said).toMatch(/^\S.*\S$/);
      expect(said).not.toMatch(/[{}]|undefined/);
    }
    expect(activityLine(ALL[0] as ActivityEntry, inLanguage(language), NAMES)).toContain('THEN');
  });
});

describe('the text for a help desk', () => {
  it('has times in UTC, accounts with numbers, and words in English', () => {
    const further: ActivityEntry = {
      ...ALL[3],
      kind: 'left',
      account: { id: 'slack-2', provider: 'slack' },
    } as ActivityEntry;
    const about = { about: 'HipStatus 2.0.0 on linux', now: at('12:00'), home: '/home/ada' };
    expect(activityReport([...ALL, further], about).split('\n')).toEqual([
      'HipStatus 2.0.0 on linux, 2026-01-05T12:00:00.000Z',
      'Activity of the last 7 days: 12 entries',
      '',
      '2026-01-05T10:00:00.000Z  decision   Do not disturb until 2026-01-05T11:00:00.000Z, because of 2 events',
      '2026-01-05T10:00:00.000Z  decision   Paused until you resume',
      '2026-01-05T10:00:00.000Z  written    Slack 1: set to Do not disturb',
      '2026-01-05T10:00:00.000Z  left       Slack 1: left as you set it',
      '2026-01-05T10:00:00.000Z  failed     Microsoft 365 1 could not be read: the service could not be reached (network, dns)',
      '2026-01-05T10:00:00.000Z  failed     Slack 1 could not be brought up to date: the sign-in or token is not accepted (unauthorized)',
      '2026-01-05T10:00:00.000Z  recovered  Slack 1 works again',
      '2026-01-05T10:00:00.000Z  word       You have paused HipStatus until 2026-01-05T12:00:00.000Z (with a command in your hub)',
      '2026-01-05T10:00:00.000Z  word       You have said “Not for this meeting”',
      '2026-01-05T10:00:00.000Z  settings   Settings changed: rules.categories, chats',
      '2026-01-05T10:00:00.000Z  program    The computer woke up',
      '2026-01-05T10:00:00.000Z  left       Slack 2: left as you set it',
      '',
    ]);
  });

  it('of nothing says so', () => {
    expect(activityReport([], { about: 'HipStatus', now: at('12:00'), home: '' })).toContain('7 days: 0 entries');
  });
});
