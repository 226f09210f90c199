import { describe, expect, it } from 'vitest';
import { secretName } from '../../../src/core/accountSecrets.ts';
import type { Account, ProviderName } from '../../../src/core/accounts.ts';
import { AppError } from '../../../src/core/appError.ts';
import { entryOf } from '../../../src/core/providerCatalogue.ts';
import { Accounts } from '../../../src/engine/accounts.ts';
import type { SecretStore } from '../../../src/ports/secretStore.ts';
import { FakeChat } from '../../fakes/fakeChat.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { MemorySecrets, MemorySettings } from '../../fakes/memoryStores.ts';

const signal = new AbortController().signal;

/** A world with one right secret, one known person, and a person who signs in in the browser. */
function world(user: Record<string, unknown> = {}, managed: Record<string, unknown> = {}) {
  const settings = new MemorySettings(user, managed);
  const secrets = new MemorySecrets();
  const done: string[] = [];
  const workspace = { name: 'Contoso', token: 'right-from-the-browser' };
  const person = { homeAccountId: 'home', username: 'ada@example.com' };
  const hints: string[] = [];
  const trouble: { read: AppError | null } = { read: null };
  const signIn = {
    interactive: async (id: string, hint: string) => {
      hints.push(hint);
      await secrets.set({ kind: 'msalcache', account: id }, `session of ${person.username}`);
      return { ...person };
    },
    deviceCode: async (
      id: string,
      onCode: (code: { userCode: string; verificationUri: string; expiresAt: number }) => void,
    ) => {
      onCode({ userCode: 'ABCD', verificationUri: 'https://example.com/device', expiresAt: 0 });
      await secrets.set({ kind: 'msalcache', account: id }, `session of ${person.username}`);
      return { ...person };
    },
    signOut: async (id: string) => void (await secrets.delete({ kind: 'msalcache', account: id })),
  };
  const check = async (account: Account, store: SecretStore) => {
    if (trouble.read !== null) throw trouble.read;
    if (entryOf(account.provider).signIn === 'browser') return;
    const secret = (await store.get(secretName(account))) ?? '';
    if (!secret.includes('right')) throw new AppError('unauthorized', 'Refused.');
    if ('email' in account && account.email === 'nobody@example.com') throw new AppError('notFound', 'Not known.');
  };
  let closed = 0;
  const accounts = new Accounts({
    settings,
    secrets,
    clock: new FakeClock('2026-01-05T10:00:00Z'),
    onRenewed: async (id) => void done.push(`renewed ${id}`),
    onLeft: async (account) => {
      done.push(`left ${account.id} with ${(await secrets.get(secretName(account))) ?? 'nothing'}`);
      return account.id !== 'stuck';
    },
    signIn: (provider: ProviderName) =>
      entryOf(provider).signIn === 'browser'
        ? signIn
        : provider === 'slack'
          ? {
              ...signIn,
              interactive: async () => ({
                homeAccountId: '',
                username: '',
                name: workspace.name,
                secret: workspace.token,
              }),
            }
          : null,
    providers: {
      chat: (account, store) => {
        const chat = new FakeChat({ accountId: account.id });
        const read = chat.read.bind(chat);
        chat.read = async (given) => {
          await check(account, store);
          return read(given);
        };
        return Object.assign(chat, {
          close: async () => {
            closed += 1;
          },
        });
      },
      calendar: (account, store) => ({
        accountId: account.id,
        label: 'Calendar',
        calendarView: async () => {
          await check(account, store);
          return [];
        },
      }),
    },
  });
  return { accounts, settings, secrets, done, person, workspace, hints, trouble, closed: () => closed };
}

const failure = async (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error) => (error instanceof AppError ? error.code : String(error)),
  );

const ADA = { email: 'ada@example.com' };
const SLACK = { id: 'slack', provider: 'slack', email: '' };
const HIPCHAT = { id: 'hipchat', provider: 'hipchat', email: '' };

