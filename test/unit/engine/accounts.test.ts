import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { Accounts } from '../../../src/engine/accounts.ts';
import type { SecretStore } from '../../../src/ports/secretStore.ts';
import { FakeChat } from '../../fakes/fakeChat.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { MemorySecrets, MemorySettings } from '../../fakes/memoryStores.ts';

const signal = new AbortController().signal;

/** A world with one right token, one known person and one calendar address. */
function world(user: Record<string, unknown> = {}) {
  const settings = new MemorySettings(user);
  const secrets = new MemorySecrets();
  const renewed: string[] = [];
  const signedIn = { homeAccountId: 'home', username: 'ada@example.com' };
  const needs = async (store: SecretStore, name: Parameters<SecretStore['get']>[0], right: string) => {
    if ((await store.get(name)) !== right) throw new AppError('unauthorized', 'Refused.');
  };
  const accounts = new Accounts({
    settings,
    secrets,
    clock: new FakeClock('2026-01-05T10:00:00Z'),
    onRenewed: async (id) => void renewed.push(id),
    signIn: {
      interactive: async () => signedIn,
      deviceCode: async (_id, onCode) => {
        onCode({ userCode: 'ABCD', verificationUri: 'https://example.com/device', expiresAt: 0 });
        return signedIn;
      },
      signOut: async () => {},
    },
    providers: {
      chat: (account, store) => {
        const chat = new FakeChat({ accountId: account.id });
        const read = chat.read.bind(chat);
        chat.read = async (given) => {
          await needs(store, { kind: 'hctoken', account: account.email }, 'right');
          if (account.email === 'nobody@example.com') throw new AppError('notFound', 'Not known.');
          return read(given);
        };
        return chat;
      },
      calendar: (account, store) => ({
        accountId: account.id,
        label: 'Calendar',
        calendarView: async () => {
          await needs(store, { kind: 'icsaddress', account: account.id }, 'https://example.com/secret.ics');
          return [];
        },
      }),
    },
  });
  return { accounts, settings, secrets, renewed };
}

const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error) => (error instanceof AppError ? error.code : String(error)),
  );

describe('token', () => {
  it('is tried before it is kept, and adds the chat', async () => {
    const { accounts, settings, secrets, renewed } = world({ email: 'ada@example.com' });
    expect(await code(accounts.changeToken('hipchat', 'wrong', signal))).toBe('unauthorized');
    expect([secrets.values.size, settings.get().chats]).toEqual([0, []]);
    await accounts.changeToken('hipchat', '  right ', signal);
    expect(secrets.values.get('hctoken/ada@example.com')).toBe('right');
    expect(settings.get().chats).toEqual([{ id: 'hipchat', provider: 'hipchat', email: '' }]);
    expect(renewed).toEqual(['hipchat']);
  });

  it('must not be empty', async () => {
    expect(await code(world().accounts.changeToken('slack', ' ', signal))).toBe('invalidInput');
  });
});

describe('email address', () => {
  it('takes the token along to its new name in the keychain', async () => {
    const chats = [{ id: 'hipchat', provider: 'hipchat', email: '' }];
    const { accounts, settings, secrets } = world({ email: 'old@example.com', chats });
    secrets.values.set('hctoken/old@example.com', 'right');
    await accounts.changeEmail('ada@example.com', signal);
    expect(settings.get().email).toBe('ada@example.com');
    expect([...secrets.values]).toEqual([['hctoken/ada@example.com', 'right']]);
  });

  it('that the chat does not know is refused, and all stays as it was', async () => {
    const chats = [{ id: 'hipchat', provider: 'hipchat', email: '' }];
    const { accounts, settings, secrets } = world({ email: 'ada@example.com', chats });
    secrets.values.set('hctoken/ada@example.com', 'right');
    expect(await code(accounts.changeEmail('nobody@example.com', signal))).toBe('notFound');
    expect(settings.get().email).toBe('ada@example.com');
    expect([...secrets.values.keys()]).toEqual(['hctoken/ada@example.com']);
  });

  it('finds the token that the former HipStatus has left', async () => {
    const { accounts, settings, secrets } = world();
    secrets.values.set('hctoken/ada@example.com', 'right');
    await accounts.changeEmail('ada@example.com', signal);
    expect(settings.get().chats).toEqual([{ id: 'hipchat', provider: 'hipchat', email: '' }]);
  });

  it('takes no placeholder for a token', async () => {
    const { accounts, settings, secrets } = world({ email: 'ada@example.com' });
    secrets.values.set('hctoken/ada@example.com', 'Enter Token');
    await accounts.adoptKnownToken();
    expect(settings.get().chats).toEqual([]);
  });

  it.each(['', 'ada', 'a b@c', '@x'])('%j is none', async (typed) => {
    expect(await code(world().accounts.changeEmail(typed, signal))).toBe('invalidInput');
  });
});

describe('calendar', () => {
  it('address is tried before it is kept, and is kept as a secret', async () => {
    const { accounts, settings, secrets } = world();
    const input = { address: 'https://example.com/wrong.ics', username: '', password: '' };
    expect(await code(accounts.changeIcsAddress(input, signal))).toBe('unauthorized');
    expect(secrets.values.size).toBe(0);
    await accounts.changeIcsAddress({ ...input, address: 'https://example.com/secret.ics' }, signal);
    expect(settings.get().calendars).toMatchObject([{ id: 'ics', provider: 'ics' }]);
    expect(JSON.stringify(settings.get())).not.toContain('secret.ics');
  });

  it('address must be one', async () => {
    const input = { address: 'file:///etc/passwd', username: '', password: '' };
    expect(await code(world().accounts.changeIcsAddress(input, signal))).toBe('invalidInput');
  });

  it('is signed in to by browser or by code', async () => {
    const { accounts, settings, renewed } = world();
    const codes: string[] = [];
    await accounts.signIn(signal);
    await accounts.signIn(signal, ({ userCode }) => codes.push(userCode));
    expect(codes).toEqual(['ABCD']);
    expect(settings.get().calendars).toEqual([
      {
        id: 'microsoft365',
        provider: 'microsoft365',
        homeAccountId: 'home',
        username: 'ada@example.com',
        calendars: [],
      },
    ]);
    expect(renewed).toEqual(['microsoft365', 'microsoft365']);
  });
});
