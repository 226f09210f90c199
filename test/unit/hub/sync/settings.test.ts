import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readHubSettings } from '../../../../src/hub/settings.ts';
import { syncShape } from '../../../../src/hub/sync/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-sync-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const BASE = {
  HUB_SYNC_TENANT: 'contoso.example',
  HUB_SYNC_CLIENT_ID: '0a11ce00-0000-4000-b000-000000000001',
  HUB_SYNC_CLIENT_SECRET: 'a-secret-value',
};

describe('the settings of organisation sync', () => {
  it('leave it off without a tenant', () => {
    expect(readHubSettings({}).sync).toBeNull();
    expect(() => readHubSettings({ HUB_SYNC_CLIENT_ID: 'x' })).toThrow(/HUB_SYNC_TENANT/);
  });

  it('are all in the documents', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/hub-sync.md'), 'utf8');
    expect(Object.keys(syncShape).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('have a default for all but the application', () => {
    expect(readHubSettings(BASE).sync).toMatchObject({
      tenant: 'contoso.example',
      mode: 'calendarView',
      people: 'everybody',
      interval: 300_000,
      concurrency: 4,
      authority: 'https://login.microsoftonline.com',
      graph: 'https://graph.microsoft.com',
      scope: 'https://graph.microsoft.com/.default',
      policy: { zone: 'Etc/UTC', told: { statusMessage: 'In a meeting', privacy: { subject: false } } },
    });
  });

  it('take the secret from a file, and rules as the app has them', () => {
    const { HUB_SYNC_CLIENT_SECRET: _, ...rest } = BASE;
    const rules = file('rules.json', JSON.stringify({ showAs: { tentative: 'busy' }, minimumMinutes: 15 }));
    const { sync } = readHubSettings({
      ...rest,
      HUB_SYNC_CLIENT_SECRET_FILE: file('secret', 'from-a-file\n'),
      HUB_SYNC_RULES_FILE: rules,
      HUB_SYNC_ZONE: 'W. Europe Standard Time',
      HUB_SYNC_GROUP: '0a11ce00-0000-4000-9000-000000000001',
    });
    expect(sync?.clientSecret).toBe('from-a-file');
    expect(sync?.policy.rules).toMatchObject({ showAs: { tentative: 'busy', busy: 'dnd' }, minimumMinutes: 15 });
    expect(sync?.policy.zone).toBe('Europe/Berlin');
    expect(sync?.people).toEqual({ group: '0a11ce00-0000-4000-9000-000000000001' });
  });

  it('know the national clouds, each with its own Graph', () => {
    const us = {
      HUB_SYNC_AUTHORITY: 'https://login.microsoftonline.us/',
      HUB_SYNC_GRAPH: 'https://dod-graph.microsoft.us',
    };
    expect(readHubSettings({ ...BASE, ...us }).sync?.scope).toBe('https://dod-graph.microsoft.us/.default');
    const loopback = { HUB_SYNC_AUTHORITY: 'https://localhost:4443', HUB_SYNC_GRAPH: 'https://127.0.0.1:4444' };
    expect(readHubSettings({ ...BASE, ...loopback }).sync?.scope).toBe('https://graph.microsoft.com/.default');
  });

  it.each([
    ['no secret', { HUB_SYNC_CLIENT_SECRET: '' }, /HUB_SYNC_CLIENT_SECRET/],
    ['a tenant that is an address', { HUB_SYNC_TENANT: 'https://x/y' }, /HUB_SYNC_TENANT/],
    ['another host', { HUB_SYNC_GRAPH: 'https://graph.example.com' }, /HUB_SYNC_GRAPH/],
    ['two clouds', { HUB_SYNC_GRAPH: 'https://graph.microsoft.us' }, /same cloud/],
    ['a loopback Graph for real tokens', { HUB_SYNC_GRAPH: 'http://localhost:1' }, /same cloud/],
    ['a zone nobody knows', { HUB_SYNC_ZONE: 'Mars/Olympus' }, /HUB_SYNC_ZONE/],
    ['both a group and a file', { HUB_SYNC_GROUP: 'g', HUB_SYNC_PEOPLE_FILE: '/x' }, /one of them/],
    ['rules that can not be read', { HUB_SYNC_RULES_FILE: '/nowhere/rules.json' }, /HUB_SYNC_RULES_FILE/],
    ['a mode there is not', { HUB_SYNC_MODE: 'push' }, /HUB_SYNC_MODE/],
  ])('refuse %s, without its value', (_, change, message) => {
    expect(() => readHubSettings({ ...BASE, ...change })).toThrow(message);
    expect(() => readHubSettings({ ...BASE, ...change })).not.toThrow(/a-secret-value|Mars/);
  });

  it.each([
    ['not JSON', '{', /not JSON/],
    ['a name that is none', '{"allday":"always"}', /allday/],
    ['a value that is none', '{"allDay":"sometimes"}', /allDay/],
  ])('refuse rules that are %s', (name, text, message) => {
    const HUB_SYNC_RULES_FILE = file(`${name}.json`, text);
    expect(() => readHubSettings({ ...BASE, HUB_SYNC_RULES_FILE })).toThrow(message);
  });
});
