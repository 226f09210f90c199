import { describe, expect, it } from 'vitest';
import { pauseAt } from '../../../src/core/pause.ts';
import { DEFAULT_SETTINGS, layerSettings } from '../../../src/core/settings.ts';
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
  it('asks for address, calendar and chat in this order', () => {
    const calendar = { id: 'ics', provider: 'ics', name: 'Calendar', username: '' } as const;
    const chat = { id: 'slack', provider: 'slack', email: '' } as const;
    expect(missingStep(DEFAULT_SETTINGS)).toEqual({ kind: 'email' });
    expect(missingStep({ ...DEFAULT_SETTINGS, email: 'a@b.c' })).toEqual({ kind: 'add', provider: 'microsoft365' });
    expect(missingStep({ ...DEFAULT_SETTINGS, email: 'a@b.c', calendars: [calendar] })).toEqual({
      kind: 'add',
      provider: 'hipchat',
    });
    expect(missingStep({ ...DEFAULT_SETTINGS, email: 'a@b.c', calendars: [calendar], chats: [chat] })).toBeNull();
  });
});
