import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pauseAt } from '../../../src/core/pause.ts';
import { DEFAULT_SETTINGS, layerSettings, type Settings } from '../../../src/core/settings.ts';
import { missingStep } from '../../../src/core/setup.ts';

describe('layers', () => {
  it('lays the person over what is recommended, and what is managed over both', () => {
    const { settings, locked } = layerSettings(
      { email: 'ada@example.com', statusMessage: 'Mine', oofMessage: 'Away' },
      { statusMessage: 'Ours', rules: { soloEvents: false }, recommended: { oofMessage: 'Out', statusEmoji: ':x:' } },
    );
    expect(settings).toMatchObject({
      email: 'ada@example.com',
      statusMessage: 'Ours',
      oofMessage: 'Away',
      statusEmoji: ':x:',
    });
    expect(settings.rules).toMatchObject({ soloEvents: false, notResponded: true });
    expect([...locked]).toEqual(['statusMessage', 'rules.soloEvents']);
  });

  it('lets bad values fall away one by one, and names them', () => {
    const { settings, problems } = layerSettings({
      email: 'no address',
      statusMessage: 7,
      oofMessage: 'Out',
      rules: { bridgeMinutes: 999, allDay: 'always' },
    });
    expect(settings).toMatchObject({ email: '', statusMessage: DEFAULT_SETTINGS.statusMessage, oofMessage: 'Out' });
    expect(settings.rules).toMatchObject({ bridgeMinutes: 0, allDay: 'always' });
    expect(problems.map(({ path }) => path).sort()).toEqual(['email', 'rules.bridgeMinutes', 'statusMessage']);
  });

  it.each([[null], [[]], ['text'], [7]])('survives %j instead of an object', (value) => {
    expect(layerSettings(value).settings).toEqual(DEFAULT_SETTINGS);
    expect(layerSettings(value).problems).toHaveLength(1);
    expect(layerSettings({ email: 'ada@example.com' }, value)).toMatchObject({
      settings: { email: 'ada@example.com' },
    });
  });

  it('takes no address that is not http, and no unknown text key', () => {
    const { settings, problems } = layerSettings(
      {},
      { organisation: { helpDeskUrl: 'file:///etc/passwd', texts: { nonsense: 'x' }, bundleId: 'org.example.app' } },
    );
    expect(settings.organisation).toMatchObject({ helpDeskUrl: '', bundleId: 'org.example.app', texts: {} });
    expect(problems.map(({ path }) => path.split('.').slice(0, 2).join('.'))).toEqual([
      'organisation.helpDeskUrl',
      'organisation.texts',
    ]);
  });
});

describe('the place of new versions', () => {
  const taken = (updateFeedUrl: unknown) => layerSettings({ organisation: { updateFeedUrl } }).problems.length === 0;

  it.each([
    '',
    'https://updates.example/hipstatus',
    'https://updates.example:8443/',
    'http://127.0.0.1:8080/x',
    'http://[::1]/',
    'http://localhost',
  ])('may be %j', (url) => {
    expect(taken(url)).toBe(true);
  });

  it.each([
    'http://updates.example/',
    'http://localhost.example/',
    'http://localhost:80@updates.example/',
    'https://ada:secret@updates.example/',
    'file:///tmp/x',
    'ftp://updates.example/',
    'https://',
    'https://a b/',
    7,
    null,
  ])('may not be %j', (url) => {
    expect(taken(url)).toBe(false);
  });

  it('is named with what is allowed, and can be locked like the rest', () => {
    const { problems } = layerSettings({ organisation: { updateFeedUrl: 'http://updates.example/' } });
    expect(problems).toEqual([
      {
        path: 'organisation.updateFeedUrl',
        message: 'This text is not allowed. Allowed: an empty text, or a web address that begins with https://.',
      },
    ]);
    const managed = { updates: { mode: 'install' }, organisation: { updateFeedUrl: 'https://updates.example/' } };
    const { settings, locked } = layerSettings({ updates: { mode: 'off', channel: 'beta' } }, managed);
    expect(settings.updates).toEqual({ mode: 'install', channel: 'beta' });
    expect([...locked]).toEqual(['updates.mode', 'organisation.updateFeedUrl']);
  });
});

