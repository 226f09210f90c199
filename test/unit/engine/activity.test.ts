import { describe, expect, it } from 'vitest';
import { type ActivityEntry, activityEntry } from '../../../src/core/activity.ts';
import { activityReport } from '../../../src/core/activityWords.ts';
import { AppError } from '../../../src/core/appError.ts';
import { Activity } from '../../../src/engine/activity.ts';
import { PersonsWord } from '../../../src/engine/personsWord.ts';
import type { SystemEvent } from '../../../src/ports/systemEvents.ts';
import { Harness, type HarnessOptions } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { refused } from '../../fakes/fakeChat.ts';
import { settle } from '../../fakes/fakeClock.ts';
import { MemoryActivity } from '../../fakes/memoryStores.ts';

const always = { times: Number.POSITIVE_INFINITY };

/** An engine at 09:57 with something that listens. */
async function listening(options: Partial<HarnessOptions> = {}, events = [meeting('10:00', '11:00')]) {
  const harness = new Harness({ now: at('09:57'), chats: ['hipchat'], ...options });
  const { engine, settings, clock } = harness;
  for (const calendar of harness.calendars.values()) calendar.events = events;
  const log = new MemoryActivity();
  let tell: (event: SystemEvent) => void = () => {};
  const systemEvents = {
    subscribe: (onEvent: (event: SystemEvent) => void) => {
      tell = onEvent;
      return () => {};
    },
  };
  const activity = new Activity({ engine, settings, systemEvents, clock, log });
  activity.start();
  await harness.start();
  const word = new PersonsWord({ engine, settings, clock });
  /** What was added since the last call. */
  let seen = 0;
  const news = (): readonly ActivityEntry[] => {
    const fresh = log.added.slice(seen);
    seen = log.added.length;
    return fresh;
  };
  return { harness, activity, log, news, word, tell: (event: SystemEvent) => tell(event) };
}

const HIPCHAT = { id: 'hipchat', provider: 'hipchat' };

