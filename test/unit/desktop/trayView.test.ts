import { describe, expect, it } from 'vitest';
import type { ErrorCode, ErrorInfo } from '../../../src/core/appError.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/core/settings.ts';
import { type CalendarState, type ChatState, STARTING_STATE, type SyncState } from '../../../src/core/syncState.ts';
import { ENGLISH } from '../../../src/core/texts.ts';
import { HOUR } from '../../../src/core/time.ts';
import { type MenuItem, type TrayView, trayView } from '../../../src/desktop/main/trayView.ts';
import { rich } from '../../fakes/plans.ts';

const SIGN_IN = { kind: 'add', provider: 'microsoft365' } as const;
const NOW = Date.parse('2026-03-02T13:05:00Z');
const RUNNING: SyncState = { ...STARTING_STATE, phase: 'running', now: { state: null, until: null }, lastSyncAt: NOW };

const view = (
  state: Partial<SyncState> = {},
  settings: Partial<Settings> = {},
  locked: readonly string[] = [],
): TrayView =>
  trayView({
    state: { ...RUNNING, ...state },
    settings: { ...DEFAULT_SETTINGS, ...settings },
    locked: new Set(locked),
    now: NOW,
    zone: 'UTC',
    speech: ENGLISH,
    sample: false,
  });

const flat = (items: readonly MenuItem[]): readonly MenuItem[] =>
  items.flatMap((item) => (item.type === 'submenu' ? [item, ...flat(item.items)] : [item]));
const byId = ({ menu }: TrayView, id: string): MenuItem | undefined => flat(menu).find((item) => item.id === id);
const labels = ({ menu }: TrayView): readonly string[] =>
  menu.flatMap((item) => (item.type === 'separator' ? [] : [item.label]));

const error = (code: ErrorCode): ErrorInfo => ({
  code,
  message: 'What went wrong.',
  reason: null,
  since: NOW,
  tries: 1,
});
const chat = (code: ErrorCode | null, more: Partial<ChatState> = {}): ChatState => ({
  id: 'hipchat',
  provider: 'hipchat',
  label: 'HipChat',
  status: code === null ? 'ok' : 'failing',
  claimed: false,
  capabilities: rich,
  error: code === null ? null : error(code),
  ...more,
});
const calendar = (code: ErrorCode | null, more: Partial<CalendarState> = {}): CalendarState => ({
  id: 'microsoft365',
  provider: 'microsoft365',
  label: 'Microsoft 365 (ada@example.com)',
  health: code === null ? 'ok' : 'stale',
  lastReadAt: NOW,
  error: code === null ? null : error(code),
  ...more,
});

