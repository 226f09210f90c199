import { describe, expect, it } from 'vitest';
import type { AccountFact } from '../../../src/core/checkFacts.ts';
import type { Draft } from '../../../src/core/draft.ts';
import type { Notice } from '../../../src/core/notice.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { ENGLISH } from '../../../src/core/texts.ts';
import type { UpdateState } from '../../../src/core/updateState.ts';
import type { PreferencesTry, PreferencesView } from '../../../src/desktop/ipc/preferencesView.ts';
import {
  preferencesAction,
  preferencesTried,
  preferencesTry,
  preferencesView,
} from '../../../src/desktop/ipc/preferencesView.ts';
import { PreferencesSession } from '../../../src/desktop/main/preferencesSession.ts';
import type { MenuCommand } from '../../../src/desktop/main/trayView.ts';
import { LayeredSettingsStore } from '../../../src/engine/settings.ts';
import { Harness } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { settle } from '../../fakes/fakeClock.ts';
import { MemoryLogger } from '../../fakes/memoryStores.ts';

const NEXT: PreferencesTry['sample'] = { kind: 'next' };

interface Given {
  readonly user?: Record<string, unknown>;
  readonly managed?: Record<string, unknown>;
  readonly fact?: (id: string) => Promise<AccountFact>;
}

/** The session on the real settings store and the engine on fakes. */
async function open({ user = {}, managed = {}, fact }: Given = {}) {
  const harness = new Harness({ now: at('08:00') });
  const calendar = harness.calendars.get('work');
  if (calendar === undefined) throw new Error('there is no calendar');
  calendar.events = [meeting('09:00', '10:00', { subject: 'Plan' })];
  await harness.engine.start();
  await harness.engine.refresh();
  let file: unknown = { ...(harness.settings.get() as object), organisation: {}, ...user };
  const settings = new LayeredSettingsStore({
    file: {
      read: () => file,
      write: (value: unknown) => {
        file = JSON.parse(JSON.stringify(value));
      },
      setAside: () => '',
      watch: () => () => undefined,
    },
    readManaged: () => ({ value: managed, problems: [] }),
    readLegacy: () => null,
    logger: new MemoryLogger(),
  });
  const views: PreferencesView[] = [];
  const commands: MenuCommand[] = [];
  const notices: Notice[] = [];
  const looks: string[] = [];
  const update: UpdateState = { kind: 'idle', lookedAt: null };
  const { engine } = harness;
  const session = new PreferencesSession(
    {
      engine,
      settings,
      selfTest: {
        tryOne: fact ?? (async (id) => ({ id, kind: 'chat', label: id, error: null, events: null, can: [] })),
      },
      clock: harness.clock,
      speech: () => ENGLISH,
      notifier: { show: (notice) => void notices.push(notice), close: () => undefined },
      updates: {
        state: () => update,
        onState: () => () => undefined,
        look: async () => void looks.push('look'),
        install: async () => void looks.push('install'),
      },
      version: '2.0.0',
      run: (command) => void commands.push(command),
      onView: (view) => void views.push(preferencesView.parse(view)),
    },
    'accounts',
  );
  const base = () => session.view().saved;
  const tried = (mine: Draft, from = base()) =>
    preferencesTried.parse(session.try({ draft: { base: from, mine }, sample: NEXT }));
  return {
    session,
    settings,
    views,
    commands,
    notices,
    looks,
    base,
    tried,
    fileNow: () => file as Record<string, unknown>,
  };
}

