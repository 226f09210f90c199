import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { deleteSecret, listSecrets, setSecret } from '../../../src/cli/commands/secret.ts';
import { signIn } from '../../../src/cli/commands/signIn.ts';
import { readSecret } from '../../../src/cli/readSecret.ts';
import { FakeCli, record, SET_UP } from './fakeCli.ts';

const HC = { kind: 'hctoken', account: null } as const;
const typed = (value: string) => async () => value;

describe('secret', () => {
  it('lists what the accounts need and whether it is there, never what it is', async () => {
    const cli = new FakeCli([], {
      ...SET_UP,
      calendars: [...SET_UP.calendars, { id: 'ics', provider: 'ics', name: 'x', username: 'ada' }],
    });
    await cli.secrets.set({ kind: 'hctoken', account: 'ada@example.com' }, 'hush-hush');
    const shown = record();
    expect(await listSecrets(cli, shown.output)).toBe(0);
    expect(shown.lines).toEqual([
      'msalcache   microsoft365: Microsoft 365 sign-in, missing (com.jamfsw.hipstatus.msalcache)',
      'icsaddress  ics: address of the published calendar, missing (com.jamfsw.hipstatus.icsaddress)',
      'icspassword ics: password of the published calendar, missing (com.jamfsw.hipstatus.icspassword)',
      'hctoken     ada@example.com: HipChat token, there (com.jamfsw.hipstatus.hctoken)',
      'slacktoken  ada@example.com: Slack token, missing (com.jamfsw.hipstatus.slacktoken)',
    ]);
    const json = record(true);
    await listSecrets(cli, json.output);
    expect(json.json['secrets']).toContainEqual({
      kind: 'hctoken',
      account: 'ada@example.com',
      service: 'com.jamfsw.hipstatus.hctoken',
      present: true,
    });
    expect(json.text).not.toContain('hush-hush');
  });

  it('keeps what is typed under the account that is set up, and has it tried', async () => {
    const cli = new FakeCli();
    cli.running = 7;
    const shown = record();
    expect(await setSecret(cli, HC, typed(' token \n'), shown.output)).toBe(0);
    expect(cli.secrets.values).toEqual(new Map([['hctoken/ada@example.com', 'token']]));
    expect(cli.requests).toBe(1);
    expect(shown.text).not.toContain('token \n');
    expect(shown.lines).toEqual(['Kept in the keychain: HipChat token of ada@example.com.']);
  });

  it('keeps the blanks of a password', async () => {
    const cli = new FakeCli();
    await setSecret(cli, { kind: 'icspassword', account: null }, typed(' p w '), record().output);
    expect(cli.secrets.values.get('icspassword/ics')).toBe(' p w ');
    expect(cli.requests).toBe(0);
  });

  it('asks whose secret it is where that is open', async () => {
    const two = { ...SET_UP, chats: [...SET_UP.chats, { id: 'other', provider: 'hipchat', email: 'ada@example.org' }] };
    await expect(setSecret(new FakeCli([], two), HC, typed('x'), record().output)).rejects.toThrow(
      'There are several: ada@example.com, ada@example.org. Say which with --account.',
    );
    await expect(setSecret(new FakeCli([], {}), HC, typed('x'), record().output)).rejects.toThrow('--account');
    const cli = new FakeCli([], {});
    await setSecret(cli, { kind: 'hctoken', account: 'b@example.com' }, typed('x'), record().output);
    expect([...cli.secrets.values.keys()]).toEqual(['hctoken/b@example.com']);
  });

  it('does not ask for anything before the keychain is open', async () => {
    const cli = new FakeCli();
    cli.secrets.isLocked = true;
    const failed = setSecret(cli, HC, () => Promise.reject(new Error('asked')), record().output);
    await expect(failed).rejects.toMatchObject({ code: 'locked' });
    await expect(listSecrets(cli, record().output)).rejects.toMatchObject({ code: 'locked' });
  });

  it('takes no empty value and no sign-in', async () => {
    const cli = new FakeCli();
    await expect(setSecret(cli, HC, typed('  '), record().output)).rejects.toThrow('Nothing was given');
    await expect(setSecret(cli, { kind: 'msalcache', account: null }, typed('x'), record().output)).rejects.toThrow(
      'Run: hipstatus sign-in',
    );
    expect(cli.secrets.values.size).toBe(0);
  });

  it('deletes, and says when there was none', async () => {
    const cli = new FakeCli();
    await setSecret(cli, HC, typed('x'), record().output);
    const first = record();
    expect(await deleteSecret(cli, HC, first.output)).toBe(0);
    expect(first.text).toBe('Deleted: HipChat token of ada@example.com.');
    const second = record(true);
    expect(await deleteSecret(cli, HC, second.output)).toBe(0);
    expect(second.json).toEqual({ deleted: null });
  });
});

describe('reading a secret', () => {
  const piped = (text: string) => {
    const stdin = new PassThrough();
    stdin.end(text);
    return { stdin, stderr: new PassThrough() };
  };

  it('takes standard input without its last line break', async () => {
    expect(await readSecret(piped('to ken\r\n'), 'Token')).toBe('to ken');
    expect(await readSecret(piped('two\nlines'), 'Token')).toBe('two\nlines');
    await expect(readSecret(piped('\n'), 'Token')).rejects.toMatchObject({ code: 'invalidInput' });
  });

  it('asks a person and shows nothing of what is typed', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    const stderr = new PassThrough();
    const value = readSecret({ stdin, stderr }, 'HipChat token');
    stdin.write('hush\r');
    expect(await value).toBe('hush');
    const shown = String(stderr.read());
    expect(shown).toContain('HipChat token (it is not shown): ');
    expect(shown).not.toContain('hush');
  });

  it('ends on Ctrl-C', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    const value = readSecret({ stdin, stderr: new PassThrough() }, 'Token');
    stdin.write('hu\u0003');
    await expect(value).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('sign-in', () => {
  const fresh = { email: 'ada@example.com' };

  it('shows the code and keeps the account', async () => {
    const cli = new FakeCli([], fresh);
    const shown = record();
    expect(await signIn(cli, { deviceCode: true }, shown.output, new AbortController().signal)).toBe(0);
    expect(shown.lines[0]).toBe('Open https://example.com/device on any device and enter this code: ABC');
    expect(shown.lines.at(-1)).toContain('Signed in as ada@example.com.');
    expect(cli.settings.get().calendars).toEqual([
      {
        id: 'microsoft365',
        provider: 'microsoft365',
        homeAccountId: 'home',
        username: 'ada@example.com',
        calendars: [],
      },
    ]);
  });

  it('signs in by the browser, and tells the running program', async () => {
    const cli = new FakeCli([], fresh);
    cli.running = 3;
    const shown = record(true);
    expect(await signIn(cli, { deviceCode: false }, shown.output, new AbortController().signal)).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(shown.json).toEqual({ signedIn: { id: 'microsoft365', username: 'ada@example.com' } });
    expect(cli.requests).toBe(1);
  });
});