describe('the tray in every state', () => {
  it.each<[string, Partial<SyncState>, Partial<Settings>, string, string]>([
    ['starting', { phase: 'starting' }, {}, 'running', 'Starting…'],
    ['not set up', { phase: 'setup', missing: { kind: 'email' } }, {}, 'attention', 'Not set up yet'],
    ['running, free', {}, {}, 'running', 'Available'],
    [
      'running, a meeting later',
      { next: { state: 'dnd', at: NOW + HOUR } },
      {},
      'running',
      'Available — next: Do not disturb at 14:05',
    ],
    [
      'running, in a meeting',
      { now: { state: 'dnd', until: NOW + HOUR }, next: { state: null, at: NOW + HOUR } },
      {},
      'running',
      'Do not disturb until 14:05',
    ],
    ['paused', { phase: 'paused', pausedUntil: 'forever' }, { pausedUntil: 'forever' }, 'paused', 'Paused'],
    [
      'paused for a while',
      { phase: 'paused', pausedUntil: NOW + HOUR },
      { pausedUntil: '2026-03-02T14:05:00Z' },
      'paused',
      'Paused until 14:05',
    ],
  ])('%s', (_name, state, settings, icon, headline) => {
    const shown = view(state, settings);
    expect(shown.icon).toBe(icon);
    expect(shown.menu[0]).toEqual({ type: 'info', id: 'headline', label: headline });
    expect(shown.tooltip).toBe(`HipStatus: ${headline}`);
  });

  it('leads to the first start while something is missing there, or it was left before its end', () => {
    const item = byId(view({ phase: 'setup', missing: SIGN_IN }), 'set-up');
    expect(item).toMatchObject({ label: 'Set up HipStatus…', command: { kind: 'setUp' } });
    expect(byId(view({}, { welcome: 'begun' }), 'set-up')).toMatchObject({ command: { kind: 'setUp' } });
    expect(byId(view({}, { welcome: 'done' }), 'set-up')).toBeUndefined();
  });

  it('is the same value for the same input, so that nothing flickers', () => {
    const state = { chats: [chat('unauthorized')], calendars: [calendar('network')] };
    expect(view(state)).toEqual(view(state));
  });

  it('has no id twice', () => {
    const shown = view({
      chats: [chat('unauthorized'), chat('notFound', { id: 'b' })],
      calendars: [calendar('network')],
    });
    const ids = flat(shown.menu).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('what the person can say', () => {
  const inMeeting = { now: { state: 'dnd', until: NOW + HOUR } } as const;

  it('pauses for a while, or until tomorrow', () => {
    expect(byId(view(), 'pause.30m')).toMatchObject({ command: { kind: 'pause', howLong: 30 * 60_000 } });
    expect(byId(view(), 'pause.tomorrow')).toMatchObject({ command: { kind: 'pause', howLong: 'tomorrow' } });
    expect(
      byId(view({ phase: 'paused', pausedUntil: 'forever' }, { pausedUntil: 'forever' }), 'pause-for'),
    ).toBeUndefined();
  });

  it('takes a meeting out, only while one is on', () => {
    expect(byId(view(inMeeting), 'not-for-this-meeting')).toMatchObject({ command: { kind: 'notForThisMeeting' } });
    expect(byId(view(), 'not-for-this-meeting')).toBeUndefined();
  });

  it('is busy for a while, and shows until when', () => {
    expect(byId(view(), 'busy.1h')).toMatchObject({ command: { kind: 'busy', howLong: HOUR } });
    const busy = { from: new Date(NOW).toISOString(), until: new Date(NOW + HOUR).toISOString(), text: '' };
    const said = view({}, { overrides: { notFor: [], busy, heard: [] } });
    expect(byId(said, 'not-busy')).toMatchObject({ label: expect.stringMatching(/^No longer busy \(until \d/) });
    expect(byId(said, 'busy-for')).toBeUndefined();
  });

  it('says nothing that the organisation has locked', () => {
    expect(byId(view({}, {}, ['pausedUntil']), 'pause-for')).toBeUndefined();
  });
});

describe('pause and resume', () => {
  it('is one item that switches', () => {
    expect(byId(view(), 'pause')).toMatchObject({ label: 'Pause HipStatus', command: { kind: 'pause' } });
    const paused = view({ phase: 'paused', pausedUntil: 'forever' }, { pausedUntil: 'forever' });
    expect(byId(paused, 'pause')).toMatchObject({ label: 'Resume HipStatus', command: { kind: 'resume' } });
    expect(byId(paused, 'sync-now')).toMatchObject({ enabled: false });
  });
});

describe('accounts with trouble', () => {
  it.each<[ErrorCode, string, string]>([
    ['unauthorized', 'HipChat: sign-in not accepted', 'Update HipChat token…'],
    ['notFound', 'HipChat: address not known', 'Correct email address…'],
  ])('a chat that answers %s gets a line, a fix and a badge', (code, line, fix) => {
    const shown = view({ chats: [chat(code)] });
    expect(labels(shown)).toEqual(expect.arrayContaining([line, fix]));
    expect(shown.icon).toBe('attention');
  });

  it('passing trouble gets a line but no badge', () => {
    const shown = view({ chats: [chat('network')], calendars: [calendar('timeout')] });
    expect(labels(shown)).toEqual(
      expect.arrayContaining([
        'HipChat: not reachable',
        'Microsoft 365 (ada@example.com): no answer (using what was read before)',
      ]),
    );
    expect(shown.icon).toBe('running');
  });

  it('a calendar that could never be read is not taken for a free one', () => {
    expect(view({ now: null, calendars: [calendar('network', { health: 'unknown' })] })).toMatchObject({
      icon: 'attention',
      tooltip: 'HipStatus: Your calendar could not be read yet',
    });
  });

  it("offers the help desk for the services' own trouble, where there is one", () => {
    const organisation = { ...DEFAULT_SETTINGS.organisation, helpDeskUrl: 'https://help.example.com/new' };
    const state = { chats: [chat('unavailable')] };
    expect(byId(view(state, { organisation }), 'fix.help-desk')).toMatchObject({
      command: { kind: 'openAddress', url: 'https://help.example.com/new' },
    });
    expect(byId(view(state), 'fix.help-desk')).toBeUndefined();
  });

  it('offers one fix for two causes that need the same', () => {
    const chats = [chat('notFound'), chat('notFound', { id: 'other' })];
    expect(labels(view({ chats })).filter((label) => label === 'Correct email address…')).toHaveLength(1);
  });

  it('offers each account its own fix', () => {
    const slack = { provider: 'slack', label: 'Slack (Acme)' } as const;
    const chats = [chat('unauthorized'), chat('unauthorized', { id: 'slack-2', ...slack })];
    const calendars = [
      calendar('forbidden'),
      calendar('invalidInput', { id: 'ics', provider: 'ics', label: 'Family' }),
      calendar('network', { id: 'ics-2', provider: 'ics', label: 'Clubs' }),
    ];
    const shown = view({ chats, calendars });
    const fixes = flat(shown.menu).filter(({ id }) => id.startsWith('fix.'));
    const renew = (account: string, label: string) => ({
      label,
      command: { kind: 'prompt', prompt: { kind: 'renew', account } },
    });
    expect(fixes).toMatchObject([
      renew('microsoft365', 'Sign in to Microsoft 365 (ada@example.com) again…'),
      renew('ics', 'Update Family…'),
      { id: 'fix.checks', label: 'Check the connections…', command: { kind: 'checkConnections' } },
      renew('hipchat', 'Update HipChat token…'),
      renew('slack-2', 'Update Slack (Acme) token…'),
    ]);
  });

  it('says which chats are left alone', () => {
    const chats = [chat(null, { status: 'handsOff' }), chat(null, { id: 's', label: 'Slack', status: 'offline' })];
    const shown = view({ chats });
    expect(labels(shown)).toEqual(
      expect.arrayContaining(['HipChat: left as you set it', 'Slack: you are offline there']),
    );
    expect(shown.icon).toBe('running');
  });

  it.each([['unavailable', 'diskFull'] as const, ['forbidden', 'noAccess'] as const])(
    'shows trouble with the disk once, and offers no new token for it: %s',
    (code, reason) => {
      const full = { ...error(code), reason, message: 'The disk is full.' };
      const chats = [chat(null, { error: full }), chat(null, { id: 's', label: 'Slack', error: full })];
      const organisation = { ...DEFAULT_SETTINGS.organisation, helpDeskUrl: 'https://help.example.com' };
      const shown = view({ chats }, { organisation });
      expect(labels(shown).filter((label) => label === 'The disk is full.')).toHaveLength(1);
      expect(labels(shown)).toEqual(
        expect.arrayContaining(['HipChat: waits for the disk', 'Slack: waits for the disk']),
      );
      const fixes = flat(shown.menu).filter(({ type, id }) => type === 'command' && id.startsWith('fix.'));
      expect(fixes).toEqual([]);
    },
  );

  it('shows trouble with the keychain', () => {
    const shown = view({ trouble: { ...error('locked'), message: 'Your keychain is locked.' } });
    expect(labels(shown)).toContain('Your keychain is locked.');
    expect(shown.icon).toBe('attention');
  });
});

describe('preferences', () => {
  it('shows the status message beneath its item', () => {
    const message = (statusMessage: string) => byId(view({}, { statusMessage }), 'status-message');
    expect(message('In a meeting')).toEqual({ type: 'info', id: 'status-message', label: 'In a meeting' });
    expect(message('')).toMatchObject({ label: 'None…' });
    expect(message('x'.repeat(60))).toMatchObject({ label: `${'x'.repeat(40)}…` });
  });

  it('greys out what the organisation has set, and says so', () => {
    const shown = view({}, {}, ['statusMessage', 'onQuit']);
    expect(byId(shown, 'prompt.statusMessage')).toMatchObject({
      enabled: false,
      label: 'Status message… (set by your organisation)',
    });
    expect(byId(shown, 'restore-on-quit')).toMatchObject({ enabled: false, checked: true });
    expect(byId(shown, 'prompt.email')).toMatchObject({ enabled: true });
  });

  it('turns the switches into settings', () => {
    const shown = view();
    const commandOf = (id: string) => byId(shown, id);
    expect(commandOf('launch-at-login')).toMatchObject({ command: { kind: 'set', change: { launchAtLogin: true } } });
    expect(commandOf('restore-on-quit')).toMatchObject({ command: { kind: 'set', change: { onQuit: 'leave' } } });
    expect(commandOf('notifications')).toMatchObject({
      command: { kind: 'set', change: { notifications: { status: false, problems: true } } },
    });
  });
});

describe('accounts', () => {
  const settings: Partial<Settings> = {
    calendars: [{ id: 'ics', provider: 'ics', name: 'Family', username: '' }],
    chats: [
      { id: 'hipchat', provider: 'hipchat', email: '' },
      { id: 'slack-2', provider: 'slack', email: '', name: 'Acme' },
    ],
  };
  const state = {
    calendars: [calendar(null, { id: 'ics', provider: 'ics', label: 'Family' })],
    chats: [chat(null, { claimed: true }), chat('network', { id: 'slack-2', provider: 'slack' })],
  };

  it('stand in the preferences with their state, and can be renewed and removed', () => {
    const shown = view(state, settings);
    const account = (id: string) => byId(shown, `account.${id}`);
    expect([account('ics'), account('hipchat'), account('slack-2')]).toMatchObject([
      { label: 'Family: is read', items: [{ label: 'Update address…' }, { label: 'Remove…' }] },
      {
        label: 'HipChat: shows what HipStatus set',
        items: [
          { label: 'Update token…', command: { kind: 'prompt', prompt: { kind: 'renew', account: 'hipchat' } } },
          { label: 'Get HipChat token…', command: { kind: 'openAddress' } },
          { label: 'What HipStatus can do there' },
          { label: 'Remove…', command: { kind: 'prompt', prompt: { kind: 'remove', account: 'hipchat' } } },
        ],
      },
      { label: 'Slack (Acme): not reachable' },
    ]);
    expect(byId(view({}, settings), 'account.ics')).toMatchObject({ label: 'Family: not tried yet' });
  });

  it('say what their server does not let HipStatus do', () => {
    const capabilities = { ...rich, textLimit: 0, emoji: false, expires: false };
    const shown = view({ ...state, chats: [chat(null, { capabilities })] }, settings);
    expect(byId(shown, 'abilities.hipchat')).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ label: '  • show a status text' })]),
    });
    expect(byId(shown, 'abilities.slack-2')).toBeUndefined();
  });

  it.each([
    ['forbidden', 'serverTooOld', 'HipChat: the server is too old', []],
    ['unauthorized', 'accountInactive', 'HipChat: your account is deactivated', []],
    ['forbidden', 'isBot', 'HipChat: the key is that of a bot', ['Update HipChat token…']],
    ['forbidden', null, 'HipChat: not allowed', ['Update HipChat token…']],
  ] as const)('%s, %s: says what it is, and offers its prompt only where that helps', (code, reason, line, fixes) => {
    const shown = view({ chats: [chat(code, { error: { ...error(code), reason } })] });
    expect(labels(shown)).toContain(line);
    const items = flat(shown.menu).filter(({ id }) => id.startsWith('fix.'));
    expect(items.map((item) => ('label' in item ? item.label : ''))).toEqual([...fixes]);
  });

  it('are added from the catalogue, where there may be another one', () => {
    const shown = view(state, settings);
    expect(byId(shown, 'add-chat')).toMatchObject({ type: 'submenu', label: 'Add a chat…' });
    expect(byId(shown, 'add.slack')).toMatchObject({
      label: 'Slack',
      command: { kind: 'prompt', prompt: { kind: 'add', provider: 'slack' } },
    });
    expect(byId(shown, 'add.hipchat')).toBeUndefined();
    expect(byId(view(), 'add.hipchat')).toMatchObject({ enabled: true });
    expect(byId(shown, 'add.microsoft365')).toMatchObject({ label: 'Microsoft 365' });
  });

  it('that the organisation has set can be renewed, not removed', () => {
    const shown = view(state, settings, ['chats']);
    expect(byId(shown, 'add-chat')).toMatchObject({ enabled: false, label: 'Add a chat… (set by your organisation)' });
    expect(byId(shown, 'remove.hipchat')).toMatchObject({ enabled: false });
    expect(byId(shown, 'renew.hipchat')).toMatchObject({ enabled: true });
    expect(byId(shown, 'remove.ics')).toMatchObject({ enabled: true });
  });
});