describe('the Preferences', () => {
  it('show the accounts with their state, and what the organisation has set', async () => {
    const { session } = await open({
      managed: {
        launchAtLogin: true,
        rules: { showAs: { busy: 'busy' } },
        organisation: { name: 'Contoso', lockedBecause: 'So it is.', googleClientSecret: 'hush' },
      },
    });
    const view = preferencesView.parse(session.view());
    expect(view.accounts.map(({ id, kind, tone }) => [id, kind, tone])).toEqual([
      ['work', 'calendar', 'good'],
      ['hipchat', 'chat', 'good'],
      ['slack', 'chat', 'good'],
    ]);
    expect(view.managed).toMatchObject({ name: 'Contoso', because: 'So it is.' });
    expect(view.managed.keys).toContainEqual({ path: 'rules.showAs.busy', value: 'busy' });
    expect(view.managed.keys).toContainEqual({ path: 'organisation.googleClientSecret', value: null });
    expect(JSON.stringify(view)).not.toContain('hush');
  });

  it('save a switch at once, and refuse what the organisation has set', async () => {
    const { session, settings, views, fileNow } = await open({ managed: { onQuit: 'leave' } });
    session.act({ kind: 'set', change: { notifications: { status: false } } });
    expect(settings.get().notifications).toEqual({ status: false, problems: true });
    expect(fileNow()['notifications']).toMatchObject({ status: false });
    expect(views.at(-1)?.general.notifications.status).toBe(false);
    expect(() => session.act({ kind: 'set', change: { onQuit: 'restore' } })).toThrowError(/organisation/);
    expect(settings.get().onQuit).toBe('leave');
  });

  it('put an account further up or down, and say when it can go no further', async () => {
    const { session, settings } = await open();
    session.act({ kind: 'move', account: 'slack', by: -1 });
    expect(settings.get().chats.map(({ id }) => id)).toEqual(['slack', 'hipchat']);
    expect(() => session.act({ kind: 'move', account: 'slack', by: -1 })).toThrowError(/no further/);
    expect(() => session.act({ kind: 'move', account: 'nobody', by: 1 })).toThrowError(/no further/);
  });

  it('try an account, and show what came of it', async () => {
    let answer = (_fact: AccountFact): void => undefined;
    const { session, views } = await open({
      fact: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    session.act({ kind: 'test', account: 'slack' });
    session.act({ kind: 'test', account: 'slack' });
    const trial = () => views.at(-1)?.accounts.find(({ id }) => id === 'slack')?.trial;
    expect(trial()).toMatchObject({ isRunning: true, at: null });
    const error = { code: 'unauthorized', reason: null, message: 'No.' } as const;
    answer({ id: 'slack', kind: 'chat', label: 'Slack', error, events: null, can: [] });
    await settle();
    expect(trial()).toEqual({ isRunning: false, at: at('08:00'), error, events: null });
  });

  it('show today as a draft would make it, and keep nothing of it', async () => {
    const { base, tried, settings, session } = await open();
    const before = base();
    const { faults, outcome } = tried({ ...before, showAs: { ...before.showAs, busy: 'away' } });
    expect(faults).toEqual([]);
    expect(outcome?.before.spans).toMatchObject([{ effect: 'dnd', start: at('09:00') }]);
    expect(outcome?.day.spans).toMatchObject([{ effect: 'away', start: at('09:00') }]);
    expect(outcome?.preview).toMatchObject({ event: { subject: 'Plan' }, counts: true });
    expect(settings.get().rules).toEqual(DEFAULT_SETTINGS.rules);
    expect(session.isDirty).toBe(true);
    session.act({ kind: 'discard' });
    expect(session.isDirty).toBe(false);
  });

  it('say what is wrong with a draft, and do not save it', async () => {
    const { base, tried, settings, session } = await open();
    const mine = { ...base(), leadMinutes: 'soon' };
    expect(tried(mine)).toMatchObject({ faults: [{ path: 'leadMinutes', code: 'minutes', most: 30 }], outcome: null });
    expect(() => session.save()).toThrowError(/leadMinutes/);
    expect(session.faultTab).toBe('rules');
    tried({ ...base(), oofMessage: 'x'.repeat(501) });
    expect(session.faultTab).toBe('messages');
    tried(mine);
    expect(settings.get().rules.leadMinutes).toBe(0);
    expect(session.draft?.mine.leadMinutes).toBe('soon');
  });

  it('save a draft over what others have changed meanwhile', async () => {
    const { base, settings, session, fileNow } = await open();
    const from = base();
    settings.update({ statusMessage: 'Elsewhere', onQuit: 'leave' });
    session.act({
      kind: 'save',
      draft: { base: from, mine: { ...from, oofMessage: 'Gone', showAs: { ...from.showAs, busy: 'ignore' } } },
    });
    expect(settings.get()).toMatchObject({ statusMessage: 'Elsewhere', oofMessage: 'Gone', onQuit: 'leave' });
    expect(fileNow()).toMatchObject({ rules: { showAs: { busy: 'ignore' } } });
    expect(session.draft).toBeNull();
  });

  it('refuse a draft on what the organisation has set, and save the rest', async () => {
    const { base, settings, session } = await open({ managed: { rules: { showAs: { busy: 'dnd' } } } });
    const from = base();
    const mine = { ...from, leadMinutes: '5' };
    session.act({ kind: 'save', draft: { base: from, mine } });
    expect(settings.get().rules.leadMinutes).toBe(5);
    const locked = { ...mine, showAs: { ...mine.showAs, busy: 'ignore' as const } };
    expect(() => session.act({ kind: 'save', draft: { base: mine, mine: locked } })).toThrowError(/organisation/);
  });

  it('lead out of the window as the menu does, and show a notification for trying', async () => {
    const { session, commands, notices } = await open({
      managed: { organisation: { helpDeskUrl: 'https://help.example.com' } },
    });
    session.act({ kind: 'prompt', prompt: { kind: 'remove', account: 'slack' } });
    session.act({ kind: 'openLog' });
    session.act({ kind: 'helpDesk' });
    session.act({ kind: 'checkConnections' });
    expect(commands).toEqual([
      { kind: 'prompt', prompt: { kind: 'remove', account: 'slack' } },
      { kind: 'openLog' },
      { kind: 'openAddress', url: 'https://help.example.com' },
      { kind: 'checkConnections' },
    ]);
    session.act({ kind: 'testNotice' });
    expect(notices).toMatchObject([{ title: 'This is a notification of HipStatus' }]);
  });

  it('look for updates, and keep how that is done', async () => {
    const { session, looks, settings } = await open({ managed: { updates: { channel: 'stable' } } });
    expect(session.view().updates).toMatchObject({ version: '2.0.0', locked: { mode: false, channel: true } });
    await session.act({ kind: 'update', action: { kind: 'look' } });
    await session.act({ kind: 'update', action: { kind: 'mode', mode: 'off' } });
    expect([looks, settings.get().updates.mode]).toEqual([['look'], 'off']);
    await expect(session.act({ kind: 'update', action: { kind: 'channel', channel: 'beta' } })).rejects.toThrowError(
      /organisation/,
    );
  });

  it('write of how updates come only what was changed: the rest follows the organisation', async () => {
    const { session, settings, fileNow } = await open({
      user: { updates: {} },
      managed: { recommended: { updates: { mode: 'install' } } },
    });
    await session.act({ kind: 'update', action: { kind: 'channel', channel: 'beta' } });
    expect(settings.get().updates).toEqual({ mode: 'install', channel: 'beta' });
    expect(fileNow()['updates']).toEqual({ channel: 'beta' });
  });

  it('take from their page nothing longer than an id is', () => {
    const long = 'x'.repeat(201);
    for (const kind of ['fix', 'test'] as const) {
      expect(preferencesAction.safeParse({ kind, account: 'slack' }).success).toBe(true);
      expect(preferencesAction.safeParse({ kind, account: long }).success).toBe(false);
    }
    expect(preferencesAction.safeParse({ kind: 'move', account: long, by: 1 }).success).toBe(false);
    expect(preferencesAction.safeParse({ kind: 'prompt', prompt: { kind: 'remove', account: long } }).success).toBe(
      false,
    );
  });

  it('take from their page no draft of more chats than there can be', async () => {
    const { base } = await open();
    const many = (count: number) => {
      const [chat] = Object.values(base().chats);
      const chats = Object.fromEntries(Array.from({ length: count }, (_, index) => [`slack-${index}`, chat]));
      const draft = { base: base(), mine: { ...base(), chats } };
      return preferencesTry.safeParse({ draft, sample: NEXT }).success;
    };
    expect([many(200), many(201)]).toEqual([true, false]);
  });

  it('tell nothing any more when they are closed', async () => {
    const { session, settings, views } = await open();
    session.select('rules');
    expect(views.at(-1)?.tab).toEqual({ name: 'rules', asked: 2 });
    session.stop();
    const told = views.length;
    settings.update({ launchAtLogin: true });
    expect(views).toHaveLength(told);
  });
});
