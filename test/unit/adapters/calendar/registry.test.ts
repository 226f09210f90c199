import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CalendarDeps, calendarProvider, microsoftSignIn } from '../../../../src/adapters/calendar/registry.ts';
import { DEFAULT_SETTINGS } from '../../../../src/core/settings.ts';
import { ianaZone } from '../../../../src/core/windowsZones.ts';
import { MemorySecrets } from '../../../fakes/memoryStores.ts';

const deps: CalendarDeps = {
  fetch: () => Promise.reject(new Error('nothing is called')),
  now: () => 0,
  secrets: new MemorySecrets(),
  organisation: {
    ...DEFAULT_SETTINGS.organisation,
    graphTenant: 'organizations',
    graphClientId: 'client',
    graphAuthority: 'https://login.microsoftonline.com',
    graphBaseUrl: 'https://graph.microsoft.com',
  },
  openAddress: async () => undefined,
};

describe('the registry of calendars', () => {
  it('makes the provider of each account', () => {
    const work = calendarProvider(
      { id: 'a', provider: 'microsoft365', homeAccountId: 'h', username: 'ada@x.example', calendars: [] },
      deps,
    );
    const own = calendarProvider({ id: 'b', provider: 'ics', name: 'Family', username: '' }, deps);
    expect([work.accountId, work.label]).toEqual(['a', 'Microsoft 365 (ada@x.example)']);
    expect([own.accountId, own.label]).toEqual(['b', 'Family']);
    expect(microsoftSignIn(deps)).toBeDefined();
  });

  it('loads no SDK before it is used: the app’s start is measured', () => {
    const folder = fileURLToPath(new URL('../../../../src/adapters/calendar', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const sources = files.map((name) => readFileSync(join(folder, name), 'utf8'));
    const eager = sources.flatMap(
      (source) => source.match(/^import (?!type )[^;]*'(?:@azure|@microsoft|ical|tsdav)[^']*'/gm) ?? [],
    );
    const lazy = sources.flatMap((source) => source.match(/await import\('[^']+'\)/g) ?? []);
    expect(eager).toEqual([]);
    expect(lazy).toHaveLength(5);
  });
});

describe('names of time zones', () => {
  it.each([
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['w. europe standard time', 'Europe/Berlin'],
    ['"Tokyo Standard Time"', 'Asia/Tokyo'],
    ['Europe/Berlin', 'Europe/Berlin'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['/mozilla.org/20050126_1/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['tzone://Microsoft/Utc', 'UTC'],
    ['Customized Time Zone', null],
    ['tzone://Microsoft/Custom', null],
    ['(UTC+01:00) Amsterdam, Berlin', null],
    ['', null],
  ])('%s', (name, expected) => {
    expect(ianaZone(name)).toBe(expected);
  });
});