describe('adding an account', () => {
  it('tries what was typed before anything is kept, and says what can be done there', async () => {
    const { accounts, settings, secrets, done, closed } = world(ADA);
    expect(await failure(accounts.add('hipchat', { token: 'wrong' }, signal))).toBe('unauthorized');
    expect([secrets.values.size, settings.get().chats]).toEqual([0, []]);
    const added = await accounts.add('hipchat', { token: '  right ' }, signal);
    expect(added).toMatchObject({ accountId: 'hipchat', label: 'HipChat' });
    expect(added.capabilities?.states).toContain('dnd');
    expect(secrets.values.get('hctoken/ada@example.com')).toBe('right');
    expect(settings.get().chats).toEqual([HIPCHAT]);
    expect(done).toEqual(['renewed hipchat']);
    expect(closed()).toBe(2);
  });

  it('keeps what there was before under its old name, and further ones under their id', async () => {
    const { accounts, settings, secrets } = world(ADA);
    await accounts.add('slack', { token: 'right-1' }, signal);
    const second = await accounts.add('slack', { token: 'right-2', name: 'Acme' }, signal);
    const third = await accounts.add('slack', { token: 'right-3', name: '' }, signal);
    expect([second.accountId, second.label, third.accountId]).toEqual(['slack-2', 'Slack (Acme)', 'slack-3']);
    expect([...secrets.values]).toEqual([
      ['slacktoken/ada@example.com', 'right-1'],
      ['accountsecret/slack-2', 'right-2'],
      ['accountsecret/slack-3', 'right-3'],
    ]);
    expect(settings.get().chats.map(({ id }) => id)).toEqual(['slack', 'slack-2', 'slack-3']);
    expect(JSON.stringify(settings.get())).not.toContain('right-');
  });

  it('takes no second one where there can be only one, and none that is empty', async () => {
    const { accounts } = world({ ...ADA, chats: [HIPCHAT] });
    expect(await failure(accounts.add('hipchat', { token: 'right' }, signal))).toBe('conflict');
    expect(await failure(accounts.add('slack', { token: ' ' }, signal))).toBe('invalidInput');
  });

  it('asks for nothing where the organisation has set the accounts', async () => {
    const { accounts, secrets } = world(ADA, { chats: [HIPCHAT] });
    expect(await failure(accounts.add('slack', { token: 'right' }, signal))).toBe('forbidden');
    expect(secrets.values.size).toBe(0);
  });

  it('keeps the address of a calendar as a secret, and a password only with a user name', async () => {
    const { accounts, settings, secrets } = world();
    const address = 'https://example.com/right.ics';
    expect(await failure(accounts.add('ics', { address: 'file:///etc/passwd' }, signal))).toBe('invalidInput');
    expect(await failure(accounts.add('ics', { address, username: 'ada', password: '' }, signal))).toBe('invalidInput');
    await accounts.add('ics', { address, username: '', password: 'left over' }, signal);
    await accounts.add('ics', { address, username: 'ada', password: ' p w ', name: 'Family' }, signal);
    expect([...secrets.values]).toEqual([
      ['icsaddress/ics', address],
      ['icsaddress/ics-2', address],
      ['icspassword/ics-2', ' p w '],
    ]);
    expect(settings.get().calendars).toEqual([
      { id: 'ics', provider: 'ics', name: 'Published calendar', username: '' },
      { id: 'ics-2', provider: 'ics', name: 'Family', username: 'ada' },
    ]);
  });
});

