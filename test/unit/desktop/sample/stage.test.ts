import { afterEach, describe, expect, it } from 'vitest';
import { neededSecrets } from '../../../../src/core/accountSecrets.ts';
import { layerSettings } from '../../../../src/core/settings.ts';
import { missingStep } from '../../../../src/core/setup.ts';
import { ENGLISH } from '../../../../src/core/texts.ts';
import { openStage, type Stage } from '../../../../src/desktop/sample/stage.ts';

describe('the stage of the sample data', () => {
  let stage: Stage | undefined;
  const open = async (at: string) => {
    stage = await openStage({ now: () => Date.parse(at), zone: 'Europe/Berlin', speech: ENGLISH });
    return stage;
  };

  afterEach(async () => {
    await stage?.close();
    stage = undefined;
  });

  it('is set up at once, with a secret for each account', async () => {
    const { managed, secrets } = await open('2026-03-03T09:00:00Z');
    const { settings, locked, problems } = layerSettings({}, managed);
    expect(problems).toEqual([]);
    expect(missingStep(settings)).toBeNull();
    const accounts = [...settings.calendars, ...settings.chats];
    expect(accounts.map(({ id }) => id)).toEqual(['ics', 'hipchat', 'mattermost', 'rocketchat']);
    const names = accounts.flatMap((account) => neededSecrets(account).map(({ name }) => name));
    expect(secrets.map(({ name }) => name)).toEqual(names);
    expect([...locked]).toEqual(expect.arrayContaining(['email', 'calendars', 'chats', 'launchAtLogin']));
  });

  it('leaves the rules to the person, and has working hours only when they hold now', async () => {
    const during = layerSettings({}, (await open('2026-03-03T09:00:00Z')).managed);
    expect(during.settings.rules.workingHours?.sunday).toEqual([{ from: '08:00', to: '18:00' }]);
    expect([...during.locked].filter((path) => path.startsWith('rules'))).toEqual([]);
    await stage?.close();
    const late = layerSettings({}, (await open('2026-03-03T21:00:00Z')).managed);
    expect(late.settings.rules.workingHours).toBeNull();
  });

  it('is of this machine alone', async () => {
    const { managed, secrets } = await open('2026-03-03T09:00:00Z');
    const said = JSON.stringify([managed, secrets.filter(({ name }) => name.kind === 'icsaddress')]);
    const hosts = [...said.matchAll(/https?:\/\/([^/:"]+)/g)].map(([, host]) => host);
    expect(hosts).toHaveLength(4);
    expect(new Set(hosts)).toEqual(new Set(['localhost']));
  });
});
