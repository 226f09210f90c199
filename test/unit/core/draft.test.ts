import { describe, expect, it } from 'vitest';
import { changeOf, type Draft, draftOf, settingsWith } from '../../../src/core/draft.ts';
import { draftFaults } from '../../../src/core/draftFaults.ts';
import { changedPaths, mergeDrafts } from '../../../src/core/draftMerge.ts';
import { layerSettings, overlaySettings, type Settings } from '../../../src/core/settings.ts';

const CHATS = [
  { id: 'hipchat', provider: 'hipchat', email: '' },
  { id: 'slack', provider: 'slack', email: '', as: { dnd: 'away' }, words: { statusMessage: 'Busy' } },
];
const settingsOf = (user: Record<string, unknown> = {}): Settings => layerSettings({ chats: CHATS, ...user }).settings;
const DAY_OFF = { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] };

describe('a draft', () => {
  it('is the settings, and changes nothing of itself', () => {
    const settings = settingsOf({
      rules: {
        showAs: { tentative: 'busy' },
        categories: [{ name: 'Focus', effect: 'dnd', text: '' }],
        words: { busy: { text: 'Talking' } },
        workingHours: { ...DAY_OFF, monday: [{ from: '09:00', to: '24:00' }] },
      },
    });
    const draft = draftOf(settings);
    expect(settingsWith(draft, settings)).toEqual(settings);
    expect(changeOf(draft, settings)).toEqual({});
    expect(draftFaults(draft, settings)).toEqual([]);
    expect(draft.chats['slack']).toMatchObject({ as: { dnd: 'away', busy: '' }, words: { statusMessage: 'Busy' } });
    expect(draft.words.busy).toEqual({ text: 'Talking', emoji: null });
  });

  it('writes down only what is otherwise, so that the rest follows the organisation', () => {
    const settings = settingsOf();
    const draft = draftOf(settings);
    const changed: Draft = {
      ...draft,
      showAs: { ...draft.showAs, busy: 'ignore' },
      bridgeMinutes: ' 5 ',
      privacy: { ...draft.privacy, subject: true },
    };
    expect(changeOf(changed, settings)).toEqual({
      rules: { showAs: { busy: 'ignore' }, bridgeMinutes: 5 },
      privacy: { subject: true },
    });
  });

  it('takes words and differences away again', () => {
    const user = { chats: CHATS, rules: { words: { busy: { text: 'Talking', emoji: ':wave:' } } } };
    const settings = settingsOf(user);
    const draft = draftOf(settings);
    const slack = draft.chats['slack'];
    if (slack === undefined) throw new Error('Slack is not in the draft');
    const changed: Draft = {
      ...draft,
      words: { ...draft.words, busy: { text: null, emoji: ':wave:' } },
      chats: {
        ...draft.chats,
        slack: {
          ...slack,
          as: { ...slack.as, dnd: '' },
          words: { ...slack.words, statusMessage: null },
          shows: { state: false, text: true },
        },
      },
    };
    const file = JSON.parse(JSON.stringify(overlaySettings(user, changeOf(changed, settings)))) as object;
    expect(layerSettings(file)).toMatchObject({ problems: [] });
    expect(layerSettings(file).settings.rules.words).toEqual({ busy: { emoji: ':wave:' } });
    expect(layerSettings(file).settings.chats).toEqual([
      settings.chats[0],
      { id: 'slack', provider: 'slack', email: '', shows: { state: false, text: true } },
    ]);
  });

  it('says of every field what is wrong, and keeps what was typed', () => {
    const settings = settingsOf();
    const draft: Draft = {
      ...draftOf(settings),
      leadMinutes: '31',
      tailMinutes: 'soon',
      bridgeMinutes: '1.5',
      statusMessage: 'x'.repeat(501),
      categories: [{ name: '  ', effect: 'dnd', text: null, emoji: null }],
      workingHours: {
        ...DAY_OFF,
        monday: [
          { from: '', to: '' },
          { from: '09:00', to: '' },
          { from: '17:00', to: '09:00' },
        ],
      },
    };
    const found = draftFaults(draft, settings).map(({ path, code, most }) => ({ path, code, most }));
    expect(found).toEqual(
      expect.arrayContaining([
        { path: 'leadMinutes', code: 'minutes', most: 30 },
        { path: 'tailMinutes', code: 'minutes', most: 30 },
        { path: 'bridgeMinutes', code: 'minutes', most: 60 },
        { path: 'statusMessage', code: 'long', most: 500 },
        { path: 'categories.0.name', code: 'name', most: null },
        { path: 'workingHours.monday.1.to', code: 'time', most: null },
        { path: 'workingHours.monday.2.to', code: 'order', most: null },
      ]),
    );
    expect(found).toHaveLength(7);
  });

  it('names the chat that a fault is in', () => {
    const settings = settingsOf();
    const draft = draftOf(settings);
    const slack = draft.chats['slack'];
    if (slack === undefined) throw new Error('Slack is not in the draft');
    const words = { ...slack.words, oofEmoji: 'x'.repeat(101) };
    const changed: Draft = { ...draft, chats: { ...draft.chats, slack: { ...slack, words } } };
    expect(draftFaults(changed, settings)).toMatchObject([
      { path: 'chats.slack.words.oofEmoji', code: 'long', most: 100 },
    ]);
  });
});