describe('signing in in the browser', () => {
  it('adds a person each, by browser or by code, and nobody twice', async () => {
    const { accounts, settings, secrets, person, hints, done } = world(ADA);
    await accounts.add('microsoft365', {}, signal);
    person.username = 'grace@example.com';
    const codes: string[] = [];
    await accounts.add('microsoft365', {}, signal, {
      onCode: ({ userCode }) => codes.push(userCode),
    });
    person.homeAccountId = 'again';
    expect(await accounts.add('microsoft365', {}, signal)).toMatchObject({ accountId: 'microsoft365-2' });
    expect(settings.get().calendars).toEqual([
      {
        id: 'microsoft365',
        provider: 'microsoft365',
        homeAccountId: 'home',
        username: 'ada@example.com',
        calendars: [],
      },
      {
        id: 'microsoft365-2',
        provider: 'microsoft365',
        homeAccountId: 'again',
        username: 'grace@example.com',
        calendars: [],
      },
    ]);
    expect([...secrets.values.keys()]).toEqual(['msalcache/microsoft365', 'msalcache/microsoft365-2']);
    expect(codes).toEqual(['ABCD']);
    expect(hints).toEqual(['ada@example.com', '']);
    expect(done.at(-1)).toBe('renewed microsoft365-2');
  });

  it('leaves nothing of somebody who may not be let in, but keeps the sign-in over passing trouble', async () => {
    const { accounts, settings, secrets, trouble } = world(ADA);
    trouble.read = new AppError('forbidden', 'No mailbox.');
    expect(await failure(accounts.add('microsoft365', {}, signal))).toBe('forbidden');
    expect([secrets.values.size, settings.get().calendars]).toEqual([0, []]);
    trouble.read = new AppError('unavailable', 'Later.');
    await accounts.add('microsoft365', {}, signal);
    expect([secrets.values.size, settings.get().calendars.length]).toEqual([1, 1]);
  });

  it('fills in whom the organisation has left open, and renews who is there', async () => {
    const open = [{ id: 'work', provider: 'microsoft365' }];
    const { accounts, settings } = world({ ...ADA, calendars: open });
    await accounts.add('microsoft365', {}, signal);
    await accounts.renew('work', {}, signal);
    expect(settings.get().calendars).toMatchObject([{ id: 'work', username: 'ada@example.com' }]);
    const locked = world(ADA, { calendars: open });
    await locked.accounts.renew('work', {}, signal);
    expect(locked.settings.get().calendars).toMatchObject([{ id: 'work', username: '' }]);
    expect(locked.secrets.values.has('msalcache/work')).toBe(true);
  });
});

describe("signing in with the organisation's app", () => {
  it('takes the token from the browser, names the workspace, and adds none twice', async () => {
    const { accounts, settings, secrets, workspace } = world({ ...ADA, chats: [SLACK] });
    secrets.values.set('slacktoken/ada@example.com', 'right-typed');
    const added = await accounts.add('slack', {}, signal, {});
    expect(added).toMatchObject({ accountId: 'slack-2', label: 'Slack (Contoso)' });
    expect(secrets.values.get('accountsecret/slack-2')).toBe('right-from-the-browser');
    workspace.token = 'right-again';
    expect(await accounts.add('slack', {}, signal, {})).toMatchObject({ accountId: 'slack-2' });
    await accounts.renew('slack', {}, signal, {});
    expect([...secrets.values]).toEqual([
      ['slacktoken/ada@example.com', 'right-again'],
      ['accountsecret/slack-2', 'right-again'],
    ]);
    expect(settings.get().chats).toMatchObject([{ id: 'slack' }, { id: 'slack-2', name: 'Contoso' }]);
    workspace.name = 'Elsewhere';
    workspace.token = 'wrong';
    expect(await failure(accounts.add('slack', {}, signal, {}))).toBe('unauthorized');
    expect(secrets.values.size).toBe(2);
  });

  it('is refused where there is no app', async () => {
    expect(await failure(world(ADA).accounts.add('hipchat', {}, signal, {}))).toBe('invalidInput');
  });
});

describe('renewing an account', () => {
  it('takes a new token, tried before it is kept', async () => {
    const { accounts, secrets, done } = world({ ...ADA, chats: [SLACK] });
    secrets.values.set('slacktoken/ada@example.com', 'right-old');
    expect(await failure(accounts.renew('slack', { token: 'wrong' }, signal))).toBe('unauthorized');
    expect(secrets.values.get('slacktoken/ada@example.com')).toBe('right-old');
    await accounts.renew('slack', { token: 'right-new' }, signal);
    expect(secrets.values.get('slacktoken/ada@example.com')).toBe('right-new');
    expect(done).toEqual(['renewed slack']);
    expect(await failure(accounts.renew('nobody', { token: 'x' }, signal))).toBe('notFound');
  });

  it('leaves of several secrets as it is what was not typed', async () => {
    const calendars = [{ id: 'ics', provider: 'ics', name: 'Mine', username: 'ada' }];
    const { accounts, settings, secrets } = world({ calendars });
    secrets.values.set('icsaddress/ics', 'https://example.com/right.ics');
    const answers = { address: '', username: 'lovelace', password: 'new' };
    await accounts.renew('ics', answers, signal);
    expect(settings.get().calendars).toMatchObject([{ name: 'Mine', username: 'lovelace' }]);
    expect(secrets.values.get('icspassword/ics')).toBe('new');
    secrets.values.delete('icsaddress/ics');
    await expect(accounts.renew('ics', answers, signal)).rejects.toMatchObject({ reason: 'field:address:missing' });
  });
});