describe('what is wrong', () => {
  const said = (user: object, managed: object = {}) =>
    layerSettings(user, managed).problems.map(({ path, message }) => `${path}: ${message}`);

  it.each([
    [{ statusMessage: 7 }, 'statusMessage: 7 is not allowed. Allowed: a text of at most 500 characters.'],
    [{ launchAtLogin: 'yes' }, 'launchAtLogin: This text is not allowed. Allowed: true or false.'],
    [
      { rules: { allDay: 'sometimes' } },
      'rules.allDay: "sometimes" is not allowed. Allowed: "never", "oof" or "always".',
    ],
    [
      { rules: { bridgeMinutes: 999 } },
      'rules.bridgeMinutes: 999 is not allowed. Allowed: a whole number from 0 to 60.',
    ],
    [{ rules: { leadMinutes: 1.5 } }, 'rules.leadMinutes: 1.5 is not allowed. Allowed: a whole number from 0 to 30.'],
    [{ email: 'ada' }, 'email: This text is not allowed. Allowed: an empty text, or an email address.'],
    [
      { pausedUntil: 'tomorrow' },
      'pausedUntil: This text is not allowed. Allowed: null, or "forever", or a time in UTC such as "2026-01-05T10:30:00Z".',
    ],
    [{ calendars: {} }, 'calendars: A group of keys is not allowed. Allowed: a list [ … ].'],
    [
      { rules: { categories: [{ name: 'Focus' }] } },
      'rules.categories.0.effect: It is missing. Allowed: "ignore", "dnd", "busy" or "away".',
    ],
    [
      { chats: [{ id: 'x', provider: 'hipcat' }] },
      'chats.0.provider: "hipcat" is not allowed. Allowed: "hipchat", "slack", "mattermost", "teams", "googlechat", "zulip", "rocketchat", "xmpp", "webhook" or "hub".',
    ],
    [
      { chats: [{ id: 'x', provider: 'slack', as: { dnd: 'bsy' } }] },
      'chats.0.as.dnd: "bsy" is not allowed. Allowed: "ignore", "dnd", "busy" or "away".',
    ],
    [
      { rules: { workingHours: { monday: [{ from: '9', to: '17:00' }] } } },
      'rules.workingHours.monday.0.from: This text is not allowed. Allowed: a time of day such as 09:00.',
    ],
  ])('%j: names the key, the value and what is allowed', (user, message) => {
    expect(said(user)).toContain(message);
  });

  it.each([
    [{ statusMesage: 'x' }, 'statusMesage: HipStatus has no such key. Did you mean "statusMessage"?'],
    [{ statusmessage: 'x' }, 'statusmessage: HipStatus has no such key. Did you mean "statusMessage"?'],
    [{ soloEvents: false }, 'soloEvents: HipStatus has no such key. Did you mean "rules.soloEvents"?'],
    [
      { rules: { showAs: { bsuy: 'dnd' } } },
      'rules.showAs.bsuy: HipStatus has no such key. Did you mean "rules.showAs.busy"?',
    ],
    [
      { rules: { words: { tentativ: { text: 'x' } } } },
      'rules.words.tentativ: HipStatus has no such key. Did you mean "rules.words.tentative"?',
    ],
    [
      { chats: [{ id: 'x', provider: 'slack', show: { text: false } }] },
      'chats.0.show: HipStatus has no such key. Did you mean "chats.0.shows"?',
    ],
    [{ colour: 'red' }, 'colour: HipStatus has no such key. It is kept in the file and ignored.'],
  ])('%j: names a key that nobody reads, with the one that was meant', (user, message) => {
    expect(said(user)).toEqual([message]);
  });

  it('says whose it is, and leaves alone what belongs to others', () => {
    expect(said({ $schema: 'settings.schema.json' }, { PayloadUUID: 'x', recommended: {} })).toEqual([]);
    expect(said({}, { statusMesage: 'x' })[0]).toMatch(/ \(Managed settings\)$/);
    expect(said({}, { recommended: { email: 'x' } })[0]).toMatch(/ \(Recommended settings\)$/);
  });

  it('does not repeat texts, which may be private', () => {
    const token = 'xoxp-very-secret';
    const wrong = { email: token, slackToken: token, launchAtLogin: token, rules: { leadMinutes: token } };
    expect(said(wrong)).toHaveLength(4);
    expect(said(wrong).join()).not.toContain(token);
  });

  it('costs only the entry of a list that it is in, and is said once', () => {
    const good = { id: 'ok', provider: 'slack', email: '' };
    const { settings, problems } = layerSettings({
      chats: [{ id: 'bad', provider: 'irc' }, 7, good, { ...good, id: 'fine', as: { dnd: 'x', away: 'busy' } }],
      rules: { categories: [{ name: 'A', effect: 'dnd' }, { effect: 'dnd' }, { name: 'B', effect: 'away' }] },
    });
    expect(settings.chats).toEqual([good, { ...good, id: 'fine', as: { away: 'busy' } }]);
    expect(settings.rules.categories.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'chats.0.provider',
      'chats.1',
      'chats.3.as.dnd',
      'rules.categories.1.name',
    ]);
  });

  it('costs the whole of what makes no sense in part', () => {
    const monday = [{ from: '17:00', to: '09:00' }];
    const { settings } = layerSettings({
      rules: { workingHours: { monday, tuesday: [{ from: '09:00', to: '17:00' }] } },
      overrides: { busy: { from: '2026-01-05T10:00:00Z' } },
    });
    expect([settings.rules.workingHours, settings.overrides.busy]).toEqual([null, null]);
  });

  it('always comes to settings that hold, whatever the file is', () => {
    const key = fc.constantFrom(...Object.keys(DEFAULT_SETTINGS), ...Object.keys(DEFAULT_SETTINGS.rules), 'id', 'x');
    const tree = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.constantFrom(null, 7, '', 'dnd', 'slack', true), tie('list'), tie('group')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      group: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    })).group;
    fc.assert(
      fc.property(tree, (user) => {
        const { settings } = layerSettings(user);
        expect(layerSettings(settings)).toMatchObject({ settings, problems: [] });
      }),
      { numRuns: 300 },
    );
  });
});