describe('a draft over settings that change meanwhile', () => {
  const base = draftOf(settingsOf());

  it('keeps what the person has changed, and takes over the rest', () => {
    const mine: Draft = { ...base, showAs: { ...base.showAs, busy: 'away' } };
    const theirs: Draft = { ...base, showAs: { ...base.showAs, tentative: 'dnd' }, leadMinutes: '5' };
    const merged = mergeDrafts(base, mine, theirs);
    expect(merged.conflicts).toEqual([]);
    expect(merged.draft).toEqual({ ...theirs, showAs: { ...theirs.showAs, busy: 'away' } });
    expect(changedPaths(theirs, merged.draft)).toEqual(['showAs.busy']);
  });

  it('says where both have changed the same thing, and keeps the draft', () => {
    const mine: Draft = { ...base, statusMessage: 'Mine', leadMinutes: '3' };
    const theirs: Draft = { ...base, statusMessage: 'Theirs', leadMinutes: '3' };
    const merged = mergeDrafts(base, mine, theirs);
    expect(merged.conflicts).toEqual(['statusMessage']);
    expect(merged.draft.statusMessage).toBe('Mine');
  });

  it('takes lists as a whole', () => {
    const one = { name: 'One', effect: 'dnd', text: null, emoji: null } as const;
    const two = { ...one, name: 'Two' };
    const merged = mergeDrafts(base, { ...base, categories: [one] }, { ...base, categories: [two] });
    expect(merged.conflicts).toEqual(['categories']);
    expect(merged.draft.categories).toEqual([one]);
  });

  it('follows working hours that are switched on or off', () => {
    const on: Draft = { ...base, workingHours: { ...DAY_OFF, monday: [{ from: '09:00', to: '17:00' }] } };
    expect(mergeDrafts(base, base, on)).toEqual({ draft: on, conflicts: [] });
    expect(mergeDrafts(on, on, base)).toEqual({ draft: base, conflicts: [] });
    expect(mergeDrafts(base, on, base)).toEqual({ draft: on, conflicts: [] });
  });

  it('forgets chats that are gone and knows new ones', () => {
    const slack = base.chats['slack'];
    const hipchat = base.chats['hipchat'];
    if (slack === undefined || hipchat === undefined) throw new Error('a chat is not in the draft');
    const mine: Draft = { ...base, chats: { ...base.chats, slack: { ...slack, shows: { state: false, text: true } } } };
    const theirs: Draft = { ...base, chats: { hipchat, zulip: hipchat } };
    expect(mergeDrafts(base, mine, theirs)).toEqual({ draft: theirs, conflicts: [] });
  });
});