describe('removing an account', () => {
  it('gives back while the token is still there, then deletes it', async () => {
    const { accounts, settings, secrets, done } = world({ ...ADA, chats: [SLACK, { ...SLACK, id: 'slack-2' }] });
    secrets.values.set('slacktoken/ada@example.com', 'right-1');
    secrets.values.set('accountsecret/slack-2', 'right-2');
    expect(await accounts.remove('slack-2')).toEqual({ label: 'Slack', gaveBack: true });
    expect(done).toEqual(['left slack-2 with right-2']);
    expect(settings.get().chats.map(({ id }) => id)).toEqual(['slack']);
    expect([...secrets.values.keys()]).toEqual(['slacktoken/ada@example.com']);
  });

  it('leaves a token that another account uses, and says when a status was left behind', async () => {
    const { accounts, secrets } = world({ ...ADA, chats: [SLACK, { ...SLACK, id: 'stuck' }] });
    secrets.values.set('slacktoken/ada@example.com', 'right');
    expect(await accounts.remove('stuck')).toMatchObject({ gaveBack: false });
    expect(secrets.values.size).toBe(1);
    await accounts.remove('slack');
    expect(secrets.values.size).toBe(0);
  });

  it('signs out of a calendar, and touches nothing that the organisation has set', async () => {
    const calendars = [{ id: 'microsoft365', provider: 'microsoft365', username: 'ada@example.com' }];
    const { accounts, settings, secrets } = world({ calendars });
    secrets.values.set('msalcache/microsoft365', 'session');
    await accounts.remove('microsoft365');
    expect([settings.get().calendars, secrets.values.size]).toEqual([[], 0]);
    expect(await failure(world({}, { calendars }).accounts.remove('microsoft365'))).toBe('forbidden');
  });
});

describe('email address', () => {
  it('takes the token along to its new name in the keychain, and leaves the others', async () => {
    const chats = [HIPCHAT, { ...SLACK, id: 'slack-2' }];
    const { accounts, settings, secrets, done } = world({ email: 'old@example.com', chats });
    secrets.values.set('hctoken/old@example.com', 'right');
    secrets.values.set('accountsecret/slack-2', 'right');
    await accounts.changeEmail('ada@example.com', signal);
    expect(settings.get().email).toBe('ada@example.com');
    expect([...secrets.values.keys()].sort()).toEqual(['accountsecret/slack-2', 'hctoken/ada@example.com']);
    expect(done).toEqual(['renewed hipchat']);
  });

  it('that the chat does not know is refused, and all stays as it was', async () => {
    const { accounts, settings, secrets } = world({ ...ADA, chats: [HIPCHAT] });
    secrets.values.set('hctoken/ada@example.com', 'right');
    expect(await failure(accounts.changeEmail('nobody@example.com', signal))).toBe('notFound');
    expect(settings.get().email).toBe('ada@example.com');
    expect([...secrets.values.keys()]).toEqual(['hctoken/ada@example.com']);
  });

  it('finds the token that the former HipStatus has left', async () => {
    const { accounts, settings, secrets } = world();
    secrets.values.set('hctoken/ada@example.com', 'right');
    await accounts.changeEmail('ada@example.com', signal);
    expect(settings.get().chats).toEqual([HIPCHAT]);
  });

  it('takes no placeholder for a token', async () => {
    const { accounts, settings, secrets } = world(ADA);
    secrets.values.set('hctoken/ada@example.com', 'Enter Token');
    await accounts.adoptKnownToken();
    expect(settings.get().chats).toEqual([]);
  });

  it.each(['', 'ada', 'a b@c', '@x'])('%j is none', async (typed) => {
    expect(await failure(world().accounts.changeEmail(typed, signal))).toBe('invalidInput');
  });
});