describe('in German', () => {
  it('says nothing in English', () => {
    const German = { language: 'de', locale: 'de-DE', overrides: {} } as const;
    const shown = trayView({
      state: {
        ...RUNNING,
        now: { state: 'dnd', until: NOW + HOUR },
        chats: [chat('unauthorized'), chat('notFound', { id: 'b' }), chat(null, { id: 'c', status: 'handsOff' })],
        calendars: [calendar('network')],
      },
      settings: {
        ...DEFAULT_SETTINGS,
        chats: [{ id: 'hipchat', provider: 'hipchat', email: '' }],
        calendars: [{ id: 'microsoft365', provider: 'microsoft365', username: '', homeAccountId: '', calendars: [] }],
      },
      locked: new Set(['chats', 'onQuit']),
      now: NOW,
      zone: 'UTC',
      speech: German,
      sample: false,
    });
    const said = flat(shown.menu)
      .flatMap((item) => (item.type === 'separator' ? [] : [item.label]))
      .join('\n');
    expect(said).toContain('HipChat: Anmeldung nicht angenommen');
    expect(said).toContain('Microsoft 365 (ada@example.com): nicht erreichbar (zuletzt Gelesenes gilt weiter)');
    expect(said).toContain('Token für HipChat erneuern …');
    expect(said).toContain('Beim Beenden: meinen Status wiederherstellen (von Ihrer Organisation festgelegt)');
    expect(said).not.toMatch(/\b(the|your|you|Add|Update|Open|Quit|Change|until|set|not|No)\b/);
    expect(shown.tooltip).toBe('HipStatus: Nicht stören bis 14:05');
  });
});

describe('the tray with sample data', () => {
  const shown = (sample: boolean, language: 'en' | 'de' = 'en') =>
    trayView({
      state: RUNNING,
      settings: DEFAULT_SETTINGS,
      locked: new Set(),
      now: NOW,
      zone: 'UTC',
      speech: { ...ENGLISH, language },
      sample,
    });

  it('says so at its head and in its tooltip, and offers to end it before quitting', () => {
    const sample = shown(true);
    expect(sample.tooltip).toBe('HipStatus with sample data: Available');
    expect(sample.menu[0]).toEqual({ type: 'info', id: 'sample', label: 'Sample data' });
    expect(labels(sample).slice(-2)).toEqual(['End sample data', 'Quit HipStatus']);
    expect(byId(sample, 'end-sample')).toMatchObject({ enabled: true, command: { kind: 'endSample' } });
    expect(labels(shown(true, 'de'))).toEqual(expect.arrayContaining(['Beispieldaten', 'Beispieldaten beenden']));
  });

  it('says nothing of it otherwise', () => {
    const own = shown(false);
    expect(byId(own, 'sample')).toBeUndefined();
    expect(byId(own, 'end-sample')).toBeUndefined();
    expect(own.tooltip).not.toContain('sample');
  });
});