describe('the Activity', () => {
  it('has each decision and each write once, in their order', async () => {
    const { harness, news, activity } = await listening();
    expect(news()).toEqual([
      { kind: 'program', at: at('09:57'), what: 'start' },
      { kind: 'decision', at: at('09:57'), why: 'nothing', state: null, until: null, events: 0 },
    ]);
    await harness.clock.advanceTo(at('11:30'));
    expect(news()).toEqual([
      { kind: 'decision', at: at('10:00'), why: 'meeting', state: 'dnd', until: at('11:00'), events: 1 },
      { kind: 'written', at: at('10:00'), account: HIPCHAT, what: 'set', state: 'dnd' },
      { kind: 'decision', at: at('11:00'), why: 'nothing', state: null, until: null, events: 0 },
      { kind: 'written', at: at('11:00'), account: HIPCHAT, what: 'restore', state: 'available' },
    ]);
    activity.stop();
    activity.stop();
    expect(news()).toEqual([{ kind: 'program', at: at('11:30'), what: 'stop' }]);
    await harness.engine.refresh();
    expect(news()).toEqual([]);
  });

  it('tells those who look on of each', async () => {
    const { activity, tell } = await listening();
    const told: ActivityEntry[] = [];
    const stop = activity.onEntry((entry) => told.push(entry));
    tell('wake');
    stop();
    tell('unlock');
    expect(told).toEqual([{ kind: 'program', at: at('09:57'), what: 'wake' }]);
    expect(activity.entries().at(-1)).toMatchObject({ what: 'unlock' });
  });

  it('has trouble once for each kind of it, however often it is tried, and when it is over', async () => {
    const { harness, news } = await listening();
    news();
    const over = harness.chat('hipchat').fail(refused.unauthorized(), always);
    harness.calendar.error = new AppError('network', 'No.', { reason: 'dns' });
    await harness.clock.advanceTo(at('10:40'));
    const failed = news();
    expect(failed.filter(({ kind }) => kind === 'failed')).toMatchObject([
      { account: { id: 'work', provider: 'ics' }, code: 'network', reason: 'dns' },
      { account: HIPCHAT, code: 'unauthorized' },
    ]);
    expect(failed.filter(({ kind }) => kind === 'recovered')).toEqual([]);
    over();
    harness.calendar.error = null;
    await harness.engine.refresh();
    expect(news()).toMatchObject([
      { kind: 'written', what: 'set' },
      { kind: 'recovered', account: { id: 'work' } },
      { kind: 'recovered', account: HIPCHAT },
    ]);
  });

  it('does not take an account that was made anew for one that works', async () => {
    const { harness, news } = await listening();
    harness.chat('hipchat').fail(refused.unauthorized(), always);
    await harness.clock.advanceTo(at('10:01'));
    news();
    await harness.engine.renew('hipchat');
    await settle();
    expect(news()).toEqual([]);
  });

  it('has a chat that is left alone, and that it is not any more', async () => {
    const { harness, news } = await listening();
    await harness.clock.advanceTo(at('10:01'));
    news();
    const chat = harness.chat('hipchat');
    chat.personSets({ state: 'away', text: 'Reading' });
    await harness.clock.advanceTo(at('10:11'));
    expect(news()).toMatchObject([{ kind: 'left', account: HIPCHAT, what: 'handsOff' }]);
    await harness.clock.advanceTo(at('12:01'));
    expect(news().filter(({ kind }) => kind === 'left')).toMatchObject([{ account: HIPCHAT, what: 'followed' }]);
  });

  it('has a chat in which the person is offline', async () => {
    const { harness, news } = await listening();
    harness.chat('hipchat').goOffline();
    await harness.clock.advanceTo(at('10:01'));
    expect(news().filter(({ kind }) => kind === 'left')).toMatchObject([{ account: HIPCHAT, what: 'offline' }]);
  });

  it("has the person's word, and not what only ends by itself", async () => {
    const { harness, news, word } = await listening({}, [meeting('09:30', '11:00')]);
    news();
    const said = () => news().filter(({ kind }) => kind === 'word' || kind === 'settings');
    word.pause(600_000);
    word.resume();
    word.pause('forever');
    word.resume();
    word.busy(1_200_000);
    word.notBusy();
    word.notForThisMeeting();
    expect(said()).toMatchObject([
      { what: 'pause', until: at('10:07'), by: 'app' },
      { what: 'resume' },
      { what: 'pause', until: null },
      { what: 'resume' },
      { what: 'busy', until: at('10:17') },
      { what: 'notBusy' },
      { what: 'notFor', count: 1 },
    ]);
    word.pause(60_000);
    word.busy(60_000);
    said();
    await harness.clock.advanceTo(at('11:30'));
    expect(harness.settings.get()).toMatchObject({ pausedUntil: null, overrides: { busy: null, notFor: [] } });
    expect(said()).toEqual([]);
  });

  it('knows a word that was said in a hub', async () => {
    const { news, word } = await listening({ chats: ['hub'] });
    news();
    word.obey('hub', { kind: 'busy', until: at('10:30'), text: 'Secret', at: at('09:57'), event: 7 });
    word.obey('hub', { kind: 'resume', until: at('10:30'), text: '', at: at('09:57'), event: 8 });
    expect(news().filter(({ kind }) => kind !== 'decision')).toMatchObject([
      { kind: 'word', by: 'hub', what: 'busy', until: at('10:30') },
    ]);
  });

  it('names settings by their keys', async () => {
    const { harness, news } = await listening();
    const { settings } = harness;
    news();
    const { rules, privacy } = settings.get();
    settings.update({
      statusMessage: 'Secret text',
      privacy: { ...privacy, subject: true },
      rules: { ...rules, categories: [{ name: 'Secret category', effect: 'dnd' }] },
    });
    settings.update({ statusMessage: 'Secret text' });
    expect(news().filter(({ kind }) => kind === 'settings')).toMatchObject([
      { keys: ['statusMessage', 'rules.categories', 'privacy.subject'] },
    ]);
  });

  it('holds nothing of what the day was about, nor who the person is', async () => {
    const secrets = ['Merger', 'Room 7', 'ada@example.com', 'xoxp-1234', 'Lunch text', 'Uid-of-it', 'Focus'];
    const events = [
      meeting('10:00', '11:00', { subject: 'Merger', location: 'Room 7', iCalUId: 'Uid-of-it', categories: ['Focus'] }),
      meeting('10:30', '10:45', { subject: 'Merger', sensitivity: 'private', showAs: 'oof' }),
    ];
    const { harness, log, word } = await listening(
      {
        chats: ['hipchat', 'slack'],
        settings: {
          statusMessage: '{subject} in {location}',
          privacy: { subject: true, location: true },
          calendars: [{ id: 'work', provider: 'ics', name: 'ada@example.com', username: 'ada@example.com' }],
          chats: [
            { id: 'hipchat', provider: 'hipchat', email: 'ada@example.com' },
            { id: 'slack', provider: 'slack', email: 'ada@example.com' },
          ],
        },
      },
      events,
    );
    const over = harness.chat('slack').fail(
      {
        kind: 'refused',
        error: new AppError('badResponse', 'No: xoxp-1234', { reason: 'users.ada@example.com.xoxp-1234' }),
      },
      { times: 3 },
    );
    await harness.clock.advanceTo(at('10:05'));
    over();
    harness.chat('hipchat').personSets({ state: 'away', text: 'Lunch text' });
    await harness.clock.advanceTo(at('10:40'));
    word.notForThisMeeting();
    harness.settings.update({ statusMessage: 'Lunch text', email: 'ada@example.com' });
    await harness.clock.advanceTo(at('12:00'));
    const report = activityReport(log.added, {
      about: 'HipStatus 2.0.0 on linux',
      now: at('12:00'),
      home: '/home/ada',
    });
    const kept = log.added.map((entry) => JSON.stringify(entry)).join('\n');
    for (const text of [kept, report]) for (const secret of secrets) expect(text).not.toContain(secret);
    // And nothing that another version would not understand.
    for (const entry of log.added) expect(activityEntry.parse(entry)).toEqual(entry);
    expect(new Set(log.added.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(6);
    expect(report).toContain('Slack 1 could not be brought up to date: ');
    expect(report).toContain('HipChat 1: left as you set it');
  });
});