describe('pause', () => {
  it('is until resumed, until a time, or over', () => {
    const now = Date.parse('2026-01-05T10:00:00Z');
    const paused = (pausedUntil: string | null) => pauseAt({ ...DEFAULT_SETTINGS, pausedUntil }, now);
    expect(paused(null)).toEqual({ paused: false });
    expect(paused('forever')).toEqual({ paused: true, until: null });
    expect(paused('2026-01-05T10:30:00Z')).toEqual({ paused: true, until: now + 30 * 60_000 });
    expect(paused('2026-01-05T10:00:00Z')).toEqual({ paused: false });
  });
});

describe('set-up', () => {
  const calendar = { id: 'ics', provider: 'ics', name: 'Calendar', username: '' } as const;
  const chat = { id: 'slack', provider: 'slack', email: '' } as const;

  it('asks for calendar and chat in this order, and for the address where a chat finds people by it', () => {
    const missing = (change: Partial<Settings>) => missingStep({ ...DEFAULT_SETTINGS, ...change });
    expect(missing({})).toEqual({ kind: 'add', provider: 'microsoft365' });
    expect(missing({ calendars: [calendar] })).toEqual({ kind: 'add', provider: 'hipchat' });
    expect(missing({ calendars: [calendar], chats: [chat] })).toEqual({ kind: 'email' });
    expect(missing({ calendars: [calendar], chats: [chat], email: 'a@b.c' })).toBeNull();
    expect(missing({ calendars: [calendar], chats: [{ ...chat, email: 'a@b.c' }] })).toBeNull();
    const mattermost = {
      id: 'mattermost',
      provider: 'mattermost',
      server: 'https://chat.example.com',
      username: '',
    } as const;
    expect(missing({ calendars: [calendar], chats: [mattermost] })).toBeNull();
  });
});
